"""Who waits in a queue and since when, how fast it moves, and who has just tried before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, select

from callcenter.agents.staffing import QueueSettings
from callcenter.store import agent_rows, staffing_rows
from callcenter.store.call_json import decode
from callcenter.store.tables import call_legs, calls, interactions, users
from callcenter.waiting.estimate import WINDOW_SECONDS, Flow, busy_seconds

_SERVING = frozenset({"ready", "ringing", "talking", "hold", "wrap_up"})
_LONGEST_CALL = timedelta(hours=3)
_MOST_CALLS = 1000
_AT_ONCE = 3.0
"""Seconds of waiting that are no waiting: the phone must ring."""
_TRIED_AGO = timedelta(minutes=15)
_SHORTEST_TRY = 10.0
MOST_CREDIT = 3600


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller whom nobody has answered. `since`: when they came into the queue."""

    pbx: str
    uniqueids: tuple[str, ...]
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`free`: operators whom the queue could ring now; `operators`: those who serve it at all."""

    waiting: tuple[Waiting, ...]
    free: int
    operators: int


def settings(connection: Connection) -> dict[str, QueueSettings]:
    return staffing_rows.queues(connection)


def line(connection: Connection, queue: QueueSettings, now: datetime) -> Line:
    people = able(connection, queue)
    states = [
        one.state
        for one in agent_rows.all_of(connection, now).values()
        if one.user_id in people and one.state in _SERVING
    ]
    return Line(
        waiting=waiting_in(connection, queue.name),
        free=states.count("ready"),
        operators=len(states),
    )


def ready(connection: Connection, queue: QueueSettings, now: datetime) -> tuple[int, ...]:
    """Whom it could ring, the longest ready first."""
    people = able(connection, queue)
    free = [
        one
        for one in agent_rows.all_of(connection, now).values()
        if one.state == "ready" and one.user_id in people
    ]
    return tuple(one.user_id for one in sorted(free, key=lambda one: (one.since, one.user_id)))


def able(connection: Connection, queue: QueueSettings) -> frozenset[int]:
    """Whose queue it is: those with a phone and its skill; everybody with a phone if none has."""
    query = select(users.c.id).where(users.c.active, users.c.endpoint != "")
    with_phone = frozenset(connection.scalars(query))
    levels = staffing_rows.skills(connection)
    skilled = frozenset(user for user, skills in levels.items() if queue.needs in skills)
    return (skilled & with_phone) or with_phone


def waiting_in(connection: Connection, queue: str) -> tuple[Waiting, ...]:
    served = exists().where(
        call_legs.c.call_id == calls.c.id,
        call_legs.c.role != "caller",
        call_legs.c.answered_at.is_not(None),
        call_legs.c.ended_at.is_(None),
    )
    query = select(calls.c.record, calls.c.started_at).where(
        calls.c.live, calls.c.merged_into.is_(None), calls.c.queue == queue, ~served
    )
    found = []
    for row in connection.execute(query):
        record = decode(row.record)
        since = record.queued_at or row.started_at
        if since is not None:
            found.append(Waiting(record.pbx, record.uniqueids, since.timestamp()))
    return tuple(sorted(found, key=lambda one: one.since))


def flow(connection: Connection, queue: QueueSettings, now: datetime, line: Line) -> Flow:
    """What the last half hour says (see `callcenter.waiting.estimate`)."""
    row = interactions.c
    query = (
        select(row.result, row.started_at, row.answered_at, row.ended_at, row.wait_seconds)
        .where(
            row.queue == queue.name,
            row.started_at >= now - timedelta(seconds=WINDOW_SECONDS) - _LONGEST_CALL,
            row.direction == "inbound",
        )
        .order_by(row.started_at.desc())
        .limit(_MOST_CALLS)
    )
    after = queue.wrap_up_seconds if queue.wrap_up == "timed" else 0.0
    known = connection.execute(query).all()
    return _flow(known, line, now.timestamp(), float(after))


def _flow(rows: Iterable[Any], line: Line, now: float, wrap_up: float) -> Flow:
    since = now - WINDOW_SECONDS
    waits = [(one.since, now) for one in line.waiting]
    talks: list[float] = []
    services = abandons = 0
    for row in rows:
        answered, ended = _at(row.answered_at), _at(row.ended_at)
        wait = row.wait_seconds or 0.0
        over = answered or ended
        if over is None or over < since:
            if answered is not None and ended is not None and ended >= since:
                talks.append(ended - answered + wrap_up)
            continue
        waits.append((over - wait, over))
        if answered is not None:
            services += wait > _AT_ONCE
            if ended is not None:
                talks.append(ended - answered + wrap_up)
        else:
            abandons += row.result == "abandoned"
    return Flow(
        operators=line.operators,
        talks=len(talks),
        talk_seconds=sum(talks) / len(talks) if talks else 0.0,
        services=services,
        busy_seconds=busy_seconds(waits, since, now),
        abandons=abandons,
        waited_seconds=sum(end - max(start, since) for start, end in waits),
    )


def _at(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def second_try(connection: Connection, number: str, queue: str, now: datetime) -> int:
    """Seconds that this number has waited in vain for this queue a moment ago; 0 for none. Only
    the last call counts: who was answered since has no time to get back."""
    row = interactions.c
    query = (
        select(row.queue, row.result, row.ended_at, row.wait_seconds)
        .where(
            row.number == number,
            row.started_at >= now - _TRIED_AGO - timedelta(seconds=MOST_CREDIT),
            row.ended_at.is_not(None),
            row.direction.in_(("inbound", "outbound")),
        )
        .order_by(row.started_at.desc())
        .limit(1)
    )
    last = connection.execute(query).one_or_none()
    if last is None or last.queue != queue or last.result != "abandoned":
        return 0
    waited = last.wait_seconds or 0.0
    if waited < _SHORTEST_TRY or last.ended_at < now - _TRIED_AGO:
        return 0
    return min(int(waited), MOST_CREDIT)
