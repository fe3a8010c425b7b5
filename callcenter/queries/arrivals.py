"""How many calls came to queues in each half hour, and how many are to be expected.

Everything is read from the sums of reports, so that a forecast and a report are of the same calls.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, or_, select

from callcenter.agents.staffing import QueueSettings
from callcenter.erlang.goals import StaffingGoal
from callcenter.forecast import arrivals as forecast
from callcenter.forecast.arrivals import HALF, WEEKS, Open, Past, Pattern
from callcenter.hours.opening import open_at, zone_of
from callcenter.queries import hours
from callcenter.store import staffing_goal_rows, staffing_rows
from callcenter.store.tables import contact_halves, state_halves

_AT_WORK = ("ready", "ringing", "talking", "hold", "wrap_up")
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Calls of a half hour. `seconds`: talk, hold and wrap-up of the `handled` together."""

    offered: int
    handled: int
    seconds: float


def by_half(
    connection: Connection, queues: Collection[str], since: datetime, until: datetime
) -> dict[datetime, Arrived]:
    """Half hour (UTC start) → calls that came to these queues together, from since until before
    until. A half hour without any is left out."""
    sums = contact_halves.c
    query = (
        select(
            sums.half,
            func.sum(sums.offered),
            func.sum(sums.handled),
            func.sum(sums.talk + sums.hold + sums.wrap_up),
        )
        .where(
            sums.queue.in_(queues),
            sums.half >= since,
            sums.half < until,
            sums.channel == "call",
            sums.direction == "inbound",
        )
        .group_by(sums.half)
    )
    return {half: Arrived(*rest) for half, *rest in connection.execute(query)}


def at_work(
    connection: Connection, people: Collection[int], since: datetime, until: datetime
) -> dict[datetime, float]:
    """Half hour → how many of these people took calls or could have, on average."""
    sums = state_halves.c
    query = (
        select(sums.half, func.sum(sums.seconds))
        .where(
            sums.user_id.in_(people),
            sums.half >= since,
            sums.half < until,
            sums.state.in_(_AT_WORK),
        )
        .group_by(sums.half)
    )
    return {half: seconds / HALF.total_seconds() for half, seconds in connection.execute(query)}


def goal_of(
    queue: str, goals: Mapping[str, StaffingGoal], settings: Mapping[str, QueueSettings]
) -> StaffingGoal:
    """What was saved; else the usual, in the hours in which the queue calls back."""
    saved = goals.get(queue)
    if saved is not None:
        return saved
    known = settings.get(queue)
    return StaffingGoal(queue=queue, calendar=known.callback_calendar if known else "")


def opening(connection: Connection, key: str, since: datetime) -> tuple[Open, ZoneInfo | None]:
    """Whether somebody is there in a half hour, by the calendar of that key and the closures from
    `since` on; its zone. Always, where there is no such calendar."""
    calendar = hours.get(connection, key) if key else None
    if calendar is None:
        return forecast.always, None
    closures = hours.open_closures(connection, since)

    @cache
    def is_open(half: datetime) -> bool:
        moments = (half, half + HALF / 2, half + HALF - timedelta(minutes=1))
        return any(open_at(calendar, closures, one)[0] for one in moments)

    return is_open, zone_of(calendar)


def next_hour(connection: Connection, at: datetime, queue: str) -> float | None:
    """Calls expected within sixty minutes from `at`; None where too little is known."""
    return next_hours(connection, at, (queue,))[queue]


def next_hours(
    connection: Connection, at: datetime, queues: Collection[str]
) -> dict[str, float | None]:
    """The same for many queues. A forecast changes slowly: asking once a minute is enough."""
    goals, settings = staffing_goal_rows.goals(connection), staffing_rows.queues(connection)
    keys = {queue: goal_of(queue, goals, settings).calendar for queue in queues}
    openings = {
        key: opening(connection, key, at - (WEEKS + 1) * _WEEK) for key in set(keys.values())
    }
    usual = next((zone for _, zone in openings.values() if zone is not None), ZoneInfo("UTC"))
    counts = _same_weekdays(connection, at, queues, usual)
    found: dict[str, float | None] = {}
    for queue, key in keys.items():
        is_open, zone = openings[key]
        past = Past(
            offered=counts.get(queue, {}),
            since=at - WEEKS * _WEEK - _DAY,
            until=at,
            zone=zone or usual,
            is_open=is_open,
        )
        found[queue] = _told(forecast.pattern(past), at)
    return found


def _told(pattern: Pattern, at: datetime) -> float | None:
    first = forecast.floor(at)
    halves = (first, first + HALF, first + 2 * HALF)
    unknown = all(
        pattern.past.is_open(half) and not pattern.expected(half).weeks for half in halves
    )
    return None if unknown else forecast.next_hour(pattern, at)


def _same_weekdays(
    connection: Connection, at: datetime, queues: Collection[str], zone: ZoneInfo
) -> dict[str, dict[datetime, float]]:
    """Calls of today and of this weekday in the weeks before, with the night after each."""
    today = at.astimezone(zone).date()
    sums = contact_halves.c
    days = (_midnight(today - week * _WEEK, zone) for week in range(WEEKS + 1))
    within = or_(*(sums.half.between(day - HALF, day + _DAY + 4 * HALF) for day in days))
    query = (
        select(sums.queue, sums.half, func.sum(sums.offered))
        .where(
            sums.queue.in_(queues),
            within,
            sums.half < forecast.floor(at),
            sums.channel == "call",
            sums.direction == "inbound",
        )
        .group_by(sums.queue, sums.half)
    )
    found: dict[str, dict[datetime, float]] = {}
    for queue, half, offered in connection.execute(query):
        found.setdefault(queue, {})[half] = float(offered)
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
