"""When a task is due, by the calendar on the wall of whoever looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

DueState = Literal["overdue", "today", "tomorrow", "later"]
WEEK = 7


def due_state(due_at: datetime, now: datetime, zone: ZoneInfo) -> DueState:
    if due_at <= now:
        return "overdue"
    days = (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    return "today" if days == 0 else "tomorrow" if days == 1 else "later"


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of the day and the first of the next: 23 or 25 hours apart when clocks
    change."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    return day_bounds(now.astimezone(zone).date(), zone)[1]


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time on the wall as a moment. One that the clocks leap over is as much later; of one that
    comes twice the first is meant."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def next_same_time(due_at: datetime, now: datetime, zone: ZoneInfo, days: int = 1) -> datetime:
    """The same time on the wall, `days` from today."""
    wall = due_at.astimezone(zone).time().replace(tzinfo=None)
    return moment_of(now.astimezone(zone).date() + timedelta(days=days), wall, zone)


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=n) for n in range(WEEK))


def month_of(day: date) -> tuple[tuple[date, ...], ...]:
    """The weeks that a month's calendar shows, with the days of its neighbours at the edges."""
    first = day.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    weeks, monday = [], week_of(first)[0]
    while monday < after:
        weeks.append(week_of(monday))
        monday += timedelta(days=WEEK)
    return tuple(weeks)


def month_step(day: date, step: int) -> date:
    """The first of the month before (-1) or after (+1)."""
    months = day.year * 12 + day.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of what is open is overdue, and how much more is due today."""

    overdue: int
    today: int


def counted(due: Iterable[datetime], now: datetime, zone: ZoneInfo) -> Counted:
    states = [due_state(one, now, zone) for one in due]
    return Counted(overdue=states.count("overdue"), today=states.count("today"))


def turned(zones: Sequence[str], before: datetime, now: datetime) -> frozenset[str]:
    """The zones in which a new day has begun since `before`: there other tasks are due today."""
    return frozenset(name for name in set(zones) if _day(before, name) != _day(now, name))


def zone_of(name: str) -> ZoneInfo:
    """UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return ZoneInfo("UTC")


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(zone_of(zone)).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return moment_of(day, time.min, zone)
