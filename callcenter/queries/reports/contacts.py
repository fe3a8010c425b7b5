"""The contacts behind a number: which facts a cell counts, and whose contacts they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import nlargest
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    or_,
    select,
    tuple_,
)

from callcenter.errors import Invalid
from callcenter.queries import archived
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.reports import archived_cell, detail_sums, details, repeats, taken
from callcenter.queries.reports.cell_keys import (
    PARTS,
    bucket,
    check_cell,
    is_nothing,
    number,
    time_of_day,
    weekday,
)
from callcenter.queries.reports.details import Details
from callcenter.queries.reports.listed import LEAST, Listed, Place, Statement, pieces
from callcenter.queries.views import InteractionView
from callcenter.queries.visibility import interactions_seen_by
from callcenter.reports import knowing
from callcenter.reports.definitions import KPIS, LISTS
from callcenter.reports.question import By, Cell, Question
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import archive, report_sums
from callcenter.store.archive import ArchiveView
from callcenter.store.sets import among
from callcenter.store.tables import interactions

_Own = Callable[[Connection, Question, Cell], Iterator[Statement]]
_OWN: Final[Mapping[str, _Own]] = {
    "repeats": repeats.listed,
    **dict.fromkeys(("callbacks", "surveys", "quality"), detail_sums.listed),
}
_AT_ONCE: Final = 3
_MOST: Final = "most"


def contacts(
    connection: Connection,
    question: Question,
    cell: Cell,
    cursor: str | None = None,
    *,
    limit: int = 50,
    today: date | None = None,
    viewer: Viewer = EVERYTHING,
) -> Page[InteractionView]:
    """What `cell` counts, the newest first; of a share or a mean, what `definitions.LISTS` says.
    None for figures of operators' time, which no contact stands behind, and for those that know
    nothing of what is asked.

    Raises Invalid for a cell that the question has none of.
    """
    kpi = KPIS.get(cell.kpi)
    if kpi is None or len(cell.key) not in (0, len(question.by)) or "\0" in "".join(cell.key):
        raise Invalid("cell", "the question has no such number")
    check_cell(question, cell)
    if kpi.source == "states" or knowing.unknown(kpi, question):
        return Page(())
    after = decode_cursor(cursor, datetime, int) if cursor else None
    if (
        after is not None
    ):  # nothing stands later; what is made by hand may name the last moment there is
        after = (min(after[0], question.period.end), after[1])
    day = today or _day(question)

    def read() -> Page[InteractionView]:
        view = archive.view(connection)
        behind: _Behind | Listed = _Behind(connection, question, cell, viewer, view)
        if (own := _own(question, cell)) is not None:
            behind = Listed(connection, viewer, tuple(own(connection, question, cell)))
        ids, place = _distinct(behind, after, bounded(limit))
        found = archived.contacts(connection, ids, day)
        items = tuple(found[one] for one in ids if one in found)
        return Page(items, encode_cursor(*place) if place is not None else None)

    page: Page[InteractionView] = archive.steady(connection, read)
    return page


def _own(question: Question, cell: Cell) -> _Own | None:
    """Where rows of their own are counted, the list is made of these very rows."""
    return taken.listed if taken.are_counted(question, cell) else _OWN.get(KPIS[cell.kpi].source)


def _day(question: Question) -> date:
    """The last of the period, where nobody says what day it is."""
    return (question.period.local_end - LEAST).date()


def _seen_by(viewer: Viewer, facts: FromClause) -> list[ColumnElement[bool]]:
    """Visits that one took oneself are one's own wherever the contact is: its row may be in the
    archive, where no condition of the database reaches."""
    conditions = interactions_seen_by(viewer)
    ids = viewer.user_ids("interaction", "read")
    if not conditions or ids is None:
        return []
    allowed = select(interactions.c.id).where(*conditions)
    took = facts.c.operator_id.in_(sorted(ids))
    return [or_(facts.c.interaction_id.in_(allowed), took)]


@dataclass(frozen=True, slots=True)
class _Behind:
    """The visits that a cell counts."""

    connection: Connection
    question: Question
    cell: Cell
    viewer: Viewer
    view: ArchiveView | None

    def newest(self, after: Place | None, limit: int) -> list[Any]:
        """Before that place."""
        found = self._of_database(after, limit)
        if self.view is None:
            return found
        period = self.question.period
        start = found[-1].at if len(found) == limit else period.start
        end = period.end if after is None else min(period.end, after[0] + LEAST)
        asked = replace(self.question, period=replace(period, start=start, end=end))
        narrowed = archived_cell.narrowed(self.question, self.cell, self._count)
        for told, known in archived_cell.newest(self.connection, self.view, asked, narrowed):
            rows = self.connection.execute(self._newest(told, after), {_MOST: limit}).all()
            found = nlargest(limit, (*found, *rows), key=tuple)
            if len(found) == limit and found[-1].at >= known:
                break
        return found

    def shown_before(self, after: Place | None, rows: Sequence[Any]) -> set[int]:
        """Which of these contacts an earlier page has shown, by a later visit."""
        if after is None or not rows:
            return set()
        wanted = sorted({row.interaction_id for row in rows})
        found: set[int] = set()
        for told in self._told_of(wanted):
            query, at, contact = self._within(told)
            ids = among(self.connection, contact, wanted)
            query = query.where(ids, tuple_(at, contact) >= after)
            found |= {row.interaction_id for row in self.connection.execute(query)}
        return found

    def _told_of(self, interaction_ids: Sequence[int]) -> Iterator[Details]:
        period = self.question.period
        yield self._live(details.stretch(period.start, period.end))
        if self.view is not None and details.told_by_contact(self.question):
            these = interactions.c.id.in_(interaction_ids)
            lots = archived_cell.newest(self.connection, self.view, self.question, these)
            yield from (told for told, _ in lots)

    def _of_database(self, after: Place | None, limit: int) -> list[Any]:
        """In pieces of time, each longer than the later one, so that a page of a whole year sorts
        no more than it shows, and one that finds little asks but few times."""
        found: list[Any] = []
        period = self.question.period
        query = self._newest(self._live(details.ANY_STRETCH), after)
        for start, end in pieces(period.start, period.end, after):
            asked = details.stretch(start, end)._asdict() | {_MOST: limit - len(found)}
            found += self.connection.execute(query, asked)
            if len(found) == limit:
                break
        return found

    def _live(self, asked: details.Stretch) -> Details:
        has_archive = self.view is not None
        return details.of_database(self.connection, self.question, asked, has_archive=has_archive)

    def _newest(self, told: Details, after: Place | None) -> Select[Any]:
        """As many as are asked for when it is executed."""
        query, at, contact = self._within(told)
        if after is not None:
            query = query.where(tuple_(at, contact) < after)
        most = bindparam(_MOST, type_=Integer())
        return query.order_by(at.desc(), contact.desc()).limit(most)

    def _within(self, told: Details) -> tuple[Select[Any], Any, Any]:
        at, contact = told.facts.c.at, told.facts.c.interaction_id
        query = (
            select(at, contact)
            .select_from(told.joined)
            .where(
                contact.is_not(None),
                *details.conditions(told, self.question),
                *_cell(self.connection, self.question, self.cell, told),
                *_seen_by(self.viewer, told.facts),
            )
        )
        return query, at, contact

    @property
    def _count(self) -> str:
        return LISTS.get(self.cell.kpi, self.cell.kpi)


def _distinct(
    behind: _Behind | Listed, after: Place | None, limit: int
) -> tuple[list[int], Place | None]:
    """A contact with several visits is one line, at its last. And where the next page begins."""
    ids: dict[int, None] = {}
    rest = limit if isinstance(behind, Listed) else limit * _AT_ONCE  # each has one place there
    while True:
        rows = behind.newest(after, rest + 1)
        earlier = behind.shown_before(after, rows)
        for row in rows[:rest]:
            if row.interaction_id not in ids and row.interaction_id not in earlier:
                if len(ids) == limit:
                    return list(ids), after
                ids[row.interaction_id] = None
            after = (row.at, row.interaction_id)
        if len(rows) <= rest:
            return list(ids), None


def _cell(
    connection: Connection, question: Question, cell: Cell, told: Details
) -> list[ColumnElement[bool]]:
    facts = told.facts
    found: list[ColumnElement[bool]] = []
    counts = report_sums.counted(facts.c, report_sums.short_of(facts))
    if (count := LISTS.get(cell.kpi, cell.kpi)) in counts:
        found.append(counts[count])
    keys = dict(zip(question.by, cell.key, strict=False))
    for by, value in keys.items():
        found.append(_is(connection, question, by, value, told))
    return found


def _is(
    connection: Connection, question: Question, by: By, value: str, told: Details
) -> ColumnElement[bool]:
    if by in PARTS:
        part, at = bucket(question, by, value), told.facts.c.at
        return and_(at >= part.start, at < part.end)
    column = details.group(connection, by, told, question)
    if by == "menu_path":
        return _pressed(column, value.split())
    if by == "time_of_day":
        return column == time_of_day(value)
    if by == "weekday":
        return (column + 3) % 7 == weekday(value) - 1
    if by in ("operator", "outcome", "segment"):
        return column == number(value) if value else column.is_(None)
    return column == value if value else is_nothing(column)


def _pressed(column: ColumnElement[Any], keys: Sequence[str]) -> ColumnElement[bool]:
    """As either database writes a list. A mail has no call, and of nothing SQLite makes the null of
    JSON."""
    told = {json.dumps(keys), json.dumps(keys, separators=(",", ":"))}
    if keys:
        return column.in_(sorted(told))
    return or_(column.is_(None), column.in_([*sorted(told), "null"]))
