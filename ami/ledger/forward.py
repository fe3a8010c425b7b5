#!/usr/bin/env python3
"""Follows Asterisk's channel event log and sends it to the CRM on another machine.

One file, the standard library alone, Python 3.7 or later: copy it beside Asterisk as it is.

    python3 callcenter-ledger-forward.py --file /var/log/asterisk/cel-custom/callcenter.csv \\
        --to https://crm.example/api/v1/ledger/PBXNAME --token-file /etc/callcenter/ledger.token

It keeps no state: the CRM says how far it has the file, and what it has not stays in the file. So
neither end loses or doubles a line, whoever was away meanwhile. The CRM's own reader follows files
on its own disk with `Follower`, so that both understand rotation alike.
"""

from __future__ import annotations

# ruff: noqa: PTH116, PTH118, PTH123, PTH208, SIM115, TRY004
# (`os` is enough here, and one kind of file stays open)
import argparse
import gzip
import hashlib
import http.client
import json
import logging
import os
import random
import socket
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, BinaryIO, NamedTuple

log = logging.getLogger("callcenter-ledger-forward")

HEAD = 4096
PIECE = 256 * 1024
_GZIP = b"\x1f\x8b"
_UNFINISHED_SECONDS = 5.0


# -- following a file ------------------------------------------------------------------------------


class Piece(NamedTuple):
    """Bytes that stand at `offset` of a file. `last`: nothing more will come of this file."""

    file_id: str
    path: str
    offset: int
    data: bytes
    last: bool


class Sibling(NamedTuple):
    """A file that may be this log under an older name."""

    written: int
    path: str
    file_id: str


def identity(head: bytes) -> str:
    """The name of a file by its first line, which stays the same when it is renamed, copied or
    compressed; '' while that line is not whole. (Device and inode do not stay the same.)
    """
    lines = [line for line in head.replace(b"\0", b"\n").split(b"\n") if line.strip()]
    whole = len(lines) > 1 or (bool(lines) and head.rstrip(b"\0").endswith(b"\n"))
    if not whole and len(head) < HEAD:
        return ""
    titles = bool(lines) and lines[0].lower().lstrip(b'"').startswith(b"eventtype")
    if titles and len(lines) < 3 and not (len(lines) == 2 and head.endswith(b"\n")):
        return ""  # a row of titles is the same in every file: the line after it counts
    return hashlib.sha256(b"\n".join(lines[: 2 if titles else 1])).hexdigest()[:20]


