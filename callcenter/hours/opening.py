"""Is somebody there at this moment, why, and until when? When is somebody there again?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callcenter.hours import public_holidays
from callcenter.hours.calendar import Calendar, Closure, Interval
from callcenter.hours.moments import day_of, spans

WhyCode = Literal[
    "hours", "special_hours", "worked_holiday", "outside_hours", "weekday", "holiday",
    "special_day", "closure", "unknown_zone",
]  # fmt: skip
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_FAR: Final = 400
"""Days looked ahead: past a year that has only one open day."""
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Why:
    """`params`: `name` of the holiday, special day or closure, as people gave it."""

    code: WhyCode
    params: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class OpenNow:
    """`until`: when it changes; None for not within a year."""

    open: bool
    why: Why
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day as the calendar has it, closures aside."""

    intervals: tuple[Interval, ...]
    why: Why


def is_open(calendar: Calendar, closures: Iterable[Closure], at: datetime) -> OpenNow:
    zone = zone_of(calendar)
    if zone is None:
        return OpenNow(True, Why("unknown_zone"), None)
    mine = of_calendar(calendar.key, closures)
    there, why = open_at(calendar, mine, at)
    until = None
    for opens, closes in _open_spans(calendar, zone, mine, day_of(at, zone) - timedelta(days=1)):
        if closes > at:
            until = closes if there else opens
            break
    far = until is not None and until - at > timedelta(days=_FAR - 2)
    return OpenNow(there, why, None if far else until)


def open_at(calendar: Calendar, closures: Iterable[Closure], at: datetime) -> tuple[bool, Why]:
    """As `is_open`, without looking ahead: a decision asks no more."""
    zone = zone_of(calendar)
    if zone is None:
        return True, Why("unknown_zone")
    for one in closures:
        if one.calendar in ("", calendar.key) and one.starts_at <= at < one.ends_at:
            return False, Why("closure", {"name": one.reason, "message": one.message})
    today = day_of(at, zone)
    day = day_hours(calendar, today)
    if any(start <= at < end for start, end in spans(today, day.intervals, zone)):
        return True, day.why
    return False, Why("outside_hours") if day.intervals else day.why


def next_opening(calendar: Calendar, closures: Iterable[Closure], at: datetime) -> datetime | None:
    """`at` itself when we are there; None for not within a year."""
    now = is_open(calendar, closures, at)
    return at if now.open else now.until


def of_calendar(key: str, closures: Iterable[Closure]) -> tuple[Closure, ...]:
    return tuple(one for one in closures if one.calendar in ("", key))


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_of(calendar: Calendar) -> ZoneInfo | None:
    return _zone(calendar.time_zone)


def day_hours(calendar: Calendar, day: date) -> DayHours:
    """A special day before a holiday, a holiday before the week."""
    usual = calendar.week[day.weekday()]
    special = next((one for one in calendar.special_days if one.day == day), None)
    if special is not None and special.kind != "usual":
        name = {"name": special.title}
        if special.kind == "open" and special.intervals:
            return DayHours(special.intervals, Why("special_hours", name))
        return DayHours((), Why("special_day", name))
    names = holiday_names(calendar, day)
    if names and special is None and not set(names) <= calendar.worked:
        told = "; ".join(name for name in names if name not in calendar.worked)
        return DayHours((), Why("holiday", {"name": told}))
    if names and usual:
        return DayHours(usual, Why("worked_holiday", {"name": "; ".join(names)}))
    return DayHours(usual, Why("hours" if usual else "weekday"))


def holiday_names(calendar: Calendar, day: date) -> tuple[str, ...]:
    if not calendar.observe_holidays or not calendar.country:
        return ()
    found = public_holidays.of_year(calendar.country, calendar.subdivision, day.year)
    return found.get(day, ())


def _open_spans(
    calendar: Calendar, zone: ZoneInfo, closures: Sequence[Closure], start: date
) -> Iterator[Span]:
    """Open spans in order, those that touch joined (24:00 and 0:00), closures cut out."""
    closed = sorted((one.starts_at, one.ends_at) for one in closures)
    pending: Span | None = None
    for span in _cut(_week_spans(calendar, zone, start), closed):
        if pending is not None and span[0] <= pending[1]:
            pending = (pending[0], max(pending[1], span[1]))
            continue
        if pending is not None:
            yield pending
        pending = span
    if pending is not None:
        yield pending


def _week_spans(calendar: Calendar, zone: ZoneInfo, start: date) -> Iterator[Span]:
    for number in range(_FAR):
        day = start + timedelta(days=number)
        yield from spans(day, day_hours(calendar, day).intervals, zone)


def _cut(found: Iterable[Span], closed: Sequence[Span]) -> Iterator[Span]:
    for opens, closes in found:
        left = opens
        for starts, ends in closed:
            if ends <= left or starts >= closes:
                continue
            if starts > left:
                yield left, starts
            left = ends
        if left < closes:
            yield left, closes
