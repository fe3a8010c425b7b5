"""Hours of a day as people type them: "9–13, 14:00-18:00"; "24h" is all day, nothing is closed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from callcenter.hours.calendar import DAY_END, Interval, Week, clock_minutes, clock_text

_PART: Final = re.compile(r"\s*(\d{1,2}(?:[:.]\d{2})?)\s*(?:-|–|—|to)\s*(\d{1,2}(?:[:.]\d{2})?)\s*")
_WHOLE_DAY: Final = frozenset({"24h", "24 h", "24/7", "0-24", "0–24"})
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a day's hours that cannot be taken. `code`: unreadable, reversed, past_midnight,
    too_many."""

    code: str
    text: str


def read_day(text: str) -> tuple[Interval, ...] | Unread:
    """In order of the clock; that none overlap is asked by `checks`."""
    plain = text.strip().lower()
    if plain in ("", "-", "–"):
        return ()
    if plain in _WHOLE_DAY:
        return (Interval(0, DAY_END),)
    parts = [part for part in re.split(r"[,;]", plain) if part.strip()]
    if len(parts) > _MOST:
        return Unread("too_many", text.strip())
    found: list[Interval] = []
    for part in parts:
        read = _read(part)
        if isinstance(read, Unread):
            return read
        found.append(read)
    return tuple(sorted(found))


def write_day(intervals: tuple[Interval, ...]) -> str:
    return ", ".join(str(one) for one in intervals)


def alike_days(week: Week) -> list[tuple[int, int, tuple[Interval, ...]]]:
    """(first weekday, last weekday, hours) of days in a row that are alike."""
    found = []
    for hours, days in groupby(range(7), key=lambda day: week[day]):
        numbers = list(days)
        found.append((numbers[0], numbers[-1], hours))
    return found


def _read(part: str) -> Interval | Unread:
    told = part.strip()
    found = _PART.fullmatch(part)
    if found is None:
        return Unread("unreadable", told)
    opens, closes = _minutes(found[1]), _minutes(found[2])
    if opens is None or closes is None:
        return Unread("unreadable", told)
    if opens < closes:
        return Interval(opens, closes)
    # 22:00–6:00 is two days' hours; 18:00–9:00 is more likely a slip, or the same.
    return Unread("past_midnight" if closes <= opens - 8 * 60 else "reversed", told)


def _minutes(text: str) -> int | None:
    return clock_minutes(text if len(text) > 2 else clock_text(int(text) * 60))
