"""What thresholds are compared with: each figure for every queue, team and the whole centre, read
in a few statements however many thresholds there are.

Shares are percent. What is not in an answer is unknown; None is a share of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, exists, func, select

from callcenter.agents.status import AgentStatus
from callcenter.alerts.metrics import KINDS, METRICS, Metric
from callcenter.alerts.threshold import OVERALL
from callcenter.alerts.turn import TODAY
from callcenter.queries import default_way, hours, pbx, wallboard
from callcenter.queries.views import PbxLink
from callcenter.store import agent_rows, staffing_rows
from callcenter.store.tables import (
    call_legs,
    calls,
    identifications,
    queue_visits,
    team_members,
    teams,
    users,
)
from callcenter.wallboard.counted import Counted, total

Figures = dict[tuple[Metric, str, str], float | None]
"""(metric, zone or '', subject) → value."""
SILENT_AFTER: Final = timedelta(seconds=60)
"""A listener that has said nothing for so long is away, whatever it said last."""
_FORGOTTEN: Final = timedelta(days=1)
_AN_HOUR: Final = timedelta(hours=1)
_LIVE: Final = tuple(one for one in METRICS if KINDS[one].live)


def live(
    connection: Connection, metrics: Collection[Metric], now: datetime, pbxs: Collection[str] = ()
) -> Figures:
    """What changes by the second. `pbxs`: those that are configured; without any, those heard of
    lately. While one of them is away, nobody knows who waits and who is ready."""
    found: Figures = {}
    down = down_links(connection, now, pbxs)
    if "pbx_down" in metrics:
        found["pbx_down", "", OVERALL] = float(len(down))
    if down or not {*metrics} & {*_LIVE, "paused_over"}:
        return found
    if {"waiting", "longest_wait"} & {*metrics}:
        found |= _waiting(connection, now)
    if {"ready", "paused_over"} & {*metrics}:
        found |= _people(connection, now)
    return found


def counted(
    connection: Connection, metrics: Collection[Metric], zones: Iterable[str], now: datetime
) -> Figures:
    """What the reports count, and call-backs: dearer, and slower to change."""
    found: Figures = {}
    queues = tuple(staffing_rows.queues(connection))
    if "service_level_now" in metrics:
        lately = wallboard.lately(connection, now)
        found |= _each("service_level_now", "", _whole(lately, queues), _level)
    if "callbacks_waiting" in metrics:
        waiting = wallboard.callbacks(connection)
        found |= _counts("callbacks_waiting", waiting, queues)
    if "wrong_pins" in metrics:
        found["wrong_pins", "", OVERALL] = float(_wrong_pins(connection, now))
    for zone in sorted(zones) if TODAY & {*metrics} else ():
        today = _whole(wallboard.today(connection, now, zone), queues)
        found |= _each("service_level_today", zone, today, _level)
        found |= _each("abandonment_today", zone, today, _abandonment)
        found |= _each("abandoned_today", zone, today, lambda one: float(one.abandoned))
    return found


def default_way_calls(connection: Connection, now: datetime) -> Figures:
    """Of the last hour."""
    causes = default_way.by_cause(connection, now - _AN_HOUR)
    return {("default_way", "", OVERALL): float(sum(one.calls for one in causes))}


def _wrong_pins(connection: Connection, now: datetime) -> int:
    tried = identifications.c
    query = select(func.count()).where(tried.at >= now - _AN_HOUR, tried.ok.is_(False))
    return connection.scalar(query) or 0


def closed_calendars(
    connection: Connection, keys: Collection[str], now: datetime
) -> frozenset[str]:
    """Those of these that are not open now; one that is gone closes nothing."""
    if not keys:
        return frozenset()
    table = hours.load(connection, now)
    return frozenset(
        key for key in keys if (found := table.state(key, now)) is not None and not found.open
    )


def known_subjects(connection: Connection) -> tuple[frozenset[str], frozenset[str]]:
    """Queues by name, teams by their number as text."""
    known = frozenset(str(one) for one in connection.scalars(select(teams.c.id)))
    return frozenset(staffing_rows.queues(connection)), known


def down_links(
    connection: Connection, now: datetime, pbxs: Collection[str] = ()
) -> tuple[PbxLink, ...]:
    links = pbx.links(connection)
    if pbxs:
        watched = [one for one in links if one.pbx in pbxs]
    else:
        watched = [one for one in links if now - one.seen_at < _FORGOTTEN]
    return tuple(one for one in watched if one.state != "up" or now - one.seen_at > SILENT_AFTER)


def _waiting(connection: Connection, now: datetime) -> Figures:
    """Callers whom nobody speaks with. They wait since they came into the queue; until that is
    written, since they called."""
    visit = queue_visits.c
    served = exists().where(
        call_legs.c.call_id == calls.c.id,
        call_legs.c.role != "caller",
        call_legs.c.answered_at.is_not(None),
        call_legs.c.ended_at.is_(None),
    )
    here = and_(visit.call_id == calls.c.id, visit.how == "waiting", visit.queue == calls.c.queue)
    query = (
        select(
            calls.c.queue,
            func.count(calls.c.id.distinct()),
            func.min(func.coalesce(visit.entered_at, calls.c.started_at)),
        )
        .select_from(calls.outerjoin(queue_visits, here))
        .where(
            calls.c.live,
            calls.c.merged_into.is_(None),
            calls.c.queue != "",
            calls.c.direction != "outbound",
            ~served,
        )
        .group_by(calls.c.queue)
    )
    rows = connection.execute(query).all()
    known = staffing_rows.queues(connection)
    counts = {row[0]: int(row[1]) for row in rows}
    waits = {row[0]: max(0.0, (now - row[2]).total_seconds()) for row in rows if row[2]}
    longest = dict.fromkeys((*known, OVERALL), 0.0) | waits
    longest[OVERALL] = max(waits.values(), default=0.0)
    found = _counts("waiting", counts, known)
    for name, value in longest.items():
        found["longest_wait", "", name] = value
    return found


def _people(connection: Connection, now: datetime) -> Figures:
    here = frozenset(
        connection.scalars(select(users.c.id).where(users.c.active, users.c.endpoint != ""))
    )
    states = {
        user_id: one
        for user_id, one in agent_rows.all_of(connection, now).items()
        if user_id in here
    }
    ready = {user_id for user_id, one in states.items() if one.state == "ready"}
    over = _paused_over(connection, states.values(), now)
    members: dict[int, set[int]] = {one: set() for one in connection.scalars(select(teams.c.id))}
    for row in connection.execute(select(team_members)):
        members.setdefault(row.team_id, set()).add(row.user_id)
    found: Figures = {
        ("ready", "", OVERALL): float(len(ready)),
        ("paused_over", "", OVERALL): float(len(over)),
    }
    for team_id, people in members.items():
        found["ready", "", str(team_id)] = float(len(ready & people))
        found["paused_over", "", str(team_id)] = float(len(over & people))
    return found | _ready_by_queue(connection, ready, here)


def _ready_by_queue(
    connection: Connection, ready: Collection[int], here: Collection[int]
) -> Figures:
    """Whom each queue could ring; a queue whose skill nobody has is everybody's."""
    holders: dict[str, set[int]] = {}
    for user_id, levels in staffing_rows.skills(connection).items():
        for skill in levels:
            holders.setdefault(skill, set()).add(user_id)
    return {
        ("ready", "", name): float(
            len({*ready} & (holders.get(one.needs, set()) & {*here} or {*here}))
        )
        for name, one in staffing_rows.queues(connection).items()
    }