class Follower:
    """Reads on from a known place. After logrotate's `create` the old file is read to its end
    under its new name (`name.1`, `name-20261122`, also `.gz`), then the next one; so after
    `copytruncate`.

    Whose file is not known yet begins with the first that was written `since` (of the epoch; from
    now on where it is 0): what a log rotated before that holds is history.

    `words` says what it waits for; '' while all is well. `gone` counts files that were taken away
    before they were read to the end, `cut` those that became shorter.
    """

    def __init__(self, path: str, file_id: str = "", offset: int = 0, since: float = 0.0) -> None:
        self.path = path
        self.words = ""
        self.gone = 0
        self.cut = 0
        self.behind = 0
        self.changing = False
        """At the end of a rotated file; the next one follows in a moment."""
        self._since = since or time.time()
        self._packed: tuple[str, BinaryIO] | None = None
        self._idle_since = 0.0
        self.go_to(file_id, offset)

    def go_to(self, file_id: str, offset: int) -> None:
        """Read on there; without a file, at the beginning of the one that is written now."""
        self.file_id, self.offset = file_id, offset

    def read(self, limit: int = PIECE) -> Piece | None:
        """The next bytes, or None when there are none now. Raises nothing: see `words`."""
        try:
            return self._read(limit)
        except (OSError, EOFError) as error:
            self._close_packed()
            self.words = f"cannot be read: {_reason(error)}"
            return None

    def _read(self, limit: int) -> Piece | None:
        self.changing = False
        current = self._head_of(self.path)
        if not self.file_id:
            first = self._written_since() or current
            if not first:
                return None
            self.go_to(first, 0)
        place = self.path if current == self.file_id else self._renamed()
        if place is None:
            return self._lost(current)
        self._since = time.time()
        data = self._bytes(place, limit)
        if place == self.path and self._head_of(self.path) != self.file_id:
            return None  # cut off or exchanged while we read: look again
        if data:
            piece = Piece(self.file_id, place, self.offset, data, False)
            self.offset += len(data)
            self._idle_since = 0.0
            return piece
        return None if place == self.path else self._finish(place)

    # -- files

    def _head_of(self, path: str) -> str:
        try:
            with open(path, "rb") as file:
                head = file.read(HEAD)
        except OSError as error:
            if path == self.path:
                self.words = _reason(error)
            return ""
        if head.startswith(_GZIP):
            try:
                with gzip.open(path, "rb") as packed:
                    head = packed.read(HEAD)
            except (OSError, EOFError):
                return ""  # gzip has not written it to the end yet
        found = identity(head)
        if path == self.path:
            # An empty one is that of a PBX which nobody has called yet.
            self.words = "" if found or not head else "holds no whole line yet"
        return found

    def _siblings(self) -> list[Sibling]:
        """This log's older files, in the order in which they were written last."""
        folder, name = os.path.split(self.path)
        found = []
        for other in os.listdir(folder or "."):
            if not other.startswith(name) or other == name:
                continue
            path = os.path.join(folder, other)
            file_id = self._head_of(path)
            if file_id:
                found.append(Sibling(os.stat(path).st_mtime_ns, path, file_id))
        return sorted(found)

    def _renamed(self) -> str | None:
        """Where our file is now; a plain one rather than its compressed twin."""
        found = [one.path for one in self._siblings() if one.file_id == self.file_id]
        return min(found, key=lambda path: (path.endswith(".gz"), path)) if found else None

    def _bytes(self, path: str, limit: int) -> bytes:
        with open(path, "rb") as file:
            packed = file.read(2) == _GZIP
            size = os.fstat(file.fileno()).st_size
            if not packed:
                if size < self.offset:
                    self.cut += 1
                    self.offset = size
                self.behind = size - self.offset
                file.seek(self.offset)
                return file.read(limit)
        handle = self._unpacked(path)
        handle.seek(self.offset)
        return handle.read(limit)

    def _unpacked(self, path: str) -> BinaryIO:
        """Kept open: to find a place in a packed file, everything before it must be unpacked."""
        if self._packed is None or self._packed[0] != path:
            self._close_packed()
            self._packed = (path, gzip.open(path, "rb"))  # type: ignore[assignment]
        assert self._packed is not None  # noqa: S101 - for the type checker
        return self._packed[1]

    def _close_packed(self) -> None:
        if self._packed is not None:
            self._packed[1].close()
            self._packed = None

    # -- from one file to the next

    def _finish(self, place: str) -> Piece | None:
        """At the end of a rotated file: a moment's grace for who still writes, then the next."""
        following = self._after(place)
        if not following:
            return None
        now = time.monotonic()
        self._idle_since = self._idle_since or now
        if now - self._idle_since < self.grace:
            self.changing = True
            return None
        self._close_packed()
        piece = Piece(self.file_id, place, self.offset, b"", True)
        self._idle_since = 0.0
        self.go_to(following, 0)
        return piece

    grace = 1.0
    """Seconds that a rotated file stays open for a writer who had it open."""

    def _after(self, place: str) -> str:
        siblings = self._siblings()
        mine = max((one.written for one in siblings if one.path == place), default=0)
        later = [one for one in siblings if one.written > mine and one.file_id != self.file_id]
        return later[0].file_id if later else self._head_of(self.path)

    def _lost(self, current: str) -> Piece | None:
        """Our file is in no place any more: on with whatever was written after we last looked."""
        following = self._written_since() or current
        if not following:
            self.words = self.words or "is gone, and no other file is there yet"
            return None
        self.gone += 1
        log.warning("%s: the file read last was taken away before its end was seen", self.path)
        piece = Piece(self.file_id, self.path, self.offset, b"", True)
        self.go_to(following, 0)
        return piece

    def _written_since(self) -> str:
        """The first of the older files that were written after we last looked; '' without one."""
        later = [one for one in self._siblings() if one.written >= self._since * 1e9]
        return later[0].file_id if later else ""


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


# -- sending it ------------------------------------------------------------------------------------


class RefusedError(Exception):
    """The CRM's answer says that sending the same again is of no use."""


class Crm:
    """The CRM's side: how far it has the file, and where the next bytes go."""

    def __init__(self, url: str, token: str, timeout: float = 30.0, ca_file: str = "") -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._tls = ssl.create_default_context(cafile=ca_file or None)

    def position(self) -> tuple[str, int]:
        answer = self._ask("GET", {}, None)
        return str(answer.get("file_id") or ""), int(answer.get("offset") or 0)

    def send(self, piece: Piece) -> int:
        """Returns the offset that it expects next."""
        place = {"file_id": piece.file_id, "offset": str(piece.offset), "path": piece.path}
        return int(self._ask("POST", place, piece.data)["offset"])

    def _ask(self, method: str, query: dict[str, str], body: bytes | None) -> dict[str, Any]:
        url = self._url + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {
            "Authorization": "Bearer " + self._token,
            "Content-Type": "application/octet-stream",
            "User-Agent": "callcenter-ledger-forward/1",
        }
        request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=self._tls), _NoRedirects()
        )
        try:
            with opener.open(request, timeout=self._timeout) as answer:
                return _object(answer.read(65536))
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 409:
                    return _object(error.read(65536))
                if error.code in (400, 401, 403, 404, 413, 422):
                    raise RefusedError(f"HTTP {error.code} {error.reason}") from None
            raise


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token is for the address that was given, not for wherever that one points."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _object(body: bytes) -> dict[str, Any]:
    answer = json.loads(body.decode("utf-8"))
    if not isinstance(answer, dict):
        raise ValueError(f"not an object: {answer!r:.80}")
    return answer


