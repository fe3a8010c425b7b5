"""What a calendar of business hours is. Data, and how a week is written as text and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

DAY_END: Final = 24 * 60
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})")

DayKind = Literal["open", "closed", "usual"]
"""`usual`: whatever holiday it is, the hours of its weekday."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open from a minute of the day until before another; 24:00 is `DAY_END`."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{clock_text(self.opens)}–{clock_text(self.closes)}"


Week = tuple[tuple[Interval, ...], ...]
"""Seven days from Monday on; a day may have several intervals, or none."""
NEVER: Final[Week] = ((),) * 7
OFFICE_HOURS: Final[Week] = ((Interval(9 * 60, 18 * 60),),) * 5 + ((), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    day: date
    kind: DayKind
    intervals: tuple[Interval, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Closed from one moment to another, whatever the week says. `calendar` '': every calendar.

    `message` is the key of a prompt that whoever calls meanwhile may be told.
    """

    starts_at: datetime
    ends_at: datetime
    calendar: str = ""
    reason: str = ""
    message: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`worked` are holidays, by their names in the country's language, on which we are there."""

    key: str
    title: str
    time_zone: str
    week: Week = OFFICE_HOURS
    country: str = ""
    subdivision: str = ""
    observe_holidays: bool = True
    worked: frozenset[str] = frozenset()
    special_days: tuple[SpecialDay, ...] = ()
    id: int = 0


def clock_minutes(text: str) -> int | None:
    """ "9:05" and "09.05" are 545; None for what is no time of a day."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2])
    whole = hours * 60 + minutes
    return whole if minutes < 60 and whole <= DAY_END else None


def clock_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def week_to_json(week: Week) -> dict[str, list[list[str]]]:
    return {
        name: [[clock_text(one.opens), clock_text(one.closes)] for one in day]
        for name, day in zip(WEEKDAYS, week, strict=True)
    }


def week_from_json(told: Mapping[str, Sequence[Sequence[str]]]) -> Week:
    """What cannot be read of a stored week is left out: a call must not fail over it."""
    return tuple(_intervals(told.get(name, ())) for name in WEEKDAYS)


def _intervals(pairs: Iterable[Sequence[str]]) -> tuple[Interval, ...]:
    read = ((clock_minutes(pair[0]), clock_minutes(pair[1])) for pair in pairs if len(pair) == 2)
    kept = (Interval(a, b) for a, b in read if a is not None and b is not None and a < b)
    return tuple(sorted(kept))