def _paused_over(connection: Connection, states: Iterable[AgentStatus], now: datetime) -> set[int]:
    limits = {
        one.code: timedelta(seconds=one.limit_seconds)
        for one in staffing_rows.pause_reasons(connection)
        if one.limit_seconds
    }
    return {
        one.user_id
        for one in states
        if one.state == "paused"
        and (limit := limits.get(one.reason)) is not None
        and now - one.since > limit
    }


def _whole(found: Mapping[str, Counted], queues: Iterable[str]) -> dict[str, Counted]:
    """With queues that nothing came to, and all of them together."""
    return dict.fromkeys(queues, Counted()) | dict(found) | {OVERALL: total(found.values())}


def _counts(metric: Metric, found: Mapping[str, int], queues: Iterable[str]) -> Figures:
    by_queue = dict.fromkeys(queues, 0) | dict(found) | {OVERALL: sum(found.values())}
    return {(metric, "", name): float(count) for name, count in by_queue.items()}


def _each(
    metric: Metric,
    zone: str,
    found: Mapping[str, Counted],
    value: Callable[[Counted], float | None],
) -> Figures:
    return {(metric, zone, name): value(one) for name, one in found.items()}


def _level(one: Counted) -> float | None:
    return None if one.level is None else one.level * 100


def _abandonment(one: Counted) -> float | None:
    return None if one.abandonment is None else one.abandonment * 100
