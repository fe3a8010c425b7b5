"""Bytes of the manager protocol to messages and headers. Pure; knows no event by name.

Splitting works on bytes and a message is decoded only when it is whole, so that a letter cut in
two by a packet boundary survives, and any chunking of a stream gives the same messages.
"""

from __future__ import annotations

from typing import cast

SEPARATOR = b"\r\n\r\n"
MAX_MESSAGE = 1 << 20
"""A longer message is dropped and counted: no manager event comes near it."""

Headers = dict[str, str | list[str]]


class Splitter:
    """Cuts a byte stream into messages, holding at most one message of bounded size."""

    __slots__ = ("_limit", "_skipping", "_tail", "oversized")

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        self._limit = limit
        self._tail = bytearray()
        self._skipping = False
        self.oversized = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes, in order."""
        tail = self._tail
        if tail:
            searched = max(0, len(tail) - len(SEPARATOR) + 1)
            tail += data
            if tail.find(SEPARATOR, searched) < 0:
                self._bound()
                return []
            data = bytes(tail)
            tail.clear()
        messages = data.split(SEPARATOR)
        tail += messages.pop()
        if self._skipping or len(data) > self._limit:
            messages = self._drop_oversized(messages)
        self._bound()
        return messages

    def _drop_oversized(self, messages: list[bytes]) -> list[bytes]:
        if self._skipping and messages:
            self._skipping = False
            del messages[0]  # the end of what was already counted and dropped
        kept = [message for message in messages if len(message) <= self._limit]
        self.oversized += len(messages) - len(kept)
        return kept

    def _bound(self) -> None:
        """Forget a message that has outgrown the limit, but not a separator begun at its end."""
        tail = self._tail
        if not self._skipping:
            if len(tail) < self._limit + len(SEPARATOR):
                return
            self._skipping = True
            self.oversized += 1
        del tail[: -len(SEPARATOR) + 1]


def parse_headers(raw: bytes) -> Headers:
    """Headers of one message; a repeated header becomes a list. Never raises.

    None of an event that names its channel twice: which one is true cannot be known.

    The quick way cuts everything at once and is right if keys stand where keys belong: when each
    begins a line and is a name met before. A value holding `: ` or a half line is parsed line by
    line.
    """
    text = raw.decode("utf-8", "replace")
    parts = ("\r\n" + text).replace("\r\n", ": \r\n").split(": ")
    # One `: ` a line, or a caller named "Jan: Forward: 900" would write a header of their own.
    if len(parts) == 2 * text.count("\r\n") + 3:
        names = [*map(_NAMES.get, parts[1::2])]
        headers = dict(zip(names, parts[2::2], strict=True))
        if None not in headers and 2 * len(headers) == len(parts) - 1:
            return cast("Headers", headers)
    return _parse_carefully(text.split("\r\n"))


_ONCE = ("hannel", "niqueid", "inkedid")
_NAMES: dict[str, str] = {}
"""By the name with the line's beginning before it."""
_NAMES_CAP = 2_000


def _parse_carefully(lines: list[str]) -> Headers:
    headers: Headers = {}
    regular = all(": " in line for line in lines) and len(_NAMES) < _NAMES_CAP
    for line in lines:
        key, colon, value = line.partition(":")
        if not colon:
            continue  # half a line or a stray blank: nothing to know from it
        _add(headers, key, value.removeprefix(" "))
    if regular:
        _NAMES.update({f"\r\n{name}": name for name in headers})
    return {} if "Event" in headers and _names_twice(headers) else headers


def _names_twice(headers: Headers) -> bool:
    """Whether a channel or an id stands there twice: a caller wrote one into a number."""
    repeated = [key for key, value in headers.items() if isinstance(value, list)]
    return any(key.endswith(_ONCE) for key in repeated)


def _add(headers: Headers, key: str, value: str) -> None:
    known = headers.get(key)
    if known is None:
        headers[key] = value
    elif isinstance(known, list):
        known.append(value)
    else:
        headers[key] = [known, value]
