"""Local time in SQL: a half hour's local day and its place in that day, right across changes of the
clock, by the offset that held in each stretch of the period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, case, literal

from callcenter.reports.folding import number_of
from callcenter.reports.periods import HALF, Period, half_of, zone_of


def offsets(period: Period) -> list[tuple[int, int]]:
    """(half hour from which it holds, offset in half hours), the first from the beginning."""
    zone = zone_of(period.zone)
    found: list[tuple[int, int]] = []
    at = half_of(period.start)
    while at < period.end:
        offset = at.astimezone(zone).utcoffset() or timedelta()
        if not found or found[-1][1] != offset // HALF:
            found.append((number_of(at), offset // HALF))
        at = _next(at, period, offset)
    return found


def _next(at: Any, period: Period, offset: timedelta) -> Any:
    """The next half hour with another offset; a step too far is taken back by halves."""
    zone = zone_of(period.zone)
    step = timedelta(days=7)
    while at < period.end:
        after = at + step
        if (after.astimezone(zone).utcoffset() or timedelta()) == offset:
            at = after
        elif step == HALF:
            return after
        else:
            step = max(HALF, half_of(at + step / 2) - at) if step > HALF * 2 else HALF
    return at


def is_on_halves(period: Period) -> bool:
    """Whether its local days begin on half hours of UTC; not so in Nepal."""
    zone = zone_of(period.zone)
    moments = (period.start, period.end)
    return period.on_halves and all(
        (at.astimezone(zone).utcoffset() or timedelta()) % HALF == timedelta() for at in moments
    )


def local(number: ColumnElement[Any], period: Period) -> ColumnElement[Any]:
    """Half hours since 1970 on the clock of the wall."""
    return number + _offset(number, offsets(period))


def _offset(number: ColumnElement[Any], known: Sequence[tuple[int, int]]) -> ColumnElement[Any]:
    if len(known) == 1:
        return literal(known[0][1])
    whens = [(number < until, offset) for (_, offset), (until, _) in pairwise(known)]
    return case(*whens, else_=known[-1][1])
