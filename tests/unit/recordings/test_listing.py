"""Which recordings a call has, and where in the sound something is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.calls.record import CallRecord, Leg, SoundFile, Transfer
from callcenter.recordings.listing import place, places, recordings_of
from callcenter.recordings.rights import may_hear
from callcenter.rights.viewer import built_in
from tests.support.call_records import call_record

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def leg(name: str, answered: float | None, ended: float | None, *sounds: SoundFile) -> Leg:
    return Leg(
        channel=f"PJSIP/{name}-1",
        uniqueid=name,
        endpoint=f"PJSIP/{name}",
        number=name,
        name="",
        role="caller" if name == "trunk" else "callee",
        ringing_at=NOON,
        answered_at=at(answered) if answered is not None else None,
        ended_at=at(ended) if ended is not None else None,
        result="answered",
        talk_seconds=0.0,
        hold_seconds=0.0,
        recordings=sounds,
    )


def sound(file: str, start: float, stop: float | None, *pauses: tuple[float, float]) -> SoundFile:
    return SoundFile(
        file=file,
        started_at=at(start),
        stopped_at=at(stop) if stop is not None else None,
        pauses=tuple((at(a), at(b)) for a, b in pauses),
    )


def call(*legs: Leg, ended: float | None = 60, **changes: object) -> CallRecord:
    return call_record(
        live=ended is None,
        legs=legs,
        ended_at=at(ended) if ended is not None else None,
        **changes,
    )


QUEUED = call(
    leg("trunk", 0, 60, sound("1.wav", 0, 60, (30, 40))),
    leg("1001", 20, 45),
    leg("1002", 45, 60),
    transfers=(Transfer(kind="attended", by="1001", to="1002", at=at(45)),),
)


def test_recordings_are_numbered_as_they_began_and_each_file_counts_once() -> None:
    record = call(
        leg("trunk", 0, 60, sound("b.wav", 30, 60), sound("a.wav", 0, 30)),
        leg("1001", 5, 60, sound("b.wav", 31, 60), sound("", 40, 60)),
    )
    found = [(one.number, one.file) for one in recordings_of(record)]
    assert found == [(1, "a.wav"), (2, "b.wav")]
    assert recordings_of(call()) == ()


def test_one_that_is_being_made_has_no_end() -> None:
    (live,) = recordings_of(call(leg("trunk", 0, None, sound("1.wav", 0, None)), ended=None))
    assert live.stopped_at is None
    (stopped,) = recordings_of(call(leg("trunk", 0, None, sound("1.wav", 0, 9)), ended=None))
    assert stopped.stopped_at == at(9)
    (unseen,) = recordings_of(call(leg("trunk", 0, None, sound("1.wav", 0, None))))
    assert unseen.stopped_at == at(60)


def test_a_sound_kept_only_while_two_talk_begins_with_the_first_word() -> None:
    (one,) = recordings_of(QUEUED)
    assert places(one, [(at(30), at(40))], 40.0) == [(10.0, 20.0)]
    assert place(one, at(45), 40.0) == 25.0
    assert [(mark.kind, mark.who) for mark in one.marks] == [
        ("joined", "PJSIP/1001"),
        ("left", "PJSIP/1001"),
        ("joined", "PJSIP/1002"),
        ("transfer", "1002"),
    ]


def test_a_sound_kept_all_the_time_begins_with_the_recording() -> None:
    (one,) = recordings_of(QUEUED)
    assert places(one, [(at(30), at(40))], 60.0) == [(30.0, 40.0)]


def test_a_sound_of_an_unexpected_length_is_counted_from_its_end() -> None:
    (one,) = recordings_of(QUEUED)
    assert place(one, at(45), 35.0) == 20.0


def test_waiting_between_two_talks_is_not_in_the_sound() -> None:
    record = call(
        leg("trunk", 0, 60, sound("1.wav", 0, 60)), leg("1001", 10, 20), leg("1002", 40, 60)
    )
    (one,) = recordings_of(record)
    assert place(one, at(15), 30.0) == 5.0
    assert place(one, at(30), 30.0) == 10.0
    assert place(one, at(50), 30.0) == 20.0


def test_gaps_outside_of_the_sound_are_left_out_and_cut() -> None:
    (one,) = recordings_of(QUEUED)
    spans = [(at(-9), at(-5)), (at(55), at(90)), (at(70), at(80)), (at(30), at(30))]
    assert places(one, spans, 40.0) == [(35.0, 40.0)]


@pytest.mark.parametrize("seconds", [0.0, 12.0])
def test_a_recording_of_which_no_time_is_known_has_no_places(seconds: float) -> None:
    bare = SoundFile(file="1.wav", started_at=None, stopped_at=None)
    record = call(replace(leg("trunk", None, None), recordings=(bare,)), ended=None)
    (one,) = recordings_of(record)
    assert places(one, [(at(1), at(2))], seconds) == [] or seconds > 0


def test_operators_hear_what_they_said_themselves_and_supervisors_everything() -> None:
    assert may_hear(built_in(7, "operator"), {7, 8})
    assert not may_hear(built_in(9, "operator"), {7, 8})
    assert not may_hear(built_in(9, "operator"), set())
    assert may_hear(built_in(9, "supervisor"), set())
    assert may_hear(built_in(9, "admin"), {7})
