"""Which call the demo makes next."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

from ami.simulator.traffic import DemoTraffic
from tests.support.simulator import LIBRARY


def demo() -> DemoTraffic:
    return DemoTraffic(SimpleNamespace(library=LIBRARY), callers=(), seed=3)  # type: ignore[arg-type]


def test_most_calls_are_answered_and_none_needs_more_operators_than_are_free():
    drawn = _draw(demo(), 200, free=2)
    ends = Counter(one.results[0] for one in drawn)
    assert ends["answered"] > 100
    assert ends["abandoned"] > 5
    assert max(len(one.operators) for one in drawn) == 2


def test_with_everybody_busy_only_those_call_who_ring_nobody():
    assert all(not one.operators for one in _draw(demo(), 50, free=0))


def test_a_hidden_caller_gets_a_hidden_caller_s_recording():
    traffic = demo()
    drawn = [traffic.next_recording(3, hidden=True) for _ in range(20)]
    assert {one.name for one in drawn if one} == {"hidden-caller-is-answered"}


def test_who_has_a_route_of_their_own_calls_where_every_answer_was_recorded():
    traffic = demo()
    for _ in range(50):
        recording = traffic.next_recording(3, decided=True)
        assert recording is not None
        for route in ("queue-vip", "queue-debtors", "blocked"):
            assert LIBRARY.continuing(recording, route).route == route


def _draw(traffic: DemoTraffic, times: int, free: int):
    return [one for _ in range(times) if (one := traffic.next_recording(free))]
