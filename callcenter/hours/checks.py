"""What is wrong with a calendar or a closure, or looks like a slip. Codes and values; words are
the door's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

from callcenter.hours import public_holidays
from callcenter.hours.calendar import (
    DAY_END,
    WEEKDAYS,
    Calendar,
    Closure,
    Interval,
    clock_text,
)
from callcenter.hours.opening import zone_of

LONGEST_TITLE: Final = 80
LONGEST_CLOSURE: Final = timedelta(days=366)
_SMALL_GAP = 15
"""Minutes. Longer ones are a break that somebody means."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """`field`: title, time_zone, country, a weekday of `WEEKDAYS`, week, day, starts_at, ends_at.

    An error is refused, a warning is shown and kept."""

    field: str
    code: str
    params: Mapping[str, str] = made_by(default_factory=lambda: _NOTHING)
    severity: Literal["error", "warning"] = "error"


def check_calendar(calendar: Calendar, today: date) -> tuple[Problem, ...]:
    return (*_frame(calendar), *_week(calendar, today))


def check_day(intervals: Iterable[Interval], name: str) -> Iterator[Problem]:
    """The hours of one day: nothing twice, and no gap that nobody would mean."""
    found = sorted(intervals)
    for one in found:
        if not 0 <= one.opens < one.closes <= DAY_END:
            yield Problem(name, "reversed", {"text": str(one)})
    for first, second in pairwise(found):
        told = {"first": str(first), "second": str(second)}
        if second.opens < first.closes:
            yield Problem(name, "overlap", told)
        elif 0 < second.opens - first.closes <= _SMALL_GAP:
            yield Problem(name, "gap", _between(first.closes, second.opens), "warning")
    if found and 0 < DAY_END - found[-1].closes <= _SMALL_GAP:
        yield Problem(name, "gap", _between(found[-1].closes, DAY_END), "warning")


def check_closure(closure: Closure, now: datetime) -> tuple[Problem, ...]:
    if closure.ends_at <= closure.starts_at:
        return (Problem("ends_at", "closure_reversed"),)
    if closure.ends_at <= now:
        return (Problem("ends_at", "closure_past"),)
    if closure.ends_at - closure.starts_at > LONGEST_CLOSURE:
        return (Problem("ends_at", "closure_long"),)
    return ()


def check_special_day(day: date, intervals: Iterable[Interval], today: date) -> tuple[Problem, ...]:
    past = (Problem("day", "day_past"),) if day < today else ()
    return (*past, *check_day(intervals, "day_hours"))


def _frame(calendar: Calendar) -> Iterator[Problem]:
    if not calendar.title.strip():
        yield Problem("title", "title_missing")
    if zone_of(calendar) is None:
        yield Problem("time_zone", "unknown_zone", {"zone": calendar.time_zone})
    if not calendar.country:
        return
    if calendar.country not in public_holidays.countries():
        yield Problem("country", "unknown_country", {"country": calendar.country})
    elif calendar.subdivision and calendar.subdivision not in public_holidays.subdivisions(
        calendar.country
    ):
        yield Problem("subdivision", "unknown_subdivision", {"part": calendar.subdivision})


def _week(calendar: Calendar, today: date) -> Iterator[Problem]:
    for name, day in zip(WEEKDAYS, calendar.week, strict=True):
        yield from check_day(day, name)
    if any(calendar.week):
        yield from _seams(calendar)
        return
    # A calendar of special days alone is one that somebody may mean.
    opens = any(one.kind == "open" and one.day >= today for one in calendar.special_days)
    yield Problem("week", "never_open", severity="warning" if opens else "error")


def _seams(calendar: Calendar) -> Iterator[Problem]:
    """23:59 and 00:05: a day's end is told by `check_day`, a late start after midnight here."""
    for number, name in enumerate(WEEKDAYS):
        before, day = calendar.week[number - 1], calendar.week[number]
        if not before or not day or before[-1].closes < DAY_END - _SMALL_GAP:
            continue
        if 0 < day[0].opens <= _SMALL_GAP:
            yield Problem(name, "gap", _between(0, day[0].opens), "warning")


def _between(start: int, end: int) -> dict[str, str]:
    return {"from": clock_text(start), "to": clock_text(end)}
