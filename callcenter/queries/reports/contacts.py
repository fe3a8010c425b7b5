"""The contacts behind a number: which facts a cell counts, and whose contacts they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, or_, select, tuple_

from callcenter.errors import Invalid
from callcenter.queries import archived
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.reports import contact_sums
from callcenter.queries.views import InteractionView
from callcenter.queries.visibility import interactions_seen_by
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import Bucket
from callcenter.reports.question import By, Cell, Question
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store.sets import among
from callcenter.store.tables import interactions, survey_answers

_WAITED: Final = ("waiting", "answered", "abandoned", "overflow", "given_up", "closed")
_HOW: Final[Mapping[str, tuple[str, ...]]] = {
    "answered": ("answered",),
    "abandoned": ("abandoned",),
    "short_abandoned": ("abandoned",),
    "abandon_wait": ("abandoned",),
    "abandonment": ("abandoned",),
    "overflowed": ("overflow",),
    "given_up": ("given_up", "closed"),
    "waiting": ("waiting",),
    "offered": _WAITED,
    "service_level": _WAITED,
    "wait_longest": _WAITED,
    "asa": ("answered",),
    "fcr": ("answered",),
    "placed": ("placed", "reached"),
    "reach_rate": ("placed", "reached"),
    "reached": ("reached",),
    **dict.fromkeys(
        ("aht", "handled", "talk", "hold", "wrap_up", "talk_mean", "hold_mean", "wrap_up_mean"),
        ("answered", "reached"),
    ),
    **dict.fromkeys(("traffic", "transferred", "transfer_rate"), ("answered", "reached")),
}
_PARTS: Final = ("half_hour", "hour", "day", "week", "month", "year")
_AT_ONCE: Final = 3
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
    limit = bounded(limit)
    facts, joined = contact_sums.detail(connection, question, most=None)
    moment = (facts.c.at, facts.c.interaction_id)
    query = (
        select(*moment)
        .select_from(joined)
        .where(
            facts.c.interaction_id.is_not(None),
            *contact_sums.detail_conditions(facts, question),
            *_cell(connection, question, cell, facts),
        )
        .order_by(facts.c.at.desc(), facts.c.interaction_id.desc())
        .limit(limit * _AT_ONCE + 1)
    )
    query = query.where(*_seen_by(viewer, facts))
    after = decode_cursor(cursor, datetime, int) if cursor else None
    ids, place = _distinct(connection, query, moment, after, limit)
    found = archived.contacts(connection, ids, today or datetime.now(UTC).date())
    items = tuple(found[one] for one in ids if one in found)
    return Page(items, encode_cursor(*place) if place is not None else None)


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


def _distinct(
    connection: Connection, query: Select[Any], moment: Any, after: Any, limit: int
) -> tuple[list[int], tuple[datetime, int] | None]:
    """A contact with several visits is one line, at its last. And where the next page begins."""
    ids: dict[int, None] = {}
    rest = limit * _AT_ONCE
    while True:
        rows = connection.execute(
            query.where(tuple_(*moment) < after) if after is not None else query
        ).all()
        earlier = _before(connection, query, moment, after, rows)
        for row in rows[:rest]:
            if row.interaction_id not in ids and row.interaction_id not in earlier:
                if len(ids) == limit:
                    return list(ids), after
                ids[row.interaction_id] = None
            after = (row.at, row.interaction_id)
        if len(rows) <= rest:
            return list(ids), None


def _before(
    connection: Connection, query: Select[Any], moment: Any, after: Any, rows: Sequence[Any]
) -> set[int]:
    """Which of these contacts an earlier page has shown, by a later visit."""
    if after is None or not rows:
        return set()
    at, contact = moment
    ids = among(connection, contact, {row.interaction_id for row in rows})
    again = query.where(ids, tuple_(at, contact) >= after).limit(None).order_by(None)
    return {row.interaction_id for row in connection.execute(again)}


def _cell(
    connection: Connection, question: Question, cell: Cell, facts: FromClause
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    how = _HOW.get(cell.kpi)
    if how is not None:
        found.append(facts.c.how.in_(how))
    if cell.kpi in ("transferred", "transfer_rate"):
        found.append(facts.c.transferred > 0)
    if cell.kpi in ("survey_answers", "survey_score"):
        asked = survey_answers.c
        answered = select(asked.interaction_id).where(asked.state == "answered")
        found.append(facts.c.interaction_id.in_(answered))
    for by, value in zip(question.by, cell.key, strict=False):
        found.append(_is(connection, question, by, value, facts))
    return found


def _is(
    connection: Connection, question: Question, by: By, value: str, facts: FromClause
) -> ColumnElement[bool]:
    if by in _PARTS:
        bucket = _bucket(question, by, value)
        return and_(facts.c.at >= bucket.start, facts.c.at < bucket.end)
    column = contact_sums.detail_group(connection, by, facts, question)
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
