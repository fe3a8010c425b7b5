"""Waits as a histogram of fixed bounds, so that any usual target is answered from aggregates."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

BOUNDS: Final = (5, 10, 15, 20, 25, 30, 40, 45, 60, 90, 120, 180, 300, 600)
"""Seconds. A wait of exactly a bound is within it."""
DEFAULT_SECONDS: Final = 20
DEFAULT_PERCENT: Final = 80
"""The usual "80/20": eight of ten callers answered within twenty seconds."""
DEFAULT_SHORT_SECONDS: Final = 5


def answered_within(bound: int) -> str:
    """The name of the sum that counts answers within `bound` seconds, one of BOUNDS."""
    return f"answered_in_{bound}"


def abandoned_within(bound: int) -> str:
    return f"abandoned_in_{bound}"


def bounds_of(wait: float) -> tuple[int, ...]:
    """Every bound that a wait of so many seconds is within."""
    return BOUNDS[bisect_left(BOUNDS, wait) :]
