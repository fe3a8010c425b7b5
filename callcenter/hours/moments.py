"""From a clock on the wall to a moment, right on the two days a year that are not 24 hours long.

A time that the clock skips is the moment of the skip. Of a time that comes twice, hours open at
the first and close at the second, so that nobody is sent away in between and called back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callcenter.hours.calendar import DAY_END, Interval

_SECOND = timedelta(seconds=1)


def spans(
    day: date, intervals: Iterable[Interval], zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """The intervals of a local day as moments; one that falls into a skipped hour is not there."""
    for one in intervals:
        start = moment(day, one.opens, zone)
        end = moment(day, one.closes, zone, second=one.closes < DAY_END)
        if start < end:
            yield start, end


def moment(day: date, minutes: int, zone: ZoneInfo, *, second: bool = False) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = _utc(wall, zone, fold=int(second))
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    # Read with the offset before the skip it lies after it, and the other way round.
    return _skip(_utc(wall, zone, fold=1), _utc(wall, zone, fold=0), zone)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _utc(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _skip(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
