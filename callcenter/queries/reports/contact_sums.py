"""Sums of contacts for a question: from the aggregates where they know enough, with what is out of
date read from the facts; else from the facts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    union_all,
)

from callcenter.errors import Invalid
from callcenter.queries.reports import times
from callcenter.reports.folding import CALENDAR
from callcenter.reports.measures import CONTACT_MEASURES
from callcenter.reports.question import By, Filters, Question
from callcenter.reports.waits import BOUNDS, DEFAULT_SECONDS, DEFAULT_SHORT_SECONDS, answered_within
from callcenter.store import report_sums
from callcenter.store.sets import among
from callcenter.store.tables import (
    contact_days,
    contact_halves,
    interaction_outcomes,
    interactions,
    queue_settings,
    report_dirty,
    segment_members,
)

DERIVED: Final = ("level_in", "level_of", "lost", "lost_of")
_COUNTED: Final = (*CONTACT_MEASURES[: CONTACT_MEASURES.index("wait_longest") + 1],)
"""What figures are made of: the histogram serves the target alone."""
NAMES: Final = (*_COUNTED, *DERIVED)
_IN_DETAIL: Final = frozenset({"result", "outcome", "segment", "operator"})
_MOST_DIRTY: Final = 96
_LONG: Final = timedelta(days=45)
LONGEST_DETAIL: Final = timedelta(days=93)
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
    groups = [group(connection, by, sums.c.half, sums, question) for by in question.by]
    made = _derived_of_sums(sums, question, targets)
    query = (
        select(*groups, *report_sums.added_up(sums, _COUNTED), *made)
        .where(*_conditions(sums, question.filters))
        .group_by(*groups)
    )
    return list(connection.execute(query).all()), as_of


def _dirty(connection: Connection, question: Question) -> tuple[list[datetime], datetime | None]:
    """Half hours to read from the facts; too many to do so: from when on nothing is sure."""
    row, period = report_dirty.c, question.period
    query = (
        select(row.half)
        .where(row.kind == "contacts", row.half >= period.start, row.half < period.end)
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


def group(
    connection: Connection, by: By, moment: Any, source: FromClause, question: Question
) -> ColumnElement[Any]:
    if by in ("half_hour", "hour"):
        return report_sums.half_number(connection, moment)
    if by in CALENDAR:
        return times.local(report_sums.half_number(connection, moment), question.period) // 48
    if by == "time_of_day":
        return times.local(report_sums.half_number(connection, moment), question.period) % 48
    if by in source.c:
        return source.c[by]
    raise Invalid("by", f"contacts cannot be told by {by}")


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
    facts, joined = detail(connection, question)
    short, joined = _with_settings(facts, joined)
    groups = [detail_group(connection, by, facts, question) for by in question.by]
    row = facts.c
    target: Any = question.sl.seconds
    if target is None:
        target = func.coalesce(queue_settings.c.sl_seconds, DEFAULT_SECONDS)
    made = {one.name: one for one in report_sums.measures(facts, short)}
    in_time = func.sum(case((and_(row.how == "answered", row.wait <= target), 1), else_=0))
    names = ("answered", "offered", "waiting", "short_abandoned", "abandoned")
    derived = _labelled(question, in_time, *(made[name].element for name in names))
    query = (
        select(*groups, *(made[name] for name in _COUNTED), *derived)
        .select_from(joined)
        .where(*detail_conditions(facts, question))
        .group_by(*groups)
    )
    return list(connection.execute(query).all())


def detail(
    connection: Connection, question: Question, most: timedelta | None = LONGEST_DETAIL
) -> tuple[FromClause, FromClause]:
    """The facts of the period, and what the question has to be joined to them."""
    period = question.period
    if most is not None and period.end - period.start > most:
        raise Invalid("period", f"with these filters, at most {most.days} days are counted")
    facts = report_sums.detail(
        connection, lambda column: and_(column >= period.start, column < period.end)
    )
    joined: FromClause = facts
    wanted, filters = set(question.by), question.filters
    if "outcome" in wanted or filters.outcomes:
        mine = interaction_outcomes.c.interaction_id == facts.c.interaction_id
        joined = joined.outerjoin(interaction_outcomes, mine)
    if wanted & {"result", "segment"} or filters.results or filters.segments:
        joined = joined.outerjoin(interactions, interactions.c.id == facts.c.interaction_id)
    if "segment" in wanted:
        whose = segment_members.c.customer_id == interactions.c.customer_id
        joined = joined.join(segment_members, whose)
    return facts, joined


def _with_settings(facts: FromClause, joined: FromClause) -> tuple[ColumnElement[Any], FromClause]:
    short = func.coalesce(queue_settings.c.short_abandon_seconds, DEFAULT_SHORT_SECONDS)
    return short, joined.outerjoin(queue_settings, queue_settings.c.name == facts.c.queue)


def detail_group(
    connection: Connection, by: By, facts: FromClause, question: Question
) -> ColumnElement[Any]:
    special: dict[str, ColumnElement[Any]] = {
        "operator": facts.c.operator_id,
        "outcome": interaction_outcomes.c.outcome_id,
        "result": interactions.c.result,
        "segment": segment_members.c.segment_id,
    }
    if by in special:
        return special[by]
    if times.is_on_halves(question.period) or by not in (*CALENDAR, "time_of_day"):
        return group(connection, by, facts.c.at, facts, question)
    return _by_the_minute(connection, by, facts.c.at, question)


def _by_the_minute(
    connection: Connection, by: By, moment: Any, question: Question
) -> ColumnElement[Any]:
    """Where local days do not begin on half hours of UTC."""
    offset = question.period.local_start.utcoffset() or timedelta()
    shift = int(offset.total_seconds())
    if connection.dialect.name == "sqlite":
        local = cast(func.strftime("%s", moment), Integer) + shift
    else:
        local = cast(func.floor(func.date_part("epoch", moment)), BigInteger) + shift
    return local // 86400 if by in CALENDAR else local // 1800 % 48


def _conditions(source: FromClause, filters: Filters) -> list[ColumnElement[bool]]:
    wanted = {
        "channel": filters.channels,
        "direction": filters.directions,
        "queue": filters.queues,
        "dialed": filters.dialed,
        "trunk": filters.trunks,
    }
    return [source.c[name].in_(values) for name, values in wanted.items() if values]


def detail_conditions(facts: FromClause, question: Question) -> list[ColumnElement[bool]]:
    filters = question.filters
    found = _conditions(facts, filters)
    if filters.operators is not None:
        found.append(facts.c.operator_id.in_(filters.operators))
    if filters.results:
        found.append(interactions.c.result.in_(filters.results))
    if filters.outcomes:
        found.append(interaction_outcomes.c.outcome_id.in_(filters.outcomes))
    if filters.segments:
        members = select(segment_members.c.customer_id).where(
            segment_members.c.segment_id.in_(filters.segments)
        )
        found.append(interactions.c.customer_id.in_(members))
    if "operator" in question.by:
        found.append(facts.c.operator_id.is_not(None))
    return found
