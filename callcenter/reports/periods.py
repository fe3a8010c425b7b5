"""A stretch of local time and its parts, right across daylight saving, midnight and month ends.

Parts follow the clock on the wall: a day is from midnight to midnight and may have 23 or 25 hours;
an hour that comes twice in autumn is two parts, one that is left out in spring is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from callcenter.errors import Invalid

Part = Literal["half_hour", "hour", "day", "week", "month", "year"]
HALF: Final = timedelta(minutes=30)
LONGEST_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Bucket:
    """`key` names it in local time: 2026-11-22, 2026-11-22T09:30+01:00, 2026-W47, 2026-11, 2026."""

    key: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` until before `end`, aware UTC, seen on the clock of `zone`.

    Raises `Invalid("period")` for a period that is empty or longer than ten years, and
    `Invalid("zone")` for a zone that nobody knows.
    """

    start: datetime
    end: datetime
    zone: str = "UTC"

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period has aware bounds")
        if self.start >= self.end:
            raise Invalid("period", "must end after it begins")
        if self.end - self.start > timedelta(days=366 * LONGEST_YEARS):
            raise Invalid("period", f"must be at most {LONGEST_YEARS} years")

    @classmethod
    def days(cls, first: date, last: date, zone: str) -> Period:
        """Whole local days, both included."""
        start = local_midnight(first, zone)
        return cls(start=start, end=local_midnight(last + timedelta(days=1), zone), zone=zone)

    @classmethod
    def month(cls, year: int, month: int, zone: str) -> Period:
        first = date(year, month, 1)
        start, end = local_midnight(first, zone), local_midnight(_next_month(first), zone)
        return cls(start=start, end=end, zone=zone)

    @classmethod
    def until_now(cls, at: datetime, zone: str) -> Period:
        """Today so far: from local midnight to the end of the half hour that `at` is in."""
        today = at.astimezone(zone_of(zone)).date()
        return cls(start=local_midnight(today, zone), end=half_of(at) + HALF, zone=zone)

    @property
    def local_start(self) -> datetime:
        return self.start.astimezone(zone_of(self.zone))

    @property
    def local_end(self) -> datetime:
        return self.end.astimezone(zone_of(self.zone))

    @property
    def on_halves(self) -> bool:
        """Whether both bounds are bounds of half hours."""
        return half_of(self.start) == self.start and half_of(self.end) == self.end

    @property
    def begins_day(self) -> bool:
        return self.start == local_midnight(self.local_start.date(), self.zone)

    @property
    def ends_day(self) -> bool:
        """Whether it ends where the next day begins: not always at 00:00, as clocks may skip it."""
        return self.end == local_midnight(self.local_end.date(), self.zone)

    def previous(self) -> Period:
        """The one before it, of the same kind: whole months by months, days by days; else as long
        as this one on the wall clock."""
        first, last = self.local_start, self.local_end
        if self.begins_day and self.ends_day:
            before = _before(first.date(), last.date())
            return Period.days(before, first.date() - timedelta(days=1), self.zone)
        length = last.replace(tzinfo=None) - first.replace(tzinfo=None)
        length = length if length > timedelta() else self.end - self.start
        start = (first.replace(tzinfo=None) - length).replace(tzinfo=zone_of(self.zone))
        return Period(start=start.astimezone(UTC), end=self.start, zone=self.zone)

    def halves(self) -> Iterator[datetime]:
        """Starts of the half hours that it touches, aware UTC."""
        at = half_of(self.start)
        while at < self.end:
            yield at
            at += HALF

    def buckets(self, part: Part) -> list[Bucket]:
        """Its parts in order, the first and the last cut at its own bounds."""
        found = _hours(self, part) if part in ("half_hour", "hour") else _dates(self, part)
        return list(found)


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Invalid("zone", "must be a time zone such as Europe/Warsaw") from None


def half_of(at: datetime) -> datetime:
    """The start of the half hour that `at` is in, aware UTC."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def local_midnight(day: date, zone: str) -> datetime:
    """The first moment of a local day, aware UTC. Where clocks skip midnight, the day begins with
    the first time that there is."""
    wall = datetime.combine(day, time(), zone_of(zone))
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone_of(zone)).date() < day:  # skipped, and taken for before the skip
        return wall.replace(fold=1).astimezone(UTC)
    return moment


def _hours(period: Period, part: Part) -> Iterator[Bucket]:
    step = HALF if part == "half_hour" else 2 * HALF
    zone = zone_of(period.zone)
    at = period.start
    while at < period.end:
        local = at.astimezone(zone)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        whole = at - into % step
        end = min(whole + step, period.end)
        key = whole.astimezone(zone).isoformat(timespec="minutes")
        yield Bucket(key, at, end)
        at = end


def _dates(period: Period, part: Part) -> Iterator[Bucket]:
    first, following, name = _CALENDAR[part]
    day = first(period.local_start.date())
    while (start := local_midnight(day, period.zone)) < period.end:
        after = following(day)
        end = local_midnight(after, period.zone)
        if end > period.start:
            yield Bucket(name(day), max(start, period.start), min(end, period.end))
        day = after


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


_Step = Callable[[date], date]
_CALENDAR: Final[dict[str, tuple[_Step, _Step, Callable[[date], str]]]] = {
    "day": (lambda day: day, lambda day: day + timedelta(days=1), date.isoformat),
    "week": (
        lambda day: day - timedelta(days=day.weekday()),
        lambda day: day + timedelta(days=7),
        _week,
    ),
    "month": (lambda day: day.replace(day=1), _next_month, lambda day: f"{day:%Y-%m}"),
    "year": (
        lambda day: day.replace(month=1, day=1),
        lambda day: date(day.year + 1, 1, 1),
        lambda day: f"{day:%Y}",
    ),
}


def _before(first: date, after: date) -> date:
    """Where the period before [first, after) begins."""
    if first.day == 1 and after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        count = first.year * 12 + first.month - 1 - months
        return date(count // 12, count % 12 + 1, 1)
    return first - (after - first)
