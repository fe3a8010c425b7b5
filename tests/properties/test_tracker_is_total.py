"""Invariant 3: whatever happens to a stream, the tracker stands and never makes two of one call.

Every recording and story is cut, thinned, repeated and shuffled.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.calls.signals import Signal
from callcenter.calls.tracker import Tracker
from tests.scenarios.recorded import Recording, recordings
from tests.unit.calls.stories import answered_queue_call

ONE_CALL = [r for r in recordings() if r.expected_calls == 1]


def fold(signals: Sequence[Signal]) -> Tracker:
    tracker = Tracker("pbx")
    tracker.fold(signals)
    return tracker


def threads(recording: Recording) -> int:
    """Whoever consults a colleague begins a second thread: one call only from the transfer on."""
    named = {getattr(signal, "linkedid", "") for signal in recording.signals}
    return max(recording.expected_calls, len(named - {""}))


def mangle(signals: Sequence[Signal], seed: int) -> list[Signal]:
    """Drop some, repeat some, and swap neighbours at some distance."""
    rng = random.Random(seed)
    out = [s for s in signals if rng.random() > 0.2 for _ in range(rng.choice((1, 1, 1, 2)))]
    for _ in range(rng.randrange(len(out) + 1)):
        i, j = rng.randrange(len(out)), rng.randrange(len(out))
        out[i], out[j] = out[j], out[i]
    return out


@pytest.mark.parametrize("recording", recordings(), ids=lambda r: r.name)
def test_any_prefix_and_any_missing_beginning_leaves_the_tracker_standing(
    recording: Recording,
) -> None:
    most, prefix = threads(recording), Tracker("pbx")
    for cut, signal in enumerate(recording.signals):
        assert len(prefix.records()) <= most
        fold(recording.signals[cut:])
        prefix.fold([signal])


@pytest.mark.parametrize("recording", ONE_CALL, ids=lambda r: r.name)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_drops_repeats_and_swaps_never_make_two_interactions_of_one_call(
    recording: Recording, seed: int
) -> None:
    assert len(fold(mangle(recording.signals, seed)).records()) <= threads(recording)


@pytest.mark.parametrize("recording", recordings(), ids=lambda r: r.name)
def test_repeating_every_event_changes_no_record(recording: Recording) -> None:
    doubled = [signal for signal in recording.signals for _ in range(2)]
    assert fold(doubled).records() == fold(recording.signals).records()


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_facts_in_any_order_give_the_same_record(seed: int) -> None:
    """Complete but shuffled facts, with their own times, lead to the record of the right order."""
    signals = answered_queue_call().signals
    shuffled = random.Random(seed).sample(signals, len(signals))
    assert fold(shuffled).records() == fold(signals).records()


def test_memory_is_bounded_however_many_calls_end() -> None:
    tracker = Tracker("pbx", keep_ended=8)
    for number in range(200):
        tracker.fold(_another(number))
    assert len(tracker.records()) <= 8
    assert tracker.live_calls() == 0


def _another(number: int) -> list[Signal]:
    from dataclasses import fields, replace

    def renamed(signal: Signal) -> Signal:
        changes = {
            f.name: f"{number}{getattr(signal, f.name)}"
            for f in fields(signal)
            if f.name.endswith(("uniqueid", "linkedid", "bridge")) and getattr(signal, f.name)
        }
        return replace(signal, **changes)

    return [renamed(signal) for signal in answered_queue_call().signals]
