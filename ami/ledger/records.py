"""From bytes to records: where in the ledger's file one ends and the next begins.

A record is a CSV row with every field quoted. A caller can put a line end into one (`%0a` in a SIP
address: seen on Asterisk 22.10.1), so a line end inside quotes ends nothing. What tells a torn
record from a field with a line end in it: inside quotes every quote is doubled, so a line that
begins with one quote and a letter can only be a new record, whatever a caller has written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ami.ledger.forward import Piece

LONGEST = 64 * 1024
"""A record is about 350 bytes; a caller's name may make it a few thousand."""

_BEGINNING = re.compile(rb'"[A-Za-z][\w-]*","[\d:. T+-]{6,40}","')


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record begins. `turn` counts the files read so far: later files come later."""

    turn: int
    offset: int
    file_id: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    place: Place
    data: bytes
    fault: Literal["", "torn", "too_long"] = ""


def beginnings(data: bytes) -> list[int]:
    """Where else in a record one seems to begin: it was written behind a torn one."""
    return [match.start() for match in _BEGINNING.finditer(data, 1)]


class RecordSplitter:
    """Takes a file's pieces in order and gives its records; a half one waits for its rest."""

    def __init__(self) -> None:
        self._turn = 0
        self._file_id = ""
        self._line = b""
        """The last line, not ended yet."""
        self._open = b""
        """Whole lines of a record whose quotes are not closed yet."""
        self._start = 0
        self._skipping = False

    @property
    def read_to(self) -> Place:
        """Before the first byte that no record was made of yet."""
        return Place(self._turn, self._start, self._file_id)

    def feed(self, piece: Piece) -> Iterator[Record]:
        if piece.file_id != self._file_id or piece.offset != self._end:
            yield from self.finish()
            self._turn += piece.file_id != self._file_id
            self._file_id, self._start = piece.file_id, piece.offset
        # After a crash of the machine, a file's end may hold NULs where text should be.
        lines = (self._line + piece.data.replace(b"\0", b"\n")).split(b"\n")
        self._line = lines.pop()
        for line in lines:
            yield from self._take(line + b"\n")
        if len(self._open) + len(self._line) > LONGEST:
            yield from self._give_up()
        if piece.last:
            yield from self.finish()

    def finish(self) -> Iterator[Record]:
        """Nothing more comes of this file: what is half stays half."""
        rest, self._open, self._line = self._open + self._line, b"", b""
        if rest.strip() and not self._skipping:
            yield self._cut(rest, "torn")
        self._start += len(rest)
        self._skipping = False

    @property
    def _end(self) -> int:
        return self._start + len(self._open) + len(self._line)

    def _take(self, line: bytes) -> Iterator[Record]:
        if self._skipping:
            self._skipping = False
            self._start += len(line)
            return
        if self._open and _begins(line):
            yield self._cut(self._open, "torn")
            self._start += len(self._open)
            self._open = b""
        self._open += line
        if self._open.count(b'"') % 2 == 0:
            yield from self._whole()
            return
        # An odd number of quotes: a field goes on in the next line, or this record was written
        # behind a torn one. Then its own beginning shows.
        for at in reversed(beginnings(self._open)):
            if self._open.count(b'"', at) % 2 == 0:
                yield self._cut(self._open[:at], "torn")
                self._start, self._open = self._start + at, self._open[at:]
                yield from self._whole()
                return

    def _whole(self) -> Iterator[Record]:
        record, self._open = self._open, b""
        if record.strip():
            yield self._cut(record)
        self._start += len(record)

    def _give_up(self) -> Iterator[Record]:
        """No record is so long: leave out what there is of it, to the end of its line."""
        rest = self._open + self._line
        if not self._skipping:
            yield self._cut(rest[:LONGEST], "too_long")
        self._skipping = bool(self._line)
        self._start += len(rest)
        self._open = self._line = b""

    def _cut(self, data: bytes, fault: Literal["", "torn", "too_long"] = "") -> Record:
        return Record(Place(self._turn, self._start, self._file_id), data.strip(b"\r\n"), fault)


def _begins(line: bytes) -> bool:
    return line[:1] == b'"' and line[1:2].isalpha()
