"""How long a caller will wait, said so that it is mostly true; or nothing rather than a lie.

In a queue that is served in order, whoever has `ahead` others before them waits for `ahead + 1`
departures. While somebody waits, every operator is busy, so services end at the rate `r` of all of
them together; and with j still ahead, those leave by themselves at j * t, if t is how often one who
waits gives up. Each stage is exponential, so the wait has

    mean      sum over j = 0..ahead of 1 / (r + j t)
    variance  sum over j = 0..ahead of 1 / (r + j t)^2

(Ward Whitt, "Improving Service by Informing Customers About Anticipated Delays", Management Science
45(2), 1999, for M/M/s/r queues with reneging.) What is said is the time within which four of five
callers of that place are answered: the 80th percentile of a gamma distribution of that mean and
variance (exact without abandons, where the sum is an Erlang distribution; by Wilson and Hilferty's
cube root).

`r` is measured twice. Operators now, divided by the mean time one is taken up by a call, follows a
shift that begins or ends at once but knows nothing of the other queues these operators serve; the
services that began in the last half hour while somebody waited, divided by how long somebody did,
know that but lag. Where the two agree the second is taken, else the slower one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WINDOW_SECONDS: Final = 1800.0
LONGEST_SECONDS: Final = 1800.0
"""Nobody is told a number of minutes above that: "more than 30 minutes"."""
STEPS: Final = (1, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30)
"""Minutes that are said: a figure to the minute would promise what nobody knows."""
_FEWEST_TALKS = 5
_FEWEST_SERVICES = 8
_AGREE = 1.5
_Z_80 = 0.8416


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One queue over the recent past. `operators`: who could take its calls, free or not."""

    operators: int = 0
    talks: int = 0
    talk_seconds: float = 0.0
    """The mean time that one call takes up an operator, over `talks` calls."""
    services: int = 0
    busy_seconds: float = 0.0
    """Services that began while somebody waited, and how long somebody did."""
    abandons: int = 0
    waited_seconds: float = 0.0
    """All waiting taken together: divided by the abandons, how long one waits until giving up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Of seconds. `most`: four of five wait less."""

    mean: float
    most: float

    @property
    def minutes(self) -> int | None:
        """What is said: under so many minutes. None: more than the longest of STEPS."""
        return next((step for step in STEPS if self.most <= step * 60), None)


def estimate(ahead: int, flow: Flow) -> Estimate | None:
    """None where too little is known, or nobody is there to serve."""
    rate = service_rate(flow)
    if rate is None:
        return None
    leaving = flow.abandons / flow.waited_seconds if flow.waited_seconds > 0 else 0.0
    stages = [1.0 / (rate + j * leaving) for j in range(ahead + 1)]
    mean, variance = sum(stages), sum(one * one for one in stages)
    return Estimate(mean=mean, most=_percentile_80(mean, variance))


def service_rate(flow: Flow) -> float | None:
    """Services a second while somebody waits."""
    if flow.operators < 1:
        return None
    able = taken = None
    if flow.talks >= _FEWEST_TALKS and flow.talk_seconds > 0:
        able = flow.operators / flow.talk_seconds
    if flow.services >= _FEWEST_SERVICES and flow.busy_seconds > 0:
        taken = flow.services / flow.busy_seconds
    if able is None or taken is None:
        return able or taken
    agree = able / _AGREE <= taken <= able * _AGREE
    return taken if agree else min(able, taken)


def busy_seconds(waits: Iterable[tuple[float, float]], since: float, until: float) -> float:
    """How long at least one of these waits (from, to) went on between the two moments."""
    total, reached = 0.0, since
    for start, end in sorted(waits):
        start, end = max(start, reached), min(end, until)  # noqa: PLW2901
        if end > start:
            total += end - start
            reached = end
    return total


def _percentile_80(mean: float, variance: float) -> float:
    ninth = variance / (9.0 * mean * mean)
    return float(mean * (1.0 - ninth + _Z_80 * ninth**0.5) ** 3)
