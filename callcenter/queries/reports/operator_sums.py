"""Sums of operators for a question: what they took and placed, and how they spent their time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from callcenter.queries.reports import times
from callcenter.reports.folding import TIMES
from callcenter.reports.measures import OPERATOR_MEASURES
from callcenter.reports.question import By, Question
from callcenter.store import report_sums
from callcenter.store.tables import operator_halves, state_halves

_STATES: Final = ("talking", "hold", "wrap_up", "ready", "ringing", "paused")
STATE_NAMES: Final = (
    "talking",
    "on_hold",
    "wrapping_up",
    "ready",
    "ringing",
    "paused",
    "productive_pause",
    "logged_in",
    "limited",
    "within_limit",
    "times",
)
NAMES: Final = (*OPERATOR_MEASURES, "handled")


def rows(connection: Connection, question: Question) -> list[Any]:
    """The question's `by` values, then NAMES. Only of what is an operator's (see `knowing`)."""
    row, filters = operator_halves.c, question.filters
    wanted = {
        row.channel: filters.channels,
        row.direction: filters.directions,
        row.queue: filters.queues,
    }
    conditions = [column.in_(values) for column, values in wanted.items() if values]
    sums = [func.sum(row[name]).label(name) for name in OPERATOR_MEASURES]
    handled = func.sum(row.answered + row.reached).label("handled")
    return _run(connection, question, operator_halves, [*sums, handled], conditions)


def states(connection: Connection, question: Question) -> list[Any]:
    """The question's `by` values, then STATE_NAMES; states are of no queue (see `knowing`)."""
    row = state_halves.c
    spent = [func.sum(case((row.state == one, row.seconds), else_=0.0)) for one in _STATES]
    worked = and_(row.state == "paused", row.productive)
    sums = [
        *spent,
        func.sum(case((worked, row.seconds), else_=0.0)),
        func.sum(row.seconds),
        func.sum(row.limited),
        func.sum(row.within_limit),
        func.sum(row.times),
    ]
    return _run(connection, question, state_halves, sums, [])


def _run(
    connection: Connection,
    question: Question,
    table: Any,
    sums: Sequence[ColumnElement[Any]],
    conditions: Sequence[ColumnElement[bool]],
) -> list[Any]:
    period, filters = question.period, question.filters
    groups = [_group(connection, by, table, question) for by in question.by]
    query = (
        select(*groups, *sums)
        .where(table.c.half >= period.start, table.c.half < period.end, *conditions)
        .group_by(*groups)
    )
    if filters.operators is not None:
        query = query.where(table.c.user_id.in_(filters.operators))
    return [one for one in connection.execute(query) if one[-1] is not None]


def _group(connection: Connection, by: By, table: Any, question: Question) -> ColumnElement[Any]:
    if by == "operator":
        by_user: ColumnElement[Any] = table.c.user_id
        return by_user
    if by in TIMES:
        number = report_sums.half_number(connection, table.c.half)
        if by in ("half_hour", "hour"):
            return number
        wall = times.local(number, question.period)
        return wall % 48 if by == "time_of_day" else wall // 48
    column: ColumnElement[Any] = table.c[by]
    return column
