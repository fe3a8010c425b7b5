"""One source of a PBX's ledger, from its bytes to batches ready to be settled. No thread, no
database: whoever owns it hands it pieces and clock readings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from ami.ledger.fold import LedgerFolder
from ami.ledger.forward import Piece
from ami.ledger.names import SystemNames
from ami.ledger.records import Place, Record, RecordSplitter
from ami.ledger.rows import Refused, Row, read_record
from callcenter.calls.ledger import (
    LedgerBatch,
    LedgerCall,
    LedgerPosition,
    LedgerSource,
    SetAside,
)

SAVE_EVERY = timedelta(seconds=5)
"""A position that moved with no call ready is worth a transaction only so often."""
MOST_CALLS = 50
"""Calls of one batch: one transaction shall not keep the live writer waiting."""


class LedgerIntake:
    """`take_in` pieces, then `batches`. `lines`, `refused`: counts since the start."""

    def __init__(
        self, pbx: str, source: LedgerSource, path: str, folder: LedgerFolder, names: SystemNames
    ) -> None:
        self.folder = folder
        self.lines = 0
        self.refused: Counter[str] = Counter()
        self.newest: datetime | None = None
        self._pbx, self._source, self._path = pbx, source, path
        self._names = names
        self._splitter = RecordSplitter()
        self._set_aside: list[SetAside] = []
        self._saved: tuple[str, int, int] | None = None
        self._saved_at: datetime | None = None

    def take_in(self, piece: Piece, now: float, at: datetime) -> None:
        self._read(self._splitter.feed(piece), now, at)

    def finish(self, now: float, at: datetime) -> None:
        """The file is at its end for good: what is half there is torn."""
        self._read(self._splitter.finish(), now, at)

    def learn_names(self, names: Iterable[str], now: float, at: datetime) -> None:
        self._sort(self._names.learn(names), now, at)

    def tick(self, now: float, at: datetime) -> None:
        self._sort(self._names.tick(now), now, at)

    def batches(self, now: float, at: datetime) -> Iterator[LedgerBatch]:
        """What is ready, a moderate number of calls at a time. The last one carries how far the
        reading has come; it may hold nothing else.
        """
        yield from self._batches(list(self.folder.take(now)), at)

    def last_batches(self, at: datetime) -> Iterator[LedgerBatch]:
        """For a file that nobody writes any more: without waiting for late rows."""
        yield from self._batches(list(self.folder.take_over()), at)

    @property
    def mark(self) -> Place:
        """Everything before it is dealt with."""
        places = (self.folder.mark(), self._names.oldest_waiting(), self._splitter.read_to)
        return min(place for place in places if place is not None)

    # -- inside

    def _read(self, records: Iterable[Record], now: float, at: datetime) -> None:
        for record in records:
            self.lines += 1
            for row in read_record(record, at):
                judged = self._names.admit(row, now) if isinstance(row, Row) else (row,)
                self._sort(judged, now, at)

    def _sort(self, rows: Iterable[Row | Refused], now: float, at: datetime) -> None:
        for row in rows:
            if isinstance(row, Row):
                self.newest = row.at
                self.folder.feed((row,), now)
            else:
                self._refuse(row, at)

    def _refuse(self, row: Refused, at: datetime) -> None:
        self.refused[row.reason] += 1
        self._set_aside.append(
            SetAside(
                pbx=self._pbx,
                source=self._source,
                file=f"{self._path}#{row.place.file_id}",
                position=row.place.offset,
                reason=row.reason,
                line=row.line,
                at=at,
            )
        )

    def _batches(self, calls: list[LedgerCall], at: datetime) -> Iterator[LedgerBatch]:
        while len(calls) > MOST_CALLS:
            some, calls = calls[:MOST_CALLS], calls[MOST_CALLS:]
            yield LedgerBatch(pbx=self._pbx, source=self._source, calls=tuple(some))
        set_aside, self._set_aside = tuple(self._set_aside), []
        soon = self._saved_at is not None and at - self._saved_at < SAVE_EVERY
        position = self._position(at) if calls or set_aside or not soon else None
        if calls or set_aside or position is not None:
            yield LedgerBatch(
                pbx=self._pbx,
                source=self._source,
                calls=tuple(calls),
                set_aside=set_aside,
                position=position,
            )

    def _position(self, at: datetime) -> LedgerPosition | None:
        """None when it is where it was."""
        mark, read_to = self.mark, self._splitter.read_to
        place = (mark.file_id, mark.offset, read_to.offset)
        if not mark.file_id or place == self._saved:
            return None
        self._saved, self._saved_at = place, at
        return LedgerPosition(
            pbx=self._pbx,
            source=self._source,
            file_id=mark.file_id,
            path=self._path,
            offset=mark.offset,
            read_to=read_to.offset,
            at=at,
        )
