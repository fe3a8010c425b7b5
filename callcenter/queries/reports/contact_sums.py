"""Sums of contacts for a question: from the aggregates where they know enough, with what is out of
date read from the facts; else from the facts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    union_all,
)

from callcenter.queries.reports import details, times
from callcenter.queries.reports.details import Details
from callcenter.reports.measures import CONTACT_MEASURES
from callcenter.reports.question import Question
from callcenter.reports.waits import BOUNDS, DEFAULT_SECONDS, DEFAULT_SHORT_SECONDS, answered_within
from callcenter.store import archive, report_sums
from callcenter.store.sets import among
from callcenter.store.tables import (
    contact_days,
    contact_halves,
    queue_settings,
    report_dirty,
)

DERIVED: Final = ("level_in", "level_of", "lost", "lost_of")
_COUNTED: Final = (*CONTACT_MEASURES[: CONTACT_MEASURES.index("wait_longest") + 1],)
"""What figures are made of: the histogram serves the target alone."""
NAMES: Final = (*_COUNTED, *DERIVED)
_IN_DETAIL: Final = frozenset({"result", "outcome", "segment", "operator", "menu_path"})
_MOST_DIRTY: Final = 96
_LONG: Final = timedelta(days=45)
_DAY: Final = timedelta(days=1)


def rows(connection: Connection, question: Question) -> tuple[list[Any], datetime | None]:
    """Rows of the question's `by` values and then NAMES; and up to when all is counted."""
    targets = _targets(connection)
    if needs_detail(question, targets):
        return _from_detail(connection, question), None
    return _from_sums(connection, question, targets)


def needs_detail(question: Question, targets: dict[str, int]) -> bool:
    wanted, filters = set(question.by), question.filters
    narrowed = filters.results or filters.outcomes or filters.segments
    if wanted & _IN_DETAIL or narrowed or filters.operators is not None:
        return True
    seconds = {question.sl.seconds} if question.sl.seconds is not None else set(targets.values())
    return not (seconds <= set(BOUNDS) and times.is_on_halves(question.period))


def _targets(connection: Connection) -> dict[str, int]:
    """Of the queues that have another goal than the usual."""
    row = queue_settings.c
    query = select(row.name, row.sl_seconds).where(row.sl_seconds != DEFAULT_SECONDS)
    return {row.name: row.sl_seconds for row in connection.execute(query)}


def _from_sums(
    connection: Connection, question: Question, targets: dict[str, int]
) -> tuple[list[Any], datetime | None]:
    dirty, as_of = _dirty(connection, question)
    sums = _source(connection, question, dirty)
    groups = [details.by_column(connection, by, sums.c.half, sums, question) for by in question.by]
    made = _derived_of_sums(sums, question, targets)
    query = (
        select(*groups, *report_sums.added_up(sums, _COUNTED), *made)
        .where(*details.dimensions(sums, question.filters))
        .group_by(*groups)
    )
    return list(connection.execute(query).all()), as_of


def _dirty(connection: Connection, question: Question) -> tuple[list[datetime], datetime | None]:
    """Half hours to read from the facts; too many to do so: from when on nothing is sure."""
    row, period = report_dirty.c, question.period
    moved = [month.bounds() for month in archive.months(connection) if month.readable]
    query = (
        select(row.half)
        .where(
            row.kind == "contacts",
            row.half >= period.start,
            row.half < period.end,
            *(or_(row.half < begin, row.half >= end) for begin, end in moved),
        )
        .group_by(row.half)
        .order_by(row.half.desc())
        .limit(_MOST_DIRTY + 1)
    )
    found = list(connection.scalars(query))
    if len(found) <= _MOST_DIRTY:
        return found, None
    oldest = connection.scalar(select(func.min(row.half)).where(row.kind == "contacts"))
    return found[:_MOST_DIRTY], oldest


def _source(connection: Connection, question: Question, dirty: list[datetime]) -> FromClause:
    period = question.period
    within = [contact_halves.c.half >= period.start, contact_halves.c.half < period.end]
    parts = []
    if _by_days(question):
        kept = _kept_apart(question, dirty)
        day = contact_days.c.day
        columns = [day.label("half"), *_columns(contact_days)]
        first, last = _whole_days(question)
        whole = select(*columns).where(day >= first, day < last)
        parts.append(whole.where(~among(connection, day, kept)) if kept else whole)
        apart = [
            and_(contact_halves.c.half >= one, contact_halves.c.half < one + _DAY) for one in kept
        ]
        outside = [contact_halves.c.half < first, contact_halves.c.half >= last]
        within.append(or_(*apart, *outside))
    if dirty:
        within.append(~among(connection, contact_halves.c.half, dirty))
    parts.append(select(contact_halves.c.half, *_columns(contact_halves)).where(*within))
    if dirty:
        parts.append(report_sums.half_sums(connection, _in(dirty)))
    return union_all(*parts).subquery("sums") if len(parts) > 1 else parts[0].subquery("sums")


