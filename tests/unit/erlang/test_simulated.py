"""The formulas against a centre that is played out call by call."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from random import Random

import pytest

from callcenter.erlang.outlook import Stream, outlook


@dataclass(slots=True)
class Played:
    offered: int = 0
    in_time: int = 0
    abandoned: int = 0
    answered_wait: float = 0.0
    busy: float = 0.0
    lasted: float = 0.0

    @property
    def answered(self) -> int:
        return self.offered - self.abandoned


def _play(servers: int, stream: Stream, seconds: float, calls: int) -> Played:
    """In order of arrival: who comes is served when the first operator is free, unless patience
    ends before."""
    random, played, now = Random(7), Played(), 0.0
    free = [0.0] * servers
    for _ in range(calls):
        now += random.expovariate(stream.rate)
        wait = max(0.0, free[0] - now)
        played.offered += 1
        if stream.patience and random.expovariate(1 / stream.patience) < wait:
            played.abandoned += 1
            continue
        talk = random.expovariate(1 / stream.handle)
        heapq.heapreplace(free, now + wait + talk)
        played.busy += talk
        played.answered_wait += wait
        played.in_time += wait <= seconds
    played.lasted = now
    return played


@pytest.mark.parametrize(
    ("servers", "stream"),
    [
        (12, Stream(rate=1 / 18, handle=180)),
        (12, Stream(rate=1 / 18, handle=180, patience=90)),
        (10, Stream(rate=1 / 15, handle=200, patience=120)),
        (60, Stream(rate=0.3, handle=200, patience=60)),
        (3, Stream(rate=0.05, handle=120, patience=600)),
    ],
    ids=["patient", "impatient", "too much load", "large", "hopeless"],
)
def test_what_is_worked_out_is_what_happens(servers: int, stream: Stream) -> None:
    told, played = outlook(servers, stream, 20), _play(servers, stream, 20, 120_000)
    assert played.in_time / played.offered == pytest.approx(told.service_level, abs=0.015)
    assert played.abandoned / played.offered == pytest.approx(told.abandonment, abs=0.01)
    assert played.answered_wait / played.answered == pytest.approx(told.asa, rel=0.05, abs=0.3)
    assert played.busy / played.lasted / servers == pytest.approx(told.occupancy, abs=0.015)