class Forwarder:
    """Sends what the CRM has not. Every trouble is waited out, ever longer, up to a minute."""

    def __init__(self, follower: Follower, crm: Crm) -> None:
        self._follower = follower
        self._crm = crm
        self._known = False
        self._troubles = 0
        self._said = ""

    @property
    def changing(self) -> bool:
        return self._follower.changing

    @property
    def in_trouble(self) -> bool:
        return self._troubles > 0

    def step(self) -> float:
        """One piece; returns the seconds to wait before the next."""
        try:
            sent = self._step()
        except RefusedError as error:
            return self._trouble(f"the CRM refuses ({error}): look at token and address")
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            return self._trouble(f"the CRM cannot be reached: {_public(error)}")
        self._troubles = 0
        words = self._follower.words
        self._say(f"{self._follower.path}: {words}" if words else "")
        return 0.0 if sent else 0.5

    def _step(self) -> bool:
        if not self._known:
            self._follower.go_to(*self._crm.position())
            self._known = True
        piece = self._follower.read(PIECE)
        if piece is None:
            return False
        if not piece.data:
            return True
        whole = _whole_lines(piece)
        if not whole.data:
            self._follower.go_to(piece.file_id, piece.offset)
            return False
        try:
            expected = self._crm.send(whole)
        except Exception:
            self._known = False  # it may have been written, or not: the CRM knows
            raise
        self._follower.go_to(piece.file_id, expected)
        return True

    def _trouble(self, words: str) -> float:
        self._say(words)
        self._troubles = min(self._troubles + 1, 8)
        return min(60.0, 0.5 * 2.0**self._troubles) * (0.5 + random.random() / 2)  # noqa: S311

    def _say(self, words: str) -> None:
        if words != self._said:
            if words:
                log.warning("%s", words)
            elif self._said:
                log.info("all is well again")
            self._said = words


def _whole_lines(piece: Piece) -> Piece:
    """Up to the last line end; a line that is longer than a piece goes as it is."""
    end = piece.data.rfind(b"\n") + 1
    if not end and len(piece.data) >= PIECE:
        return piece
    return piece._replace(data=piece.data[:end])


def _public(error: BaseException) -> str:
    """Words for a log: an address or a header never stands in them."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    if isinstance(error, socket.timeout):
        return "timed out"
    return type(error).__name__


# -- the command -----------------------------------------------------------------------------------


def main(arguments: list[str] | None = None, program: str | None = None) -> int:
    description = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("--file", required=True, help="the ledger that Asterisk writes")
    parser.add_argument("--to", required=True, help="https://CRM/api/v1/ledger/PBXNAME")
    parser.add_argument("--token-file", required=True, help="holds a token with scope ledger")
    parser.add_argument("--ca-file", default="", help="certificates to trust besides the system's")
    parser.add_argument("--once", action="store_true", help="send what is there, then end")
    given = parser.parse_args(arguments)
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO)
    problem = _unsafe(given.to)
    if problem:
        parser.error(problem)
    try:
        with open(given.token_file, encoding="utf-8") as file:
            token = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        parser.error(f"--token-file {given.token_file}: {_reason(error)}")
    if not token or any(not 33 <= ord(sign) < 127 for sign in token):
        parser.error(f"--token-file {given.token_file} holds no token")
    forwarder = Forwarder(Follower(given.file), Crm(given.to, token, ca_file=given.ca_file))
    return _run(forwarder, once=given.once)


def _run(forwarder: Forwarder, *, once: bool) -> int:
    try:
        while True:
            wait = forwarder.step()
            if once and wait and not forwarder.changing:
                return 1 if forwarder.in_trouble else 0
            time.sleep(wait)
    except KeyboardInterrupt:
        return 0


def _unsafe(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return ""
    if parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"):
        return ""
    return "--to must be an https:// address (http:// only to this machine)"


if __name__ == "__main__":
    sys.exit(main())
