"""The order of a recording's signals, where its file does not keep it.

Databases are often asked for the newest row first, and exports sort by other columns than time. A
clock that was set back is no reason to reorder: that shows once, not at every other record.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from callcenter.calls.signals import Signal

Item = Signal | str

_FEW_STEPS_BACK = 3
_ONE_IN = 50


def in_order(items: Sequence[Item]) -> Sequence[Item]:
    """By time when the file is plainly not. A record without a time stays behind its neighbour."""
    times = _times(items)
    back = _steps_back(times)
    if back <= max(_FEW_STEPS_BACK, len(items) // _ONE_IN):
        return items
    if back > len(set(times)) // 2:
        items = items[::-1]
        times = _times(items)
    order = sorted(range(len(items)), key=times.__getitem__)
    return [items[at] for at in order]


def _steps_back(times: Sequence[float]) -> int:
    return sum(one > other for one, other in pairwise(times))


def _times(items: Sequence[Item]) -> list[float]:
    last = 0.0
    times = []
    for item in items:
        if isinstance(item, Signal) and item.at is not None:
            last = item.at.timestamp()
        times.append(last)
    return times
