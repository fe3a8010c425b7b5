"""Every recording of the real PBX, from the live stream, from the ledger, and from both at once,
gives the calls that truly happened.

The truth in `scenario.json` is what the callers and phones were told to do (their own clocks), not
what any of our code made of the events. Seconds agree within half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from callcenter.calls.record import CallRecord
from callcenter.calls.signals import PbxStarted, Signal
from callcenter.calls.topology import Topology, endpoint_of
from callcenter.calls.tracker import Tracker
from tests.scenarios.recorded import Recording, recordings

TOLERANCE = 0.5
LAB = Topology(trunks=("PJSIP/trunk*",))

every_recording = pytest.mark.parametrize("recording", recordings(), ids=lambda r: r.name)


def records_of(recording: Recording, signals: Sequence[Signal]) -> list[CallRecord]:
    tracker = Tracker(recording.truth["pbx"], LAB)
    tracker.fold(signals)
    return tracker.records()


def seen(call: CallRecord) -> dict[str, Any]:
    refused = ("busy", "rejected", "failed")
    rung = [g for g in call.legs if g.role == "callee" and (g.ringing_at or g.result in refused)]
    caller = next(leg for leg in call.legs if leg.role == "caller")
    by = "caller" if call.hangup_by == caller.channel else "callee"
    return {
        "direction": call.direction,
        "result": call.result,
        "number": call.caller_number,
        "name": call.caller_name,
        "dialed": call.dialed,
        "queues": list(call.queues),
        "menu": list(call.menu),
        "rang": sorted({leg.endpoint for leg in rung}),
        "answered_by": [endpoint_of(channel) for channel in call.answered_by],
        "hangup_by": by if call.hangup_by else "pbx",
        "last_speaker": endpoint_of(call.last_speaker),
        "legs": sorted((leg.endpoint, leg.role, leg.result) for leg in call.legs),
        "transfers": [(t.kind, endpoint_of(t.by), t.to) for t in call.transfers],
    }


def told(truth: dict[str, Any]) -> dict[str, Any]:
    """The truth in the same words; what nobody wrote down is not there, and not compared."""
    words = {
        key: truth[key] for key in ("direction", "result", "number", "name", "dialed", "queues")
    }
    words |= {"hangup_by": truth["hangup_by"], "rang": sorted(set(truth["rang"]))}
    words["answered_by"] = truth["answered_by"]
    if truth.get("last_speaker"):
        words["last_speaker"] = truth["last_speaker"]
    if truth.get("legs"):
        words["legs"] = sorted((g["endpoint"], g["role"], g["result"]) for g in truth["legs"])
    if truth.get("transfers") is not None:
        words["transfers"] = [(t["kind"], t["by"], t["to"]) for t in truth["transfers"]]
    if truth.get("menu") is not None:
        words["menu"] = truth["menu"]
    return words


def as_the_ledger_knows(facts: dict[str, Any]) -> dict[str, Any]:
    """It does not tell whom a spy heard, nor a phone that rang out from one that was let off."""
    legs = [
        (endpoint, role, "missed" if role == "callee" and result == "cancelled" else result)
        for endpoint, role, result in facts.get("legs", ())
        if role != "spy"
    ]
    return {**facts, "legs": sorted(legs)} if "legs" in facts else facts


def music_is_told(recording: Recording) -> bool:
    """The ledger of Asterisk 16 says nothing of the music that tells of a hold."""
    return not str(recording.truth["asterisk"]).startswith("16")


def check(recording: Recording, records: Sequence[CallRecord], *, live: bool = True) -> None:
    truth = sorted(recording.truth["calls"], key=lambda c: (c["number"], c["dialed"]))
    made = sorted(records, key=lambda c: (c.caller_number, c.dialed))
    hold = live or music_is_told(recording)
    assert len(made) == len(truth)
    for call, expected in zip(made, truth, strict=True):
        words, facts = told(expected), seen(call)
        if not live:
            words, facts = as_the_ledger_knows(words), as_the_ledger_knows(facts)
        assert {key: facts[key] for key in words} == words
        assert call.wait_seconds == pytest.approx(expected["wait_seconds"], abs=TOLERANCE)
        assert call.live is bool(expected.get("live", False))
        held = [leg["hold_seconds"] for leg in expected.get("legs", ())]
        if not call.end_seen:  # its PBX died: it lasted until that was heard of last, or longer
            assert call.talk_seconds <= expected["talk_seconds"] + TOLERANCE
            continue
        if hold or not any((expected.get("hold_seconds"), *held)):
            assert call.talk_seconds == pytest.approx(expected["talk_seconds"], abs=TOLERANCE)
        if hold and expected.get("hold_seconds") is not None:
            assert call.hold_seconds == pytest.approx(expected["hold_seconds"], abs=TOLERANCE)
        check_legs(call, expected, hold=hold)


def check_legs(call: CallRecord, expected: dict[str, Any], *, hold: bool) -> None:
    people = [leg for leg in call.legs if leg.role != "spy"]
    legs = sorted(people, key=lambda g: (g.endpoint, g.role, g.talk_seconds + g.hold_seconds))
    wanted = sorted(
        (g for g in expected.get("legs", ()) if g["role"] != "spy"),
        key=lambda g: (g["endpoint"], g["role"], g["talk_seconds"] + g["hold_seconds"]),
    )
    for leg, truth in zip(legs, wanted, strict=False):
        both = truth["talk_seconds"] + truth["hold_seconds"]
        assert leg.talk_seconds + leg.hold_seconds == pytest.approx(both, abs=TOLERANCE), leg
        if hold:
            assert leg.talk_seconds == pytest.approx(truth["talk_seconds"], abs=TOLERANCE), leg


@every_recording
def test_the_live_stream_tells_what_happened(recording: Recording) -> None:
    check(recording, records_of(recording, recording.signals))


@every_recording
def test_the_ledger_alone_tells_what_happened(recording: Recording) -> None:
    check(recording, records_of(recording, recording.ledger), live=False)


@every_recording
def test_stream_and_ledger_together_tell_it_once(recording: Recording) -> None:
    both = [*recording.signals, *recording.ledger]
    check(recording, records_of(recording, both))
    if not any(isinstance(signal, PbxStarted) for signal in recording.ledger):
        # That the PBX has booted carries no time: it means the moment in which it is read.
        timed = [signal for signal in both if signal.at is not None]
        check(recording, records_of(recording, timed[::-1]))


def by_name(name: str) -> Recording:
    return next(recording for recording in recordings() if recording.name == name)


def sounds(recording: Recording, signals: Sequence[Signal]) -> list[tuple[str, int, int]]:
    """Per recording of sound: the file, for how many whole seconds, and how often it paused."""
    (call,) = records_of(recording, signals)
    return [
        (
            sound.file.rpartition("/")[2],
            round((sound.stopped_at - sound.started_at).total_seconds()),
            len(sound.pauses),
        )
        for leg in call.legs
        for sound in leg.recordings
        if sound.started_at is not None and sound.stopped_at is not None
    ]


def test_recordings_of_the_sound_are_listed_with_their_times() -> None:
    again = by_name("recording-is-stopped-and-begun-again-by-the-dialplan")
    both = [*again.signals, *again.ledger]
    for signals in (again.signals, again.ledger, both, both[::-1]):
        listed = sounds(again, [s for s in signals if s.at is not None])
        assert [name[-8:] for name, _, _ in listed] == ["menu.wav", "talk.wav"]
        assert [length for _, length, _ in listed] == [1, pytest.approx(3.5, abs=0.6)]


def test_a_recording_muted_from_the_crm_has_a_pause() -> None:
    muted = by_name("recording-is-begun-muted-and-stopped-from-the-crm")
    assert sounds(muted, muted.signals) == [("from-the-crm.wav", 3, 1)]
