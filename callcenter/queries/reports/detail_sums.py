"""Sums that only single contacts tell: who came again, call-backs, surveys. Each reads its period
through an index, and no more than a season of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Interval,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from callcenter.errors import Invalid
from callcenter.queries.reports import times
from callcenter.queries.reports.contact_sums import LONGEST_DETAIL
from callcenter.reports.folding import CALENDAR
from callcenter.reports.question import By, Question
from callcenter.store import report_sums
from callcenter.store.tables import callback_requests, interactions, survey_answers

REPEAT_NAMES: Final = ("named", "repeated", "resolvable", "came_again")
CALLBACK_NAMES: Final = ("callbacks", "callbacks_closed", "callbacks_reached")
SURVEY_NAMES: Final = ("survey_answers", "scored", "scores")
_TIMES: Final = frozenset({"half_hour", "hour", *CALENDAR, "time_of_day"})


def repeats(connection: Connection, question: Question) -> list[Any]:
    """Contacts of people and numbers that we know, inbound: which of them came after another, and
    which were followed by another within the days. Who is known by their card is one person,
    whatever number they used.
    """
    if not set(question.by) <= _TIMES | {"queue", "channel", "operator", "result"}:
        return []
    _bounded(question)
    around, row = timedelta(days=question.again_days), interactions.c
    period = question.period
    who = [row.customer_id, case((row.customer_id.is_(None), row.number))]
    contacts = (
        select(
            row.started_at.label("at"),
            row.queue,
            row.channel,
            row.result,
            row.operator_id,
            func.lag(row.started_at)
            .over(partition_by=who, order_by=row.started_at)
            .label("before"),
            func.lead(row.started_at)
            .over(partition_by=who, order_by=row.started_at)
            .label("after"),
        )
        .where(
            row.started_at >= period.start - around,
            row.started_at < period.end + around,
            row.direction == "inbound",
            or_(row.customer_id.is_not(None), row.number != ""),
        )
        .subquery("contacts")
    )
    one = contacts.c
    again = _within(connection, one.before, one.at, around)
    followed = _within(connection, one.at, one.after, around)
    answered = one.result == "answered"
    sums = [
        func.count(),
        _count(again),
        _count(answered),
        _count(and_(answered, followed)),
    ]
    groups = [_group(connection, by, contacts, one.at, question) for by in question.by]
    filters = question.filters
    query = (
        select(*groups, *sums).where(one.at >= period.start, one.at < period.end).group_by(*groups)
    )
    wanted = {"queue": filters.queues, "channel": filters.channels, "result": filters.results}
    for name, values in wanted.items():
        if values:
            query = query.where(one[name].in_(values))
    if filters.operators is not None:
        query = query.where(one.operator_id.in_(filters.operators))
    return _told(connection, query)


def callbacks(connection: Connection, question: Question) -> list[Any]:
    """By when they were asked for; of operators: what they have, and what they closed."""
    row, period = callback_requests.c, question.period
    if not set(question.by) <= _TIMES | {"queue"}:
        return []
    _bounded(question)
    sums = [func.count(), _count(row.closed_at.is_not(None)), _count(row.state == "done")]
    groups = [
        _group(connection, by, callback_requests, row.created_at, question) for by in question.by
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
    if not set(question.by) <= _TIMES | {"queue", "operator"}:
        return []
    _bounded(question)
    sums = [
        _count(row.state == "answered"),
        _count(row.score.is_not(None)),
        func.coalesce(func.sum(row.score), 0),
    ]
    groups = [_group(connection, by, survey_answers, row.asked_at, question) for by in question.by]
    query = (
        select(*groups, *sums)
        .where(row.asked_at >= period.start, row.asked_at < period.end)
        .group_by(*groups)
    )
    filters = question.filters
    if filters.queues:
        query = query.where(row.queue.in_(filters.queues))
    if filters.operators is not None:
        query = query.where(row.operator_id.in_(filters.operators))
    return _told(connection, query)


def _bounded(question: Question) -> None:
    if question.period.end - question.period.start > LONGEST_DETAIL:
        raise Invalid("period", f"of these figures, at most {LONGEST_DETAIL.days} days are counted")


def _told(connection: Connection, query: Any) -> list[Any]:
    return [row for row in connection.execute(query) if row[-1] is not None]


def _within(
    connection: Connection, first: Any, second: Any, span: timedelta
) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        days: Any = func.julianday(second) - func.julianday(first)
        return and_(first.is_not(None), second.is_not(None), days <= span / timedelta(days=1))
    apart = type_coerce(second - first, Interval)
    return and_(first.is_not(None), second.is_not(None), apart <= literal(span, Interval))


def _group(
    connection: Connection, by: By, source: FromClause, moment: Any, question: Question
) -> ColumnElement[Any]:
    if by == "operator":
        return source.c.operator_id
    if by not in _TIMES:
        return source.c[by]
    number = report_sums.half_number(connection, moment)
    if by in ("half_hour", "hour"):
        return number
    wall = times.local(number, question.period)
    return wall % 48 if by == "time_of_day" else wall // 48


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
