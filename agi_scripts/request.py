"""The head of an AGI session: `agi_name: value` lines up to an empty one. Pure.

Everything in it is text of the network and the dialplan: not trusted, not logged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from agi_scripts.lines import MAX_LINE, GarbageError

MAX_HEAD_LINES: Final = 256
MAX_HEAD_BYTES: Final = 65536
_BEGINNING: Final = b"agi_"
_FIELD = re.compile(r"^(agi_[a-z0-9_]{1,60}):[ \t]*(.*)$", re.MULTILINE)
_END = re.compile(rb"\n\r?\n")
# Bits of agi_callingpres that tell whether the number may be shown; zero means that it may.
_PRESENTATION_BITS: Final = 0x60


@dataclass(frozen=True, slots=True)
class AgiRequest:
    """`script` and `query` come from the URL in the dialplan: agi://host/script?name=value."""

    script: str
    query: Mapping[str, str]
    env: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.env.get(name, "")

    @property
    def caller_hidden(self) -> bool:
        presentation = self.get("agi_callingpres")
        return presentation.isdecimal() and bool(int(presentation[:4]) & _PRESENTATION_BITS)

    @property
    def endpoint(self) -> str:
        """PJSIP/trunk of the channel PJSIP/trunk-0000002a."""
        return self.get("agi_channel").rpartition("-")[0]


class HeadReader:
    """Gathers the head; `feed` gives the request once the empty line has come."""

    __slots__ = ("_held", "early")

    def __init__(self) -> None:
        self._held = bytearray()
        self.early = b""
        """What the peer sent behind its head, though it was not its turn."""

    def feed(self, data: bytes) -> AgiRequest | None:
        unseen = max(len(self._held) - 3, 0)
        self._held += data
        self._check()
        end = _END.search(self._held, unseen)
        if end is None:
            return None
        self.early = bytes(self._held[end.end() :])
        return _request(bytes(self._held[: end.start()]))

    def _check(self) -> None:
        held = self._held
        if not held.startswith(_BEGINNING[: len(held)]):
            raise GarbageError("not-agi")
        if len(held) > MAX_HEAD_BYTES:
            raise GarbageError("too-much")
        if len(held) > MAX_LINE and max(map(len, held.split(b"\n"))) > MAX_LINE:
            raise GarbageError("long-line")
        if held.count(b"\n") > MAX_HEAD_LINES:
            raise GarbageError("many-lines")


def _request(head: bytes) -> AgiRequest:
    """Lines of another form are passed over: a caller's name may hold a line break. For the same
    reason the first value of a name stands: a later one may be the tail of a hostile name.
    """
    env: dict[str, str] = {}
    for name, value in _FIELD.findall(head.decode("utf-8", "replace")):
        env.setdefault(name, value.rstrip())
    address = env.get("agi_network_script") or _path_of(env.get("agi_request", ""))
    script, _, query = address.partition("?")
    try:
        told = parse_qsl(query, keep_blank_values=True, max_num_fields=16) if query else ()
        fields = dict(told)
    except ValueError:
        fields = {}
    return AgiRequest(script.strip("/"), fields, env)


def _path_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"
