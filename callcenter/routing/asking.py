"""What a condition asks of a reading: an amount, one of several values, a span of the day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from callcenter.routing.rules import Condition

Asks = Literal["flag", "at_least", "at_most", "values", "reaches", "between"]


class BrokenError(Exception):
    """The condition cannot be looked at. `why` is one of a few fixed words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


# What is asked of a reading. An amount of nothing is never reached: it would be everybody's.


def _flag(reading: Any, _condition: Condition) -> bool:
    return bool(reading)


def _at_least(reading: Any, condition: Condition) -> bool:
    return bool(reading >= condition.amount > 0)


def _at_most(reading: Any, condition: Condition) -> bool:
    return bool(reading <= condition.amount)


def _values(reading: Any, condition: Condition) -> bool:
    return not reading.isdisjoint(condition.values)


def _reaches(reading: Any, condition: Condition) -> bool:
    """Each value is digits, each the least that the reading's must reach."""
    return any(_all_reach(one, least) for one in reading for least in condition.values)


def _all_reach(scores: str, least: str) -> bool:
    if len(scores) != len(least):
        return False
    return all(has >= asked for has, asked in zip(scores, least, strict=True))


def _between(reading: Any, condition: Condition) -> bool:
    return any(_inside(str(one), span) for one in reading for span in condition.values)


def _inside(clock: str, span: str) -> bool:
    """`22:00-06:00` goes over midnight; the end itself is outside."""
    start, end = read_span(span)
    return start <= clock < end if start <= end else clock >= start or clock < end


@lru_cache(1024)
def read_span(span: str) -> tuple[str, str]:
    start, dash, end = span.partition("-")
    if not dash or not is_clock(start) or not is_clock(end):
        raise BrokenError("bad-time")
    return start, end


def is_clock(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    return bool(
        len(text) == len("00:00")
        and colon
        and (hours + minutes).isdecimal()
        and (hours + minutes).isascii()
        and int(hours) <= 24
        and int(minutes) < 60
    )


COMPARE: Final[Mapping[Asks, Callable[[Any, Condition], bool]]] = {
    "flag": _flag,
    "at_least": _at_least,
    "at_most": _at_most,
    "values": _values,
    "reaches": _reaches,
    "between": _between,
}
