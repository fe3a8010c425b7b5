"""A week of queues, half hour by half hour: the calls to expect, how many operators they need for
the goal, and what happened so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from callcenter.erlang.goals import StaffingGoal
from callcenter.erlang.staffing import Need
from callcenter.forecast import arrivals as forecast
from callcenter.forecast.arrivals import HALF, WEEKS, Past, Pattern
from callcenter.queries import arrivals, queues, reports
from callcenter.queries.arrivals import Arrived
from callcenter.reports.periods import Period
from callcenter.reports.question import Filters, Question, ServiceLevel
from callcenter.store import staffing_goal_rows

_WEEK = timedelta(days=7)
Figures = Mapping[str, float | None]
_KPIS = ("offered", "service_level", "asa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The seven days from `monday` on, on the clock of the goal's calendar, else of `zone`.
    `growth`: how many times the calls of before are expected."""

    queues: Collection[str]
    goal: StaffingGoal
    monday: date
    zone: ZoneInfo
    growth: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """`there`: operators who took calls or could have, on average. `needed`: how many the calls
    that came would have needed. `level` and `asa` None: nobody called."""

    there: float
    offered: int
    needed: int
    level: float | None
    asa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHalf:
    """`calls` are expected and need `need`. `known` False: no half hour before was like this
    one. `happened` None: it is not over."""

    half: datetime
    calls: float
    known: bool
    need: Need
    happened: Happened | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPlan:
    """`handle`: mean seconds that handling a call took in the weeks before; None: none was handled.
    `level`: how today is, of what was expected."""

    halves: tuple[PlannedHalf, ...]
    zone: ZoneInfo
    handle: float | None
    level: float
    people: int
    """Operators who may take these queues' calls."""

    def day(self, day: date) -> tuple[PlannedHalf, ...]:
        return tuple(one for one in self.halves if one.half.astimezone(self.zone).date() == day)

    @property
    def work_hours(self) -> float:
        """Hours of operators on the phone that the week needs; shrinkage comes on top."""
        return sum(one.need.agents for one in self.halves) / 2

    @property
    def paid_hours(self) -> float:
        return sum(one.need.scheduled for one in self.halves) / 2

    @property
    def is_empty(self) -> bool:
        """Nothing is expected, and nothing came."""
        return not any(one.calls or (one.happened and one.happened.offered) for one in self.halves)


def goals(connection: Connection) -> dict[str, StaffingGoal]:
    """Every queue's goal, as saved or as usual, in the order of the queues."""
    saved, settings = staffing_goal_rows.goals(connection), queues.settings(connection)
    return {queue: arrivals.goal_of(queue, saved, settings) for queue in settings}


def week(connection: Connection, asked: Asked, now: datetime) -> WeekPlan:
    """Half hour by half hour. The queues' calls are taken by the same operators: they are added
    up."""
    since = datetime.combine(min(asked.monday, now.date()) - (WEEKS + 1) * _WEEK, time(), UTC)
    is_open, own_zone = arrivals.opening(connection, asked.goal.calendar, since)
    zone = own_zone or asked.zone
    start, end = (_midnight(day, zone) for day in (asked.monday, asked.monday + _WEEK))
    over = min(end, forecast.floor(now))
    came = arrivals.by_half(connection, asked.queues, since, over)
    pattern = forecast.pattern(
        Past(
            offered={half: float(one.offered) for half, one in came.items()},
            since=since,
            until=over,
            zone=zone,
            is_open=is_open,
        )
    )
    people, handle = _people(connection, asked.queues, now), _handle(came, start)
    level = pattern.level(_today(now, zone)) if start <= now < end else 1.0
    happened = _happened(connection, asked, (start, over), zone)
    there = arrivals.at_work(connection, people, start, over) if happened else {}
    made = _Made(asked, pattern, handle, level, now, happened, there)
    return WeekPlan(
        halves=tuple(made.half(half) for half in _halves(start, end)),
        zone=zone,
        handle=handle,
        level=level,
        people=len(people),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """What the half hours of one week are made of."""

    asked: Asked
    pattern: Pattern
    handle: float | None
    level: float
    now: datetime
    happened: Mapping[datetime, Figures]
    there: Mapping[datetime, float]

    def half(self, half: datetime) -> PlannedHalf:
        told = self.pattern.expected(half)
        calls = told.calls * self.asked.growth * (self.level if self._is_left_of_today(half) else 1)
        return PlannedHalf(
            half=half,
            calls=calls,
            known=bool(told.weeks) or not self.pattern.past.is_open(half),
            need=self.asked.goal.need(round(calls, 2), self.handle),
            happened=self._came(half, self.happened[half]) if half in self.happened else None,
        )

    def _is_left_of_today(self, half: datetime) -> bool:
        zone = self.pattern.past.zone
        today = self.now.astimezone(zone).date()
        return half + HALF > self.now and half.astimezone(zone).date() == today

    def _came(self, half: datetime, told: Figures) -> Happened:
        offered = int(told.get("offered") or 0)
        return Happened(
            there=self.there.get(half, 0.0),
            offered=offered,
            needed=self.asked.goal.need(offered, self.handle).agents,
            level=told.get("service_level"),
            asa=told.get("asa"),
        )


def _today(now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Half hours of today that are over."""
    midnight = _midnight(now.astimezone(zone).date(), zone)
    return [half for half in _halves(midnight, now) if half + HALF <= now]


def _happened(
    connection: Connection, asked: Asked, bounds: tuple[datetime, datetime], zone: ZoneInfo
) -> dict[datetime, Figures]:
    """As reports count it, with the goal's seconds; a half hour without calls is empty."""
    if bounds[0] >= bounds[1]:
        return {}
    filters = Filters(channels=("call",), directions=("inbound",), queues=tuple(asked.queues))
    question = Question(
        kpis=_KPIS,
        period=Period(start=bounds[0], end=bounds[1], zone=str(zone)),
        by=("half_hour",),
        filters=filters,
        sl=ServiceLevel(seconds=asked.goal.seconds),
    )
    rows = reports.answer(connection, question).rows
    told = {datetime.fromisoformat(row.key[0]).astimezone(UTC): row.values for row in rows}
    return {half: told.get(half, {}) for half in _halves(*bounds)}


def _handle(came: Mapping[datetime, Arrived], before: datetime) -> float | None:
    lately = [one for half, one in came.items() if half < before]
    handled = sum(one.handled for one in lately)
    return sum(one.seconds for one in lately) / handled if handled else None


def _people(connection: Connection, chosen: Collection[str], now: datetime) -> frozenset[int]:
    views = [view for view in queues.now(connection, now) if view.settings.name in chosen]
    if any(view.people is None for view in views):
        return queues.at_desks(connection)
    return frozenset().union(*(view.people or () for view in views))


def _halves(start: datetime, end: datetime) -> list[datetime]:
    first = forecast.floor(start)
    return [first + number * HALF for number in range(-((first - end) // HALF))]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
