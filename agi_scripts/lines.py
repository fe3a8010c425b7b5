"""Bytes into lines, within limits. Pure: the connection feeds it, nothing here waits."""

from __future__ import annotations

from typing import Final

MAX_LINE: Final = 8192


class GarbageError(Exception):
    """The peer does not speak AGI, or too much of it. `reason` is one of a few fixed words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LineBuffer:
    """Complete lines out of chunks cut anywhere. Holds at most one line that is not complete."""

    __slots__ = ("_rest", "_total", "_total_limit")

    def __init__(self, total_limit: int) -> None:
        self._rest = b""
        self._total = 0
        self._total_limit = total_limit

    def feed(self, data: bytes) -> list[bytes]:
        """The lines completed by `data`, without their ends. GarbageError beyond a limit."""
        self._total += len(data)
        if self._total > self._total_limit:
            raise GarbageError("too-much")
        held = self._rest + data
        *lines, self._rest = held.split(b"\n")
        if len(held) > MAX_LINE and max(map(len, (*lines, self._rest))) > MAX_LINE:
            raise GarbageError("long-line")
        return [line.removesuffix(b"\r") for line in lines]
