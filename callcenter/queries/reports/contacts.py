"""The contacts behind a number: which facts a cell counts, and whose contacts they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from heapq import nlargest
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, or_, select, tuple_

from callcenter.errors import Invalid
from callcenter.queries import archived
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.reports import archived_cell, details, taken
from callcenter.queries.reports.details import Details
from callcenter.queries.reports.taken import Taken
from callcenter.queries.views import InteractionView
from callcenter.queries.visibility import interactions_seen_by
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import Bucket, Period
from callcenter.reports.question import By, Cell, Question
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import archive, report_sums
from callcenter.store.archive import ArchiveView
from callcenter.store.sets import among
from callcenter.store.tables import assessments, interactions, survey_answers

_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("abandon_wait", "abandonment"), "abandoned"),
    **dict.fromkeys(("service_level", "wait_longest"), "offered"),
    **dict.fromkeys(("asa", "fcr"), "answered"),
    **dict.fromkeys(("aht", "traffic", "talk", "hold", "wrap_up"), "handled"),
    **dict.fromkeys(("talk_mean", "hold_mean", "wrap_up_mean", "ring_mean"), "handled"),
    "transfer_rate": "transferred",
    "reach_rate": "placed",
}
"""Figure → the count whose contacts stand behind it, where it is none itself."""
_PARTS: Final = ("half_hour", "hour", "day", "week", "month", "year")
_AT_ONCE: Final = 3
_Place = tuple[datetime, int]
_LEAST: Final = timedelta(microseconds=1)
_FIRST_PIECE: Final = timedelta(hours=1)
_LONGER: Final = 4
_LONGEST_ID: Final = 18
"""Digits of a number that every database holds."""


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
    """What `cell` counts, the newest first; of a share, what it is a share of. None for figures of
    operators' time, which no contact stands behind.

    Raises Invalid for a cell that the question has none of.
    """
    kpi = KPIS.get(cell.kpi)
    if kpi is None or len(cell.key) not in (0, len(question.by)) or "\0" in "".join(cell.key):
        raise Invalid("cell", "the question has no such number")
    if kpi.source == "states":
        return Page(())
    after = decode_cursor(cursor, datetime, int) if cursor else None
    day = today or datetime.now(UTC).date()

    def read() -> Page[InteractionView]:
        view = archive.view(connection)
        mine = taken.of(connection, view, question, cell)
        told = mine.rest() if mine is not None else (question, cell)
        behind = _Behind(connection, *told, viewer, view, mine)
        ids, place = _distinct(behind, after, bounded(limit))
        found = archived.contacts(connection, ids, day)
        items = tuple(found[one] for one in ids if one in found)
        return Page(items, encode_cursor(*place) if place is not None else None)

    page: Page[InteractionView] = archive.steady(connection, read)
    return page


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
    mine: Taken | None

    def newest(self, after: _Place | None, limit: int) -> list[Any]:
        """Before that place."""
        found = self._of_database(after, limit)
        if self.view is None:
            return found
        period = self.question.period
        start = found[-1].at if len(found) == limit else period.start
        end = period.end if after is None else min(period.end, after[0] + _LEAST)
        asked = replace(self.question, period=replace(period, start=start, end=end))
        narrowed = archived_cell.narrowed(self.question, self.cell, self._count)
        for told, known in archived_cell.newest(self.connection, self.view, asked, narrowed):
            rows = self._run(told, after, limit)
            found = nlargest(limit, (*found, *rows), key=tuple)
            if len(found) == limit and found[-1].at >= known:
                break
        return found

    def shown_before(self, after: _Place | None, rows: Sequence[Any]) -> set[int]:
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
        yield self._live(self.question)
        if self.view is not None and details.told_by_contact(self.question):
            these = interactions.c.id.in_(interaction_ids)
            lots = archived_cell.newest(self.connection, self.view, self.question, these)
            yield from (told for told, _ in lots)

    def _of_database(self, after: _Place | None, limit: int) -> list[Any]:
        """In pieces of time, each longer than the later one, so that a page of a whole year sorts
        no more than it shows, and one that finds little asks but few times."""
        found: list[Any] = []
        for start, end in _pieces(self.question.period, after):
            piece = replace(self.question.period, start=start, end=end)
            told = self._live(replace(self.question, period=piece))
            found += self._run(told, after, limit - len(found))
            if len(found) == limit:
                break
        return found

    def _live(self, asked: Question) -> Details:
        has_archive = self.view is not None
        return details.of_database(self.connection, asked, most=None, has_archive=has_archive)

    def _run(self, told: Details, after: _Place | None, limit: int) -> Sequence[Any]:
        query, at, contact = self._within(told)
        if after is not None:
            query = query.where(tuple_(at, contact) < after)
        return self.connection.execute(query.order_by(at.desc(), contact.desc()).limit(limit)).all()

    def _within(self, told: Details) -> tuple[Select[Any], Any, Any]:
        at, contact = told.facts.c.at, told.facts.c.interaction_id
        query = (
            select(at, contact)
            .select_from(told.joined)
            .where(
                contact.is_not(None),
                *details.conditions(told, self.question),
                *_cell(self.connection, self.question, self.cell, told),
                *([self.mine.condition(told.facts)] if self.mine is not None else []),
                *_seen_by(self.viewer, told.facts),
            )
        )
        return query, at, contact

    @property
    def _count(self) -> str:
        return _OF.get(self.cell.kpi, self.cell.kpi)


def _pieces(period: Period, after: _Place | None) -> Iterator[tuple[datetime, datetime]]:
    """The newest first, without a gap."""
    end = period.end if after is None else min(period.end, after[0] + _LEAST)
    length = _FIRST_PIECE
    while end > period.start:
        start = max(period.start, end - length)
        yield start, end
        end, length = start, length * _LONGER


def _distinct(behind: _Behind, after: _Place | None, limit: int) -> tuple[list[int], _Place | None]:
    """A contact with several visits is one line, at its last. And where the next page begins."""
    ids: dict[int, None] = {}
    rest = limit * _AT_ONCE
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
    if (count := _OF.get(cell.kpi, cell.kpi)) in counts:
        found.append(counts[count])
    if cell.kpi in ("survey_answers", "survey_score"):
        asked = survey_answers.c
        answered = select(asked.interaction_id).where(asked.state == "answered")
        found.append(facts.c.interaction_id.in_(answered))
    keys = dict(zip(question.by, cell.key, strict=False))
    if cell.kpi in ("assessments", "quality_score"):
        final = _assessed(keys.pop("operator", None))
        found.append(facts.c.interaction_id.in_(final))
    for by, value in keys.items():
        found.append(_is(connection, question, by, value, told))
    return found


def _assessed(operator: str | None) -> Any:
    """Whose it is says the assessment: who took a call first may have passed it on."""
    row = assessments.c
    final = select(row.interaction_id).where(row.state != "draft", row.calibration_id.is_(None))
    return final if operator is None else final.where(row.operator_id == _number(operator))


def _is(
    connection: Connection, question: Question, by: By, value: str, told: Details
) -> ColumnElement[bool]:
    if by in _PARTS:
        bucket, at = _bucket(question, by, value), told.facts.c.at
        return and_(at >= bucket.start, at < bucket.end)
    column = details.group(connection, by, told, question)
    if by == "menu_path":
        keys = value.split()
        pressed = column.in_([json.dumps(keys), json.dumps(keys, separators=(",", ":"))])
        return pressed if keys else or_(column.is_(None), pressed)
    if by == "time_of_day":
        hour, _, minute = value.partition(":")
        return column == _number(hour) * 2 + _number(minute) // 30
    if by == "weekday":
        return (column + 3) % 7 == _number(value) - 1
    if by in ("operator", "outcome", "segment"):
        return column == _number(value) if value else column.is_(None)
    return or_(column == value, column.is_(None)) if not value else column == value


def _bucket(question: Question, by: str, value: str) -> Bucket:
    for bucket in question.period.buckets(by):  # type: ignore[arg-type]
        if bucket.key == value:
            return bucket
    raise Invalid("cell", "the period has no such part")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise Invalid("cell", "the question has no such number")
    return int(text)
