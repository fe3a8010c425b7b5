"""Sums that only single facts tell: call-backs, surveys, quality. Each reads its period through an
index, and no more than a year or so of it.
"""

from __future__ import annotations

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
from callcenter.queries.reports import times
from callcenter.reports.folding import CALENDAR
from callcenter.reports.question import By, Filters, Question
from callcenter.store import report_sums
from callcenter.store.tables import assessments, callback_requests, survey_answers

CALLBACK_NAMES: Final = ("callbacks", "callbacks_closed", "callbacks_reached")
SURVEY_NAMES: Final = ("survey_answers", "scored", "scores")
QUALITY_NAMES: Final = ("assessments", "quality_scored", "quality_points")
LONGEST: Final = timedelta(days=400)
"""A year, and the same month of the year before."""
TIMES: Final = frozenset({"half_hour", "hour", *CALENDAR, "time_of_day"})


def callbacks(connection: Connection, question: Question) -> list[Any]:
    """By when they were asked for; of operators: what they have, and what they closed."""
    row, period = callback_requests.c, question.period
    if not set(question.by) <= TIMES | {"queue"}:
        return []
    bounded(question)
    sums = [func.count(), count(row.closed_at.is_not(None)), count(row.state == "done")]
    groups = [
        group(connection, by, callback_requests, row.created_at, question) for by in question.by
    ]
    query = (
        select(*groups, *sums)
        .where(row.created_at >= period.start, row.created_at < period.end)
        .group_by(*groups)
    )
    if question.filters.queues:
        query = query.where(row.queue.in_(question.filters.queues))
    if (people := question.filters.operators) is not None:
        query = query.where(or_(row.assigned_to.in_(people), row.closed_by.in_(people)))
    return _told(connection, query)


def surveys(connection: Connection, question: Question) -> list[Any]:
    """By when they were asked."""
    row, period = survey_answers.c, question.period
    if not set(question.by) <= TIMES | {"queue", "operator"}:
        return []
    bounded(question)
    sums = [
        count(row.state == "answered"),
        count(row.score.is_not(None)),
        func.coalesce(func.sum(row.score), 0),
    ]
    groups = [group(connection, by, survey_answers, row.asked_at, question) for by in question.by]
    query = (
        select(*groups, *sums)
        .where(row.asked_at >= period.start, row.asked_at < period.end)
        .group_by(*groups)
    )
    return _told(connection, query.where(*_of_these(row, question.filters)))


def quality(connection: Connection, question: Question) -> list[Any]:
    """By when the contact began, as `queries.assessment_scores` counts them."""
    row, period = assessments.c, question.period
    if not set(question.by) <= TIMES | {"queue", "operator", "channel"}:
        return []
    bounded(question)
    sums = [func.count(), func.count(row.score), func.coalesce(func.sum(row.score), 0)]
    groups = [group(connection, by, assessments, row.contact_at, question) for by in question.by]
    query = (
        select(*groups, *sums)
        .where(
            row.contact_at >= period.start,
            row.contact_at < period.end,
            row.state != "draft",
            row.calibration_id.is_(None),
        )
        .group_by(*groups)
    )
    return _told(connection, query.where(*_of_these(row, question.filters)))


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
