"""Sums that only single facts tell: call-backs, surveys, quality. Each reads its period through an
index, and no more than a year or so of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    case,
    func,
    or_,
    select,
)

from callcenter.errors import Invalid
from callcenter.queries.reports import cell_keys, of_contacts, times
from callcenter.queries.reports.listed import Statement, within
from callcenter.queries.reports.of_contacts import About
from callcenter.reports.definitions import KPIS
from callcenter.reports.folding import TIMES
from callcenter.reports.question import By, Cell, Filters, Question
from callcenter.store import archive, report_sums
from callcenter.store.tables import assessments, callback_requests, survey_answers

CALLBACK_NAMES: Final = ("callbacks", "callbacks_closed", "callbacks_reached")
SURVEY_NAMES: Final = ("survey_answers", "scored", "scores")
QUALITY_NAMES: Final = ("assessments", "quality_scored", "quality_points")
_OWN: Final = frozenset({"queues", "operators"})
LONGEST: Final = timedelta(days=400)
"""A year, and the same month of the year before."""
_COLUMNS: Final[Mapping[str, Mapping[By, str]]] = {
    "callbacks": {"queue": "queue"},
    "surveys": {"queue": "queue", "operator": "operator_id"},
    "quality": {"queue": "queue", "operator": "operator_id", "channel": "channel"},
}


def callbacks(connection: Connection, question: Question) -> list[Any]:
    """By when they were asked for; of operators: what they have, and what they closed."""
    row = callback_requests.c
    bounded(question)
    sums = [func.count(), count(row.closed_at.is_not(None)), count(row.state == "done")]
    groups = [
        group(connection, by, callback_requests, row.created_at, question) for by in question.by
    ]
    query = select(*groups, *sums).where(*_asked_for(connection, question))
    return _told(connection, query.group_by(*groups))


def surveys(connection: Connection, question: Question) -> list[Any]:
    """By when they were asked."""
    row = survey_answers.c
    bounded(question)
    sums = [
        count(row.state == "answered"),
        count(row.score.is_not(None)),
        func.coalesce(func.sum(row.score), 0),
    ]
    groups = [group(connection, by, survey_answers, row.asked_at, question) for by in question.by]
    query = select(*groups, *sums).where(*_asked(connection, question))
    return _told(connection, query.group_by(*groups))


def quality(connection: Connection, question: Question) -> list[Any]:
    """By when the contact began, as `queries.assessment_scores` counts them."""
    row = assessments.c
    bounded(question)
    sums = [func.count(), func.count(row.score), func.coalesce(func.sum(row.score), 0)]
    groups = [group(connection, by, assessments, row.contact_at, question) for by in question.by]

    def read() -> list[Any]:
        query = select(*groups, *sums).where(*_judged(connection, question))
        return _told(connection, query.group_by(*groups))

    found: list[Any] = archive.steady(connection, read)
    return found


def listed(connection: Connection, question: Question, cell: Cell) -> Iterator[Statement]:
    """The contacts of what a figure is a sum or a share of, the newest first."""
    source = KPIS[cell.kpi].source
    bounded(question)
    table, moment, asked = {
        "callbacks": (callback_requests, callback_requests.c.created_at, _asked_for),
        "surveys": (survey_answers, survey_answers.c.asked_at, _asked),
        "quality": (assessments, assessments.c.contact_at, _judged),
    }[source]
    counted = {
        "callback_success": callback_requests.c.closed_at.is_not(None),
        "survey_answers": survey_answers.c.state == "answered",
        "survey_score": survey_answers.c.score.is_not(None),
        "quality_score": assessments.c.score.is_not(None),
    }
    columns: dict[str, Any] = {by: table.c[name] for by, name in _COLUMNS[source].items()}
    contact = table.c.interaction_id
    query = (
        select(func.max(moment).label("at"), contact)
        .where(
            *asked(connection, question),
            *([counted[cell.kpi]] if cell.kpi in counted else []),
            *cell_keys.conditions(connection, question, cell, columns, moment),
            contact.is_not(None),
        )
        .group_by(contact)
    )
    who, period = question.filters.operators, question.period
    yield Statement(
        source=connection,
        made=lambda _start, _end: query,
        span=(period.start, period.end),
        theirs=frozenset(who) if who is not None and source != "callbacks" else None,
    )


def _asked_for(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    row, filters = callback_requests.c, question.filters
    found = [within(row.created_at, question.period.start, question.period.end)]
    if filters.queues:
        found.append(row.queue.in_(filters.queues))
    if (people := filters.operators) is not None:
        found.append(or_(row.assigned_to.in_(people), row.closed_by.in_(people)))
    presumed = {"channels": "call", "directions": "inbound"}
    about = About(contact=row.interaction_id, rows=found, own=_OWN, presumed=presumed)
    return found + of_contacts.conditions(connection, question, about)


def _asked(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    row, period = survey_answers.c, question.period
    found = [within(row.asked_at, period.start, period.end), *_of_these(row, question.filters)]
    presumed = {"channels": "call"}
    about = About(contact=row.interaction_id, rows=found, own=_OWN, presumed=presumed)
    return found + of_contacts.conditions(connection, question, about)


def _judged(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    row, period, filters = assessments.c, question.period, question.filters
    found = [
        within(row.contact_at, period.start, period.end),
        row.state != "draft",
        row.calibration_id.is_(None),
        *_of_these(row, filters),
    ]
    if filters.channels:
        found.append(row.channel.in_(filters.channels))
    own = _OWN | {"channels"}
    about = About(contact=row.interaction_id, rows=found, own=own, stays=False)
    return found + of_contacts.conditions(connection, question, about)


def _of_these(row: Any, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.queues:
        found.append(row.queue.in_(filters.queues))
    if filters.operators is not None:
        found.append(row.operator_id.in_(filters.operators))
    return found


def bounded(question: Question) -> None:
    if question.period.end - question.period.start > LONGEST:
        raise Invalid("period", f"of these figures, at most {LONGEST.days} days are counted")


def _told(connection: Connection, query: Any) -> list[Any]:
    return [row for row in connection.execute(query) if row[-1] is not None]


def group(
    connection: Connection, by: By, source: FromClause, moment: Any, question: Question
) -> ColumnElement[Any]:
    if by == "operator":
        return source.c.operator_id
    if by not in TIMES:
        return source.c[by]
    number = report_sums.half_number(connection, moment)
    if by in ("half_hour", "hour"):
        return number
    wall = times.local(number, question.period)
    return wall % 48 if by == "time_of_day" else wall // 48


def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
