"""Contacts that are counted by rows of their own (phones, surveys, assessments, who came again):
statements that name each of them once, read as one list, the newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, select, tuple_

from callcenter.queries.visibility import seen_records
from callcenter.rights.viewer import Viewer

Place = tuple[datetime, int]
"""Where a page ended: a contact's moment and its number."""
Made = Callable[[datetime, datetime], Select[Any]]
LEAST: Final = timedelta(microseconds=1)
_FIRST_PIECE: Final = timedelta(hours=1)
_LONGER: Final = 4
_LARGER: Final = 4
_LARGEST_LOT: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`made(start, end)`: contacts whose moment is from `start` on and before `end`, each once, as
    `at` and `interaction_id`, asked of `source`: the database, or months of the archive. `span`:
    where all moments lie. `pieced`: a stretch of time costs as much as it is long; else all of it
    costs no more than a part."""

    source: Any
    made: Made
    span: tuple[datetime, datetime]
    pieced: bool = False
    longest: timedelta | None = None
    """Of a piece, where even an index is slow to find nothing in a year."""
    theirs: frozenset[int] | None = None
    """Of which operators alone it tells: of oneself one sees all. None: of anybody."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Those of the statements that the viewer sees."""

    connection: Connection
    viewer: Viewer
    statements: Sequence[Statement]

    def newest(self, after: Place | None, limit: int) -> list[Any]:
        """Before that place."""
        found = [row for one in self.statements for row in self._of(one, after, limit)]
        return nlargest(limit, found, key=tuple)

    def shown_before(self, after: Place | None, rows: Sequence[Any]) -> set[int]:  # noqa: ARG002
        """None of these: each contact has one place."""
        return set()

    def _of(self, one: Statement, after: Place | None, limit: int) -> list[Any]:
        found: list[Any] = []
        for start, end in _stretches(one, after):
            found += self._seen(one, start, end, after, limit - len(found))
            if len(found) == limit:
                break
        return found

    def _seen(
        self, one: Statement, start: datetime, end: datetime, after: Place | None, limit: int
    ) -> list[Any]:
        """In larger lots, the fewer of them may be seen."""
        told, lot = one.made(start, end).subquery("listed"), limit
        place = (told.c.at, told.c.interaction_id)
        query = select(*place).order_by(*(column.desc() for column in place))
        found: list[Any] = []
        while len(found) < limit:
            more = query.where(tuple_(*place) < after) if after is not None else query
            rows = one.source.execute(more.limit(lot)).all()
            found += self._allowed(one, rows)
            if len(rows) < lot:
                break
            after, lot = tuple(rows[-1]), min(lot * _LARGER, max(lot, _LARGEST_LOT))
        return found[:limit]

    def _allowed(self, one: Statement, rows: Sequence[Any]) -> list[Any]:
        mine = self.viewer.user_ids("interaction", "read")
        if not rows or mine is None or (one.theirs is not None and one.theirs <= set(mine)):
            return list(rows)
        wanted = [row.interaction_id for row in rows]
        allowed = seen_records(self.connection, self.viewer, "interaction", wanted)
        return [row for row in rows if row.interaction_id in allowed]


def within(moment: Any, start: datetime, end: datetime) -> ColumnElement[bool]:
    told: ColumnElement[bool] = (moment >= start) & (moment < end)
    return told


def pieces(
    start: datetime, end: datetime, after: Place | None, longest: timedelta | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """The newest first, without a gap, each longer than the later one: a page of a whole year sorts
    no more than it shows, and one that finds little asks but few times."""
    end = end if after is None else min(end, after[0] + LEAST)
    length = _FIRST_PIECE
    while end > start:
        begin = max(start, end - length)
        yield begin, end
        end, length = begin, min(length * _LONGER, longest or timedelta.max)


def _stretches(one: Statement, after: Place | None) -> Iterator[tuple[datetime, datetime]]:
    if one.pieced:
        return pieces(*one.span, after, one.longest)
    return iter([one.span])
