"""Simulated queues: what callers are told before they wait, and how long they then wait."""

from __future__ import annotations

import heapq
import random
from bisect import bisect_right
from dataclasses import dataclass, field

import pytest

from callcenter.waiting.estimate import (
    WINDOW_SECONDS,
    Estimate,
    Flow,
    busy_seconds,
    estimate,
    service_rate,
)


@dataclass
class Simulated:
    """M/M/c with abandonment, served in order; every caller notes what they are told.

    Who gives up counts as well, or the figure would be of the lucky: theirs is the wait they would
    have had. Outside a simulation that time is censored; here it is known to the second, since
    nobody who comes later is served sooner, and who leaves takes up no operator.
    """

    operators: int
    load: float
    talk: float = 180.0
    patience: float | None = None
    seed: int = 1
    told: list[tuple[Estimate, float, bool]] = field(default_factory=list)
    """What was said, the wait until their turn, and whether they were still there."""
    silent: int = 0

    def run(self, callers: int) -> Simulated:
        dice = random.Random(self.seed)
        arrivals = self.load * self.operators / self.talk
        free = [0.0] * self.operators
        heapq.heapify(free)
        now = 0.0
        begins: list[tuple[float, float, float, bool]] = []  # arrival, end of wait, talk, answered
        waiting: list[float] = []  # when those who came before stop to wait
        for _ in range(callers):
            now += dice.expovariate(arrivals)
            patience = dice.expovariate(1 / self.patience) if self.patience else float("inf")
            service = dice.expovariate(1 / self.talk)
            waiting = [end for end in waiting if end > now]
            start = max(free[0], now)
            answered = start - now <= patience
            end = start if answered else now + patience
            if start > now:
                self._tell(now, len(waiting), begins, start, answered)
                waiting.append(end)
            if answered:
                heapq.heapreplace(free, start + service)
            begins.append((now, end, service, answered))
        return self

    def _tell(self, now, ahead, begins, start, answered):
        flow = self._flow(now, begins)
        said = estimate(ahead, flow)
        if said is None:
            self.silent += 1
        else:
            self.told.append((said, start - now, answered))

    def _flow(self, now, begins):
        since = now - WINDOW_SECONDS
        first = bisect_right(begins, (since - 3600.0,))
        known = begins[first:]
        waits = [(a, min(e, now)) for a, e, _, _ in known if e > a and e > since]
        served = [one for one in known if one[3] and since < one[1] <= now]
        over = [one for one in served if one[1] + one[2] <= now]
        left = [one for one in known if not one[3] and since < one[1] <= now]
        return Flow(
            operators=self.operators,
            talks=len(over),
            talk_seconds=sum(one[2] for one in over) / len(over) if over else 0.0,
            services=sum(one[1] > one[0] for one in served),
            busy_seconds=busy_seconds(waits, since, now),
            abandons=len(left),
            waited_seconds=sum(min(e, now) - max(a, since) for a, e in waits),
        )

    @property
    def kept(self) -> float:
        """The share of those whose turn came within what they were told."""
        return _kept(self.told)

    @property
    def kept_to_the_answered(self) -> float:
        return _kept([one for one in self.told if one[2]])

    @property
    def gave_up(self) -> float:
        return sum(not answered for _, _, answered in self.told) / len(self.told)

    @property
    def bias(self) -> float:
        said = sum(one.mean for one, _, _ in self.told)
        waited = sum(wait for _, wait, _ in self.told)
        return said / waited - 1


def _kept(told):
    return sum(wait <= said.most for said, wait, _ in told) / len(told)


@pytest.mark.parametrize(
    ("operators", "load", "patience"),
    [(2, 0.7, None), (5, 0.85, None), (12, 0.9, None), (5, 1.1, 300.0), (12, 1.3, 120.0)],
)
def test_most_callers_wait_no_longer_than_they_were_told(operators, load, patience):
    queue = Simulated(operators, load, patience=patience).run(6000)
    assert len(queue.told) > 500
    assert 0.75 <= queue.kept <= 0.85
    assert abs(queue.bias) < 0.15
    if patience is not None:  # those who were answered alone would flatter it
        assert queue.gave_up > 0.2
        assert queue.kept < queue.kept_to_the_answered < 0.9


def test_an_exact_rate_gives_exactly_four_of_five():
    """Without anything to measure the formula itself is tried: Erlang stages of a known rate."""
    dice = random.Random(3)
    flow = Flow(operators=4, talks=50, talk_seconds=120.0)
    for ahead in (0, 1, 4, 15):
        said = estimate(ahead, flow)
        waits = [sum(dice.expovariate(4 / 120) for _ in range(ahead + 1)) for _ in range(4000)]
        assert sum(wait <= said.most for wait in waits) / 4000 == pytest.approx(0.8, abs=0.025)
        assert sum(waits) / 4000 == pytest.approx(said.mean, rel=0.06)


def test_who_waits_behind_others_is_told_more():
    flow = Flow(operators=3, talks=20, talk_seconds=200.0, abandons=10, waited_seconds=3000.0)
    said = [estimate(ahead, flow).most for ahead in range(20)]
    assert said == sorted(said)


def test_nothing_is_said_when_nobody_is_there_or_too_little_is_known():
    assert estimate(3, Flow()) is None
    assert estimate(3, Flow(operators=0, talks=50, talk_seconds=100.0)) is None
    assert estimate(3, Flow(operators=5, talks=4, talk_seconds=100.0)) is None


def test_more_than_half_an_hour_is_said_as_that_and_never_as_a_number():
    flow = Flow(operators=1, talks=20, talk_seconds=600.0)
    assert estimate(0, flow).minutes == 20
    assert estimate(8, flow).minutes is None


def test_operators_who_serve_other_queues_too_make_the_wait_longer():
    alone = Flow(operators=6, talks=20, talk_seconds=180.0)
    shared = Flow(operators=6, talks=20, talk_seconds=180.0, services=10, busy_seconds=1500.0)
    assert service_rate(shared) == pytest.approx(10 / 1500)
    assert estimate(2, shared).mean > 2 * estimate(2, alone).mean


def test_operators_who_have_gone_home_serve_nobody():
    flow = Flow(operators=1, talks=20, talk_seconds=180.0, services=60, busy_seconds=1200.0)
    assert service_rate(flow) == pytest.approx(1 / 180)


def test_waits_that_overlap_are_busy_once():
    waits = [(10.0, 20.0), (15.0, 30.0), (50.0, 60.0), (90.0, 200.0)]
    assert busy_seconds(waits, 12.0, 100.0) == 18.0 + 10.0 + 10.0
