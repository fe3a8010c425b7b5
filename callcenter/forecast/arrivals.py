"""What a half hour is expected to bring: the same weekday and half hour of the weeks before, newer
weeks counting for more; and how much today is above or below that.

A weighted mean of the same half hours is the plain method of the field (e.g. N. Gans, G. Koole and
A. Mandelbaum, "Telephone call centers", M&SOM 5(2), 2003, section 6.3.1 on forecasts). Today's
level: days are busier or quieter as a whole. If that factor has mean 1 and variance v (a gamma
distribution) and calls are Poisson, then after `expected` calls of which `came` were seen its best
estimate is (1/v + came) / (1/v + expected): little is believed of a short morning, all of a long
day. v is measured from the days before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from typing import Final
from zoneinfo import ZoneInfo

HALF: Final = timedelta(minutes=30)
WEEKS: Final = 8
"""So many weeks back are looked at."""
FADE: Final = 0.8
"""How much a week counts, of what the one after it counts."""
_LEAST_VARIANCE: Final = 0.0004
_MOST_LEVEL: Final = 3.0

Open = Callable[[datetime], bool]
"""Is somebody there in the half hour that begins then?"""
Slot = tuple[int, int]
"""Weekday (0 is Monday) and minute of the day at which the half hour begins, on the local clock."""


def always(_half: datetime) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """`offered`: calls of each half hour (UTC start) from `since` until before `until`, seen on the
    clock of `zone`. One that is missing had none; a day of which all are is not known."""

    offered: Mapping[datetime, float]
    since: datetime
    until: datetime
    zone: ZoneInfo
    is_open: Open = always


@dataclass(frozen=True, slots=True)
class Expectation:
    """`weeks`: how many past half hours it is made of; 0: none were alike, so nothing is known."""

    calls: float = 0.0
    weeks: int = 0


@dataclass(slots=True)
class Pattern:
    """The week as it usually is, for half hours from `until` of the past on."""

    past: Past
    _slots: dict[Slot, list[tuple[date, float]]] = field(default_factory=dict)
    _variance: float = 0.0

    def expected(self, half: datetime) -> Expectation:
        """Of the half hour that begins then; nothing in a half hour that nobody is there for."""
        if not self.past.is_open(half):
            return Expectation()
        day, slot = _local(half, self.past.zone)
        return _mean(self._slots.get(slot, ()), day)

    def level(self, halves: Iterable[datetime]) -> float:
        """How today is, of what was expected: 1.1 is ten percent more. `halves` are over; what
        they brought is in `past.offered`."""
        came = expected = 0.0
        for half in halves:
            told = self.expected(half)
            if told.weeks:
                came, expected = came + self.past.offered.get(half, 0.0), expected + told.calls
        prior = 1.0 / self._variance
        return min(_MOST_LEVEL, (prior + came) / (prior + expected))


def pattern(past: Past) -> Pattern:
    """Half hours in which nobody was there do not count, nor days without a single call: a holiday
    that no calendar knows, or a telephone system that was away."""
    found = Pattern(past)
    alive = {_local(half, past.zone)[0] for half, calls in past.offered.items() if calls}
    for half in _halves(past.since, past.until):
        day, slot = _local(half, past.zone)
        if day in alive and past.is_open(half):
            calls = past.offered.get(half, 0.0)
            found._slots.setdefault(slot, []).append((day, calls))
    found._variance = max(_LEAST_VARIANCE, _day_variance(found))
    return found


def next_hour(found: Pattern, at: datetime) -> float:
    """Calls of the sixty minutes from `at` on, today's level counted in."""
    first = floor(at)
    level = found.level(_today(found.past.zone, first))
    calls, end = 0.0, at + 2 * HALF
    for half in (first, first + HALF, first + 2 * HALF):
        part = (min(end, half + HALF) - max(at, half)) / HALF
        calls += max(0.0, part) * found.expected(half).calls
    return level * calls


def floor(at: datetime) -> datetime:
    """The start of the half hour, on the clock of UTC as all aggregates have it."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def _today(zone: ZoneInfo, first: datetime) -> Iterable[datetime]:
    day, half = _local(first, zone)[0], first - HALF
    while _local(half, zone)[0] == day:
        yield half
        half -= HALF


def _halves(since: datetime, until: datetime) -> Iterable[datetime]:
    half = floor(since)
    while half < until:
        yield half
        half += HALF


def _local(half: datetime, zone: ZoneInfo) -> tuple[date, Slot]:
    here = half.astimezone(zone)
    return here.date(), (here.weekday(), here.hour * 60 + here.minute)


def _mean(alike: Iterable[tuple[date, float]], day: date) -> Expectation:
    weight = total = 0.0
    weeks = 0
    for past_day, calls in alike:
        age = (day - past_day).days // 7
        if age < 1:
            continue
        share = FADE**age
        weight, total, weeks = weight + share, total + share * calls, weeks + 1
    return Expectation(total / weight, weeks) if weeks else Expectation()


def _day_variance(found: Pattern) -> float:
    """Of the days' factor: what the days' totals vary more than chance alone makes them."""
    totals: dict[date, list[float]] = {}
    for alike in found._slots.values():
        usual = fmean(calls for _, calls in alike)
        if len(alike) > 1:
            for day, calls in alike:
                total = totals.setdefault(day, [0.0, 0.0])
                total[0], total[1] = total[0] + calls, total[1] + usual
    expected = sum(usual for _, usual in totals.values())
    squares = sum(usual * usual for _, usual in totals.values())
    surplus = sum((came - usual) ** 2 for came, usual in totals.values()) - expected
    return surplus / squares if squares else 0.0
