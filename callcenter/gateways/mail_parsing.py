"""A mail's bytes into its parts by the library's parser, held back where a mail made for it would
keep it busy for hours: parts, headers, their length and the time it takes are bounded."""

from __future__ import annotations

import time
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesFeedParser
from typing import Any, Final, TypeAlias

Part: TypeAlias = "Message[str, str]"
_MOST_PARTS: Final = 320
_MOST_HEADERS: Final = 20_000
_LONGEST_HEADER: Final = 50_000
_LONGEST_CONTENT_HEADER: Final = 2_000
_SECONDS: Final = 10.0
_LOT: Final = 64 * 1024


class Unreadable(Exception):  # noqa: N818 (what it is, told to the mailbox's reader)
    """Why this mail cannot be taken in."""


def parsed(raw: bytes) -> Part:
    """Raises Unreadable for what no person's mail program writes."""
    parser = BytesFeedParser(policy=_bounded())
    until = time.thread_time() + _SECONDS
    try:
        for start in range(0, len(raw), _LOT):
            parser.feed(raw[start : start + _LOT])
            if time.thread_time() > until:
                raise Unreadable("it takes too long to read")
        return parser.close()
    except (RecursionError, MessageError, ValueError) as error:
        raise Unreadable(f"its structure cannot be read ({type(error).__name__})") from error


class _Counted:
    def __init__(self) -> None:
        self.parts = self.headers = 0

    def part(self, **options: Any) -> Part:
        self.parts += 1
        if self.parts > _MOST_PARTS:
            raise Unreadable("it holds more parts than we look through")
        return Message(**options)

    def header(self) -> None:
        self.headers += 1
        if self.headers > _MOST_HEADERS:
            raise Unreadable("it holds more headers than we look through")


def _bounded() -> policy.Compat32:
    """Policies take no state of their own: each mail has a class that counts."""
    counted = _Counted()

    class Bounded(policy.Compat32):
        message_factory: Any = staticmethod(counted.part)

        def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
            counted.header()
            name, value = super().header_source_parse(sourcelines)
            content = name.lower().startswith("content-")
            return name, value[: _LONGEST_CONTENT_HEADER if content else _LONGEST_HEADER]

    return Bounded()
