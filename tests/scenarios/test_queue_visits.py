"""Each stay in a queue is told as it was: live, and by the PBX's ledger alone."""

from __future__ import annotations

import pytest

from tests.scenarios.recorded import recordings
from tests.scenarios.test_recordings import records_of

_BY_NAME = {recording.name: recording for recording in recordings()}
TRUTH = {
    "inbound-call-is-answered-through-the-queue": [("support", "answered", 2)],
    "caller-gives-up-in-the-queue": [("support", "abandoned", 4)],
    "caller-overflows-from-one-queue-to-the-next-and-is-answered": [
        ("support", "overflow", 3),
        ("sales", "answered", 1),
    ],
    "caller-chooses-in-the-menu-and-again-while-waiting": [
        ("support", "overflow", 1),
        ("sales", "answered", 2),
    ],
    "caller-leaves-the-queue-by-a-key-and-is-answered-elsewhere": [("support", "overflow", 1)],
    "caller-waits-in-the-queue-until-its-time-is-over": [("support", "given_up", 7)],
    "caller-whose-time-in-the-queue-is-over-leaves-a-message": [("support", "overflow", 3)],
    "queue-without-anybody-takes-no-caller": [("support", "closed", 0)],
    "callee-transfers-the-caller-blindly-to-a-queue": [("support", "answered", 1)],
    "colleague-picks-up-a-call-of-the-queue": [("support", "answered", 3)],
    "waiting-caller-is-called-up-by-a-supervisor": [("support", "answered", 3)],
}


@pytest.mark.parametrize("name", TRUTH)
def test_visits_are_told_as_they_were(name: str) -> None:
    recording = _BY_NAME[name]
    for signals in (
        recording.signals,
        recording.ledger,
        [*recording.signals, *recording.ledger],
    ):
        (call,) = records_of(recording, signals)
        told = [(visit.queue, visit.how, visit.wait_seconds) for visit in call.queue_visits]
        assert [one[:2] for one in told] == [one[:2] for one in TRUTH[name]]
        for (_, _, wait), (_, _, truth) in zip(told, TRUTH[name], strict=True):
            assert wait == pytest.approx(truth, abs=1.0)
