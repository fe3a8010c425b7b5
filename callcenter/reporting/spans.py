"""Stretches of days by the names that people choose them by, and what they are compared with."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from callcenter.reports.periods import Period, half_of, local_midnight, zone_of

_DAY: Final = timedelta(days=1)
Days = tuple[date, date]


def _month_before(day: date) -> date:
    return (day.replace(day=1) - _DAY).replace(day=1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


PRESETS: Final[dict[str, Callable[[date], Days]]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - _DAY, today - _DAY),
    "7d": lambda today: (today - timedelta(days=6), today),
    "week": lambda today: (_monday(today), today),
    "last_week": lambda today: (_monday(today) - timedelta(days=7), _monday(today) - _DAY),
    "month": lambda today: (today.replace(day=1), today),
    "last_month": lambda today: (_month_before(today), today.replace(day=1) - _DAY),
    "90d": lambda today: (today - timedelta(days=89), today),
    "year": lambda today: (today.replace(month=1, day=1), today),
}
"""Name → the first and the last day, both included, of the local day it is asked on."""
DEFAULT: Final = "7d"


def days_of(preset: str, today: date) -> Days:
    return PRESETS.get(preset, PRESETS[DEFAULT])(today)


def period_of(first: date, last: date, zone: str, now: datetime) -> Period:
    """Whole local days; a day that is not over ends with the half hour that is running, so that it
    is compared with as much of another. Raises as `Period` does."""
    whole = Period.days(first, last, zone)
    running = half_of(now) + timedelta(minutes=30)
    if whole.start < running < whole.end:
        return Period(start=whole.start, end=running, zone=zone)
    return whole


def before(preset: str, period: Period) -> Period:
    """What it is compared with: as far into the day, week, month or year before."""
    local_zone = zone_of(period.zone)
    first = period.local_start.date()
    end = period.local_end
    shift = _SHIFTS.get(preset)
    if shift is None and period.ends_day:
        return period.previous()
    shift = shift or _days_earlier((end.date() - first).days + 1)
    day = end.date() - _DAY if period.ends_day else end.date()
    start = local_midnight(shift(first), period.zone)
    if period.ends_day:
        until = local_midnight(shift(day) + _DAY, period.zone)
    else:
        wall = datetime.combine(shift(day), end.time(), local_zone)
        until = wall.astimezone(UTC)
    return Period(start=start, end=max(until, start + timedelta(minutes=30)), zone=period.zone)


def _days_earlier(count: int) -> Callable[[date], date]:
    """Day beside day: of a week that is not over, its running Sunday beside the last one's."""
    return lambda day: day - timedelta(days=count)


def _a_month_earlier(day: date) -> date:
    earlier = _month_before(day)
    return earlier.replace(day=min(day.day, monthrange(earlier.year, earlier.month)[1]))


def _a_year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


_SHIFTS: Final[dict[str, Callable[[date], date]]] = {
    "today": lambda day: day - _DAY,
    "week": lambda day: day - timedelta(days=7),
    "month": _a_month_earlier,
    "year": _a_year_earlier,
}
