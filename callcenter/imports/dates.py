"""Dates in three styles: year first, day first, month first. Which one a column is in shows in all
of its values together; where nothing decides, that is said, and a person chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

Style = Literal["ymd", "dmy", "mdy"]
STYLES: Final[tuple[Style, ...]] = ("ymd", "dmy", "mdy")
_PARTS = re.compile(r"(\d{1,4})([./\-\s])(\d{1,2})\2(\d{1,4})\.?(?:[T\s,]+(\d.*))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?(?:\s*(?:Z|[+-]\d{2}:?\d{2}))?"
)
_NEVER = frozenset({"0000-00-00", "00.00.0000", "00-00-0000", "00/00/0000"})
_PIVOT = 50
"""Two digits of a year: up to here this century, above it the last one."""


@dataclass(frozen=True, slots=True)
class Found:
    """`ambiguous` when a value could be read in another style as well."""

    style: Style
    ambiguous: bool = False


def guess_style(values: Iterable[str]) -> Found | None:
    """None when most of them are no dates at all."""
    seen = {text.strip() for text in values} - _NEVER - {""}
    if not seen:
        return None
    years_first = {text for text in seen if _fits(text, "ymd")}
    others = seen - years_first
    day, month = (sum(_fits(text, style) for text in others) for style in ("dmy", "mdy"))
    if (len(years_first) + max(day, month)) * 2 < len(seen):
        return None
    if not max(day, month):
        return Found("ymd")
    dotted = all("." in text for text in others)
    return Found("dmy" if day >= month else "mdy", ambiguous=day == month and not dotted)


def _fits(text: str, style: Style) -> bool:
    try:
        return parse_day(text, style) is not None
    except ValueError:
        return False


def parse_day(text: str, style: Style) -> date | None:
    """None for a date that is written as none (`0000-00-00`)."""
    text = text.strip()
    if not text or text.partition(" ")[0] in _NEVER:
        return None
    if compact := _COMPACT.fullmatch(text):
        return _day(*compact.groups())
    found = _PARTS.fullmatch(text)
    if not found:
        raise ValueError("is not a date")
    first, second, third = found.group(1), found.group(3), found.group(4)
    if len(first) == 4:
        return _day(first, second, third)
    if style == "ymd":
        raise ValueError("is not a date with the year first")
    return _day(third, second, first) if style == "dmy" else _day(third, first, second)


def parse_moment(text: str, style: Style) -> datetime | None:
    """Without a zone: whose clock it is, the caller knows. Midnight where no time is given."""
    day = parse_day(text, style)
    if day is None:
        return None
    found = _PARTS.fullmatch(text.strip())
    rest = (found.group(5) or "").strip() if found else ""
    clock = _TIME.fullmatch(rest) if rest else None
    if rest and not clock:
        raise ValueError("is not a date and time")
    if not clock:
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 (the caller's zone)
    hour = (
        int(clock.group(1)) % 12 + 12 * (clock.group(4).lower() == "pm")
        if clock.group(4)
        else int(clock.group(1))
    )
    try:
        return datetime(  # noqa: DTZ001
            day.year, day.month, day.day, hour, int(clock.group(2)), int(clock.group(3) or 0)
        )
    except ValueError:
        raise ValueError("is not a date and time") from None


def _day(year: str, month: str, day: str) -> date:
    whole = int(year)
    if len(year) <= 2:
        whole += 2000 if whole <= _PIVOT else 1900
    elif len(year) == 3:
        raise ValueError("is not a date")
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
