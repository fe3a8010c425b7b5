"""What each operator did, by half hours: contacts from legs and conversations, states from their
history, cut at the bounds of half hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from callcenter.reports.measures import OPERATOR_MEASURES
from callcenter.reports.periods import HALF, half_of
from callcenter.store.report_sums import Limit
from callcenter.store.sets import among
from callcenter.store.tables import (
    agent_history,
    agents,
    call_legs,
    calls,
    interactions,
    pause_reasons,
    queue_visits,
)

WRAP_UP: Final[ColumnElement[str]] = literal_column("'wrap_up'")
_KEY: Final = ("half", "user_id", "queue", "channel", "direction")
_Key = tuple[Any, ...]


def lasted(connection: Connection, columns: Any) -> ColumnElement[float]:
    """Seconds from `began_at` to `ended_at`."""
    if connection.dialect.name == "sqlite":
        days = func.julianday(columns.ended_at) - func.julianday(columns.began_at)
        return func.round(days * 86400.0, 3)
    return func.date_part("epoch", columns.ended_at - columns.began_at)


def rows(connection: Connection, halves: Sequence[datetime], limit: Limit) -> list[dict[str, Any]]:
    """Of `operator_halves`, as they should be."""
    found: dict[_Key, dict[str, float]] = defaultdict(lambda: dict.fromkeys(OPERATOR_MEASURES, 0))
    for row in connection.execute(_legs(connection, halves)):
        _add(found, row)
    for row in connection.execute(_conversations(limit)):
        _add(found, row, half=half_of(row.at))
    for row in connection.execute(_after_calls(connection, limit)):
        _add(found, row)
    for row in connection.execute(_handed_on(limit)):
        _add(found, row)
    told: set[str] = set()
    for row in connection.execute(_handed_on_without_queue(limit)):
        if row.call_id not in told:  # who spoke first
            _add(found, row, half=half_of(row.at))
            told.add(row.call_id)
    return [dict(zip(_KEY, key, strict=True)) | sums for key, sums in sorted(found.items())]


def _add(found: dict[_Key, dict[str, float]], row: Row[Any], half: datetime | None = None) -> None:
    values = row._mapping
    sums = found[(half or row.half, row.user_id, row.queue, row.channel, row.direction)]
    for name in OPERATOR_MEASURES:
        if name in values:
            sums[name] += values[name] or 0


def counted_legs() -> dict[str, ColumnElement[bool]]:
    """Which phones each count counts, of legs joined with their calls."""
    leg = call_legs.c
    outside = calls.c.direction != "internal"
    outbound = and_(leg.role == "caller", calls.c.direction == "outbound")
    rang = and_(
        leg.role == "callee",
        or_(leg.ringing_at.is_not(None), leg.answered_at.is_not(None)),
        outside,
    )
    answered = and_(rang, leg.result == "answered")
    reached = and_(outbound, calls.c.answered_at.is_not(None))
    return {
        "rung": rang,
        "answered": answered,
        "not_taken": and_(rang, leg.result != "answered"),
        "placed": outbound,
        "reached": reached,
        "handled": or_(answered, reached),
        "spoke_first": and_(leg.queue == "", _spoke(leg), outside, ~_spoken_before(leg).exists()),
    }


def _spoke(leg: Any) -> ColumnElement[bool]:
    return and_(leg.user_id.is_not(None), leg.answered_at.is_not(None), leg.role != "spy")


def _spoken_before(leg: Any) -> Any:
    other = call_legs.alias("other").c
    earlier = tuple_(other.answered_at, other.uniqueid) < tuple_(leg.answered_at, leg.uniqueid)
    return select(other.call_id).where(other.call_id == leg.call_id, _spoke(other), earlier)


def _legs(connection: Connection, halves: Sequence[datetime]) -> Any:
    """Phones of theirs that rang, or that they called from."""
    leg, counted = call_legs.c, counted_legs()
    rang, outbound = counted["rung"], counted["placed"]
    spoke = or_(outbound, counted["answered"])
    return (
        select(
            leg.half,
            leg.user_id,
            leg.queue,
            literal_column("'call'").label("channel"),
            calls.c.direction,
            *(
                _count(counted[name]).label(name)
                for name in ("rung", "answered", "not_taken", "placed", "reached")
            ),
            func.sum(case((spoke, leg.talk_seconds), else_=0.0)).label("talk"),
            func.sum(case((spoke, leg.hold_seconds), else_=0.0)).label("hold"),
            func.sum(case((rang, leg.ring_seconds), else_=0.0)).label("ring"),
        )
        .join(calls, calls.c.id == leg.call_id)
        .where(
            among(connection, leg.half, halves),
            leg.user_id.is_not(None),
            or_(rang, outbound),
        )
        .group_by(leg.half, leg.user_id, leg.queue, calls.c.direction)
    )


def _conversations(limit: Limit) -> Any:
    """Mails, messages, chats, meetings, and calls that another system told us of."""
    row = interactions.c
    inbound, spoken = row.direction == "inbound", row.result == "answered"
    outbound = row.direction == "outbound"
    return select(
        row.started_at.label("at"),
        row.operator_id.label("user_id"),
        row.queue,
        row.channel,
        row.direction,
        case((inbound, 1), else_=0).label("rung"),
        case((and_(inbound, spoken), 1), else_=0).label("answered"),
        case((outbound, 1), else_=0).label("placed"),
        case((and_(outbound, spoken), 1), else_=0).label("reached"),
        row.talk_seconds.label("talk"),
    ).where(limit(row.started_at), row.call_id.is_(None), row.operator_id.is_not(None))


def _after_calls(connection: Connection, limit: Limit) -> Any:
    """Wrap-up, with the last visit of its call that was answered."""
    visit, state = queue_visits.c, agent_history.c
    later = queue_visits.alias("later")
    is_last = ~(
        select(later.c.call_id)
        .where(
            later.c.call_id == visit.call_id,
            later.c.how == "answered",
            later.c.number_in_call > visit.number_in_call,
        )
        .exists()
    )
    return (
        select(
            visit.half,
            state.user_id,
            visit.queue,
            literal_column("'call'").label("channel"),
            visit.direction,
            func.sum(lasted(connection, state)).label("wrap_up"),
        )
        .join(agent_history, state.call_id == visit.call_id)
        .where(
            limit(visit.entered_at),
            visit.how == "answered",
            state.state == WRAP_UP,
            state.ended_at.is_not(None),
            is_last,
        )
        .group_by(visit.half, state.user_id, visit.queue, visit.direction)
    )


def _handed_on(limit: Limit) -> Any:
    """Transfers are whose visit it was first."""
    visit = queue_visits.c
    return (
        select(
            visit.half,
            visit.operator_id.label("user_id"),
            visit.queue,
            literal_column("'call'").label("channel"),
            visit.direction,
            func.sum(visit.transfers).label("transferred"),
        )
        .where(limit(visit.entered_at), visit.transfers > 0, visit.operator_id.is_not(None))
        .group_by(visit.half, visit.operator_id, visit.queue, visit.direction)
    )


def _handed_on_without_queue(limit: Limit) -> Any:
    """Everybody who spoke in such a call, the first first."""
    row, leg = interactions.c, call_legs.c
    return (
        select(
            row.call_id,
            row.started_at.label("at"),
            leg.user_id,
            row.queue,
            row.channel,
            row.direction,
            row.transfers.label("transferred"),
        )
        .join(call_legs, leg.call_id == row.call_id)
        .where(
            limit(row.started_at),
            row.transfers > 0,
            row.queue == "",
            row.direction != "internal",
            _spoke(leg),
        )
        .order_by(row.call_id, leg.answered_at, leg.uniqueid)
    )


def states(
    connection: Connection, start: datetime, end: datetime, at: datetime
) -> list[dict[str, Any]]:
    """Of `state_halves` from one half hour until before another, as they should be at `at`."""
    found: dict[_Key, dict[str, float]] = defaultdict(_nothing)
    for row in connection.execute(_history(start, end)):
        _spend(found, row, (start, end), at)
    names = ("half", "user_id", "state", "reason", "productive")
    return [dict(zip(names, key, strict=True)) | sums for key, sums in sorted(found.items())]


def _history(start: datetime, end: datetime) -> Any:
    """What began in that time; and of each operator what they were as it began. One state ends as
    the next begins, so that nothing older can reach into it."""
    table, reasons, older = agent_history.c, pause_reasons.c, agent_history.alias("older")
    was = (
        select(older.c.id)
        .where(older.c.user_id == agents.c.user_id, older.c.began_at < start)
        .order_by(older.c.began_at.desc(), older.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    began = and_(table.began_at >= start, table.began_at < end)
    return (
        select(agent_history, reasons.limit_seconds)
        .outerjoin(pause_reasons, and_(reasons.code == table.reason, table.state == "paused"))
        .where(or_(began, table.id.in_(select(was).select_from(agents))), table.state != "offline")
    )


def _nothing() -> dict[str, float]:
    return {"seconds": 0.0, "times": 0, "limited": 0, "within_limit": 0}


def _spend(
    found: dict[_Key, dict[str, float]],
    row: Row[Any],
    span: tuple[datetime, datetime],
    at: datetime,
) -> None:
    end = row.ended_at or max(at, row.began_at)
    tail = (row.user_id, row.state, row.reason, row.productive)
    begun = half_of(row.began_at)
    half = max(begun, span[0])
    while half < span[1] and (half < end or half == begun):
        sums = found[(half, *tail)]
        spent = (min(end, half + HALF) - max(row.began_at, half)).total_seconds()
        sums["seconds"] = round(sums["seconds"] + max(0.0, spent), 3)
        if half == begun:
            _begin(sums, row)
        half += HALF


def _begin(sums: dict[str, float], row: Row[Any]) -> None:
    sums["times"] += 1
    if row.limit_seconds is not None and row.ended_at is not None:
        sums["limited"] += 1
        kept = (row.ended_at - row.began_at).total_seconds() <= row.limit_seconds
        sums["within_limit"] += int(kept)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
