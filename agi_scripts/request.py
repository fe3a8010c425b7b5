"""The head of an AGI session: `agi_name: value` lines up to an empty one. Pure.

Everything in it is text of the network and the dialplan: not trusted, not logged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from agi_scripts.lines import GarbageError, LineBuffer

MAX_HEAD_LINES: Final = 256
MAX_HEAD_BYTES: Final = 65536
_NAME = re.compile(rb"agi_[a-z0-9_]{1,60}")
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

    __slots__ = ("_count", "_env", "_lines", "early")

    def __init__(self) -> None:
        self._lines = LineBuffer(MAX_HEAD_BYTES)
        self._env: dict[str, str] = {}
        self._count = 0
        self.early = b""
        """What the peer sent behind its head, though it was not its turn."""

    def feed(self, data: bytes) -> AgiRequest | None:
        lines = self._lines.feed(data)
        for index, line in enumerate(lines):
            if not line:
                rest = b"".join(one + b"\n" for one in lines[index + 1 :])
                self.early = rest + self._lines.take_rest()
                return _request(self._env)
            self._take(line)
        return None

    def _take(self, line: bytes) -> None:
        self._count += 1
        if self._count > MAX_HEAD_LINES:
            raise GarbageError("many-lines")
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.fullmatch(name):
            # A caller's name may hold a line break; a head that *begins* otherwise is no AGI.
            if self._count == 1:
                raise GarbageError("not-agi")
            return
        # The first value stands: a later line may be the tail of a hostile caller name.
        self._env.setdefault(name.decode("ascii"), value.strip().decode("utf-8", "replace"))


def _request(env: dict[str, str]) -> AgiRequest:
    if not env:
        raise GarbageError("empty-head")
    address = env.get("agi_network_script") or _path_of(env.get("agi_request", ""))
    script, _, query = address.partition("?")
    try:
        fields = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=16))
    except ValueError:
        fields = {}
    return AgiRequest(script.strip("/"), fields, env)


def _path_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"
