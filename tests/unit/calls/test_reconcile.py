"""What the ledger makes of calls that were told live: fuller, never poorer, never alive again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.calls import signals as s
from callcenter.calls.reconcile import agree, is_whole, reconcile, repairs_of
from callcenter.calls.record import CallRecord, SoundFile
from callcenter.calls.recovery import combine
from callcenter.calls.signals import Signal
from tests.unit.calls.stories import Story, answered_queue_call, at


def whole() -> tuple[CallRecord, list[Signal]]:
    story = answered_queue_call()
    return story.told().call, story.signals


def test_a_call_that_both_tell_alike_needs_nothing() -> None:
    record, signals = whole()
    assert is_whole(signals, record)
    assert agree(record, record)
    assert repairs_of(record, reconcile(record, record, signals), at(60)) == (None, ())


def test_a_call_that_nobody_heard_of_is_added_with_a_reason() -> None:
    record, _ = whole()
    written, repairs = repairs_of(None, record, at(60))
    assert written == record
    assert [(r.cause, r.field, r.after) for r in repairs] == [("missed", "result", "answered")]


def test_a_call_left_hanging_is_ended_as_the_ledger_says() -> None:
    record, signals = whole()
    hanging = replace(record, live=True, ended_at=None, result="unknown", talk_seconds=0.0)
    final = reconcile(hanging, record, signals)
    written, repairs = repairs_of(hanging, final, at(60))
    assert written is not None
    assert (written.live, written.result, written.talk_seconds) == (False, "answered", 20.0)
    assert {r.cause for r in repairs} == {"unfinished"}
    assert ("live", "yes", "no") in [(r.field, r.before, r.after) for r in repairs]


def test_what_only_the_live_stream_knew_stays() -> None:
    record, signals = whole()
    legs = tuple(replace(leg, hold_seconds=5.0, talk_seconds=15.0) for leg in record.legs)
    told = replace(record, legs=legs, hold_seconds=5.0, talk_seconds=15.0, dialed="wrong")
    final = reconcile(told, record, signals)
    assert (final.dialed, final.hold_seconds, final.talk_seconds) == (record.dialed, 5.0, 15.0)
    assert final.legs[1].ringing_at == record.legs[1].ringing_at


def test_a_hold_whose_end_was_missed_is_no_witness_where_the_ledger_hears_the_music() -> None:
    record, signals = whole()
    caller = record.uniqueids[0]
    music = [
        s.MusicPlayed(pbx="pbx", at=at(when), source="ledger", uniqueid=caller, on=on)
        for when, on in ((10, True), (12, False))
    ]
    told = replace(record, hold_seconds=17.0, talk_seconds=3.0)
    remade = replace(record, hold_seconds=2.0, talk_seconds=18.0)
    final = reconcile(told, remade, [*signals, *music])
    assert (final.hold_seconds, final.talk_seconds) == (2.0, 18.0)


def test_where_the_ledger_has_holes_no_figure_shrinks() -> None:
    record, signals = whole()
    poorer = replace(record, talk_seconds=4.0, result="unknown", answered_by=(), live=True)
    final = reconcile(record, poorer, signals[1:4])
    assert (final.result, final.talk_seconds, final.answered_by) == (
        "answered",
        20.0,
        record.answered_by,
    )
    assert not final.live


def test_who_called_whom_comes_from_whoever_saw_the_call_begin() -> None:
    record, signals = whole()
    in_mid_life = replace(record, dialed="support", caller_number="")
    final = reconcile(in_mid_life, record, signals[:5])
    assert (final.dialed, final.caller_number) == ("+48221000001", "+48601234567")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("result", "missed"),
        ("answered_by", ()),
        ("queues", ()),
        ("dialed", "support"),
        ("talk_seconds", 2.0),
        ("wait_seconds", 60.0),
    ],
)
def test_every_field_that_changes_is_told(name: str, value: object) -> None:
    record, signals = whole()
    told = replace(record, **{name: value})  # type: ignore[arg-type]
    assert not agree(told, record)
    _, repairs = repairs_of(told, reconcile(told, record, signals), at(60))
    assert {r.cause for r in repairs} == {"corrected"}
    assert name in {r.field for r in repairs}


def test_one_transfer_told_twice_is_one() -> None:
    story = Story().caller().phone("1001", 1).lifts("1001", 3).enters("1001", 3).enters("caller", 3)
    moved = s.Transferred(
        pbx="pbx", at=at(8), uniqueid=story.uniqueid("1001"), kind="blind", to="1002"
    )
    record = story.told([*story.signals, moved]).call
    later = replace(record, transfers=tuple(replace(t, at=at(8.0004)) for t in record.transfers))
    final = reconcile(record, later, story.signals)
    assert [t.kind for t in final.transfers] == ["blind"]


def test_a_restart_takes_no_ring_and_no_recording_from_a_call() -> None:
    before = answered_queue_call().told().call
    early, late = (
        SoundFile(file=name, started_at=at(8), stopped_at=None)
        for name in ("early.wav", "late.wav")
    )
    known = replace(before.legs[1], recordings=(early,), wrap_up_seconds=5.0)
    before = replace(before, legs=(before.legs[0], known), park_seconds=3.0)
    fresh = replace(known, recordings=(late,), ring_seconds=0.0, wrap_up_seconds=0.0)
    now = replace(before, legs=(fresh,), ring_seconds=0.0, park_seconds=0.0)
    both = combine(before, now)
    assert (both.ring_seconds, both.park_seconds) == (before.ring_seconds, 3.0)
    assert both.legs[1].recordings == (early, late)
    assert both.legs[1].ring_seconds == known.ring_seconds > 0
    assert both.legs[1].wrap_up_seconds == 5.0