def _columns(table: Any) -> list[Column[Any]]:
    return [table.c[name] for name in (*report_sums.DIMENSIONS, *CONTACT_MEASURES)]


def _in(halves: Sequence[datetime]) -> report_sums.Limit:
    spans = [(one, one + timedelta(minutes=30)) for one in halves]
    return lambda column: or_(*(and_(column >= one, column < end) for one, end in spans))


def _by_days(question: Question) -> bool:
    asked = set(question.by) & {"half_hour", "hour", "day", "weekday", "time_of_day"}
    return not asked and question.period.end - question.period.start > _LONG


def _whole_days(question: Question) -> tuple[datetime, datetime]:
    """The days of UTC that lie in the period from their first to their last moment."""
    start, end = question.period.start, question.period.end
    first = start.replace(hour=0, minute=0)
    return (first if first == start else first + _DAY), end.replace(hour=0, minute=0)


def _kept_apart(question: Question, dirty: Sequence[datetime]) -> list[datetime]:
    """Days of UTC that lie in two parts of the local calendar, or are not summed up yet."""
    parts = [by for by in question.by if by in ("week", "month", "year")]
    bounds = [bucket.start for by in parts for bucket in question.period.buckets(by)]
    moments = [*bounds, *dirty]
    cut = {at.replace(hour=0, minute=0) for at in moments}
    clean = {at for at in bounds if at == at.replace(hour=0, minute=0)} - {
        at.replace(hour=0, minute=0) for at in dirty
    }
    first, last = _whole_days(question)
    return sorted(day for day in cut - clean if first <= day < last)


def _derived_of_sums(
    sums: FromClause, question: Question, targets: dict[str, int]
) -> list[ColumnElement[Any]]:
    row, sl = sums.c, question.sl
    own = {} if sl.seconds is not None else targets
    usual = row[answered_within(sl.seconds or DEFAULT_SECONDS)]
    by_target: dict[int, list[str]] = {}
    for queue, seconds in own.items():
        by_target.setdefault(seconds, []).append(queue)
    whens = [
        (row.queue.in_(sorted(queues)), row[answered_within(seconds)])
        for seconds, queues in sorted(by_target.items())
    ]
    in_time = case(*whens, else_=usual) if whens else usual
    return _labelled(
        question,
        func.sum(in_time),
        func.sum(row.answered),
        func.sum(row.offered),
        func.sum(row.waiting),
        func.sum(row.short_abandoned),
        func.sum(row.abandoned),
    )


def _labelled(  # noqa: PLR0917 (the sums that shares are made of)
    question: Question,
    in_time: Any,
    answered: Any,
    offered: Any,
    waiting: Any,
    short: Any,
    abandoned: Any,
) -> list[ColumnElement[Any]]:
    left_out = short if question.sl.short == "out" else 0
    over = offered - waiting - left_out
    return [
        in_time.label("level_in"),
        (over if question.sl.abandons == "in" else answered).label("level_of"),
        (abandoned - left_out).label("lost"),
        over.label("lost_of"),
    ]


def _from_detail(connection: Connection, question: Question) -> list[Any]:
    """Sums of the database's contacts, and of the archive's, for `folding` to add up."""

    def read() -> list[Any]:
        return [
            row
            for one in details.all_of(connection, question)
            for row in connection.execute(_of_details(connection, question, one))
        ]

    found: list[Any] = archive.steady(connection, read)
    return found


def _of_details(connection: Connection, question: Question, one: Details) -> Select[Any]:
    facts = one.facts
    groups = [details.group(connection, by, one, question) for by in question.by]
    row = facts.c
    short = func.coalesce(queue_settings.c.short_abandon_seconds, DEFAULT_SHORT_SECONDS)
    target: Any = question.sl.seconds
    if target is None:
        target = func.coalesce(queue_settings.c.sl_seconds, DEFAULT_SECONDS)
    made = {measure.name: measure for measure in report_sums.measures(facts, short)}
    in_time = func.sum(case((and_(row.how == "answered", row.wait <= target), 1), else_=0))
    names = ("answered", "offered", "waiting", "short_abandoned", "abandoned")
    derived = _labelled(question, in_time, *(made[name].element for name in names))
    return (
        select(*groups, *(made[name] for name in _COUNTED), *derived)
        .select_from(one.joined.outerjoin(queue_settings, queue_settings.c.name == row.queue))
        .where(*details.conditions(one, question))
        .group_by(*groups)
    )
