"""Each stay in a queue is told as it was: live, and by the PBX's ledger alone."""

from __future__ import annotations

import pytest

from callcenter.reports.facts import visit_facts
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


@pytest.mark.parametrize(
    ("name", "talk", "hold"),
    [
        ("caller-from-the-queue-is-transferred-blindly", 2 + 2, 0),
        # Two with the caller, then as long on hold as she asks him; he: asked, and with the caller.
        ("caller-from-the-queue-is-transferred-after-a-word-with-the-colleague", 2 + 4, 3),
        ("caller-from-the-queue-is-transferred-after-a-word-and-then-blindly", 2 + 4 + 2, 3),
    ],
)
def test_a_question_to_a_colleague_is_hold_and_no_talk_besides(
    name: str, talk: float, hold: float
) -> None:
    recording = _BY_NAME[name]
    for signals in (recording.signals, recording.ledger):
        (call,) = records_of(recording, signals)
        (visit,) = visit_facts(call, {})
        assert (visit.talk_seconds, visit.hold_seconds) == (
            pytest.approx(talk, abs=0.5),
            pytest.approx(hold, abs=0.5),
        )
