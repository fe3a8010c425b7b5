"""The tracker, told short stories."""

from __future__ import annotations

import pytest

from callcenter.calls import signals as s
from callcenter.calls.events import CallAnswered, CallRinging, CallsMerged, RingingStopped
from callcenter.calls.tracker import Tracker
from tests.unit.calls.stories import Story, answered_queue_call, at


def test_a_queue_call_is_one_answered_call_with_wait_and_talk_from_bridges() -> None:
    call = answered_queue_call().told().call
    assert (call.direction, call.result, call.live) == ("inbound", "answered", False)
    assert (call.started_at, call.answered_at, call.ended_at) == (at(0), at(7), at(27.1))
    assert (call.wait_seconds, call.talk_seconds, call.hold_seconds) == (6.0, 20.0, 0.0)
    assert call.queues == ("support",)
    assert call.answered_by == ("PJSIP/1001-00000002",)
    assert call.last_speaker == "PJSIP/1001-00000002"
    assert call.hangup_by == "PJSIP/trunk-00000001"
    assert (call.caller_number, call.dialed) == ("+48601234567", "+48221000001")
    assert call.trunk == "PJSIP/trunk"


def test_each_change_is_told_once() -> None:
    told = answered_queue_call().told()
    assert told.names() == [
        "CallStarted",
        "CallQueued",
        "CallRinging",
        "CallAnswered",
        "LegEnded",
        "LegEnded",
        "CallEnded",
    ]
    ringing = next(e for e in told.events if isinstance(e, CallRinging))
    answered = next(e for e in told.events if isinstance(e, CallAnswered))
    assert ringing.endpoint == answered.endpoint == "PJSIP/1001"
    assert told.anomalies == []


def test_a_call_is_answered_from_the_very_instant_in_which_two_people_meet() -> None:
    told = answered_queue_call().told()
    (answered,) = [e for e in told.events if isinstance(e, CallAnswered)]
    assert (answered.call.result, answered.call.answered_at) == ("answered", at(7))
    assert answered.call.answered_by == ("PJSIP/1001-00000002",)
    assert answered.call.live


def test_an_answer_by_the_dialplan_is_not_an_answer_by_a_person() -> None:
    story = Story().caller().add(s.ChannelPhaseChanged, 0.1, "caller", phase="up").queue(1)
    story.leaves_queue(9, gave_up=True).asks_to_end("caller", 9).gone("caller", 9)
    call = story.told().call
    assert (call.result, call.answered_at, call.talk_seconds) == ("abandoned", None, 0.0)
    assert call.wait_seconds == 8.0
    assert call.queued_at == at(1)


def test_the_losers_of_a_ring_all_stop_ringing_and_missed_nothing() -> None:
    story = Story().caller().queue(0)
    for phone in ("1001", "1002", "1003"):
        story.phone(phone, 1).rings(phone, 1.5)
    story.lifts("1002", 5).enters("1002", 5).enters("caller", 5)
    for phone in ("1001", "1003"):
        story.dial_end(phone, 5.1, "cancel").gone(phone, 5.1, cause=26)
    told = story.asks_to_end("1002", 15).gone("caller", 15).gone("1002", 15).told()
    results = {leg.number: leg.result for leg in told.call.legs}
    assert results == {
        "+48601234567": "answered",
        "1001": "elsewhere",
        "1002": "answered",
        "1003": "elsewhere",
    }
    stopped = [e.endpoint for e in told.events if isinstance(e, RingingStopped)]
    assert stopped == ["PJSIP/1001", "PJSIP/1003"]
    assert told.call.hangup_by == "PJSIP/1002-00000003"


@pytest.mark.parametrize(
    ("status", "cause", "result"),
    [
        ("busy", 17, "busy"),
        ("busy", 21, "rejected"),
        ("no_answer", 19, "missed"),
        ("unavailable", 20, "failed"),
        ("congestion", 34, "failed"),
    ],
)
def test_one_phone_that_does_not_answer_says_why(
    status: s.DialStatus, cause: int, result: str
) -> None:
    story = Story().caller().phone("1001", 0).dial_end("1001", 9, status)
    call = story.gone("1001", 9, cause=cause).gone("caller", 9.1).told().call
    assert call.result == result
    assert call.legs[1].result == result


def test_a_caller_who_leaves_while_a_phone_rings_abandons_the_call() -> None:
    story = Story().caller().phone("1001", 0).rings("1001", 0.3).asks_to_end("caller", 6)
    call = story.dial_end("1001", 6, "cancel").gone("1001", 6).gone("caller", 6).told().call
    assert (call.result, call.legs[1].result) == ("abandoned", "cancelled")


def test_a_queue_that_gives_up_leaves_a_missed_call() -> None:
    story = Story().caller().queue(0).phone("1001", 1).dial_end("1001", 16, "no_answer")
    call = story.gone("1001", 16).leaves_queue(30).gone("caller", 30).told().call
    assert call.result == "missed"


def test_a_blocked_caller_is_blocked_whoever_hangs_up() -> None:
    story = Story().caller().route(0.1, "blocked").asks_to_end("caller", 2).gone("caller", 2)
    assert story.told().call.result == "blocked"


def test_hold_is_not_talk() -> None:
    story = Story().caller().phone("1001", 0).lifts("1001", 5).enters("1001", 5)
    story.enters("caller", 5).holds("1001", 10, 15).gone("caller", 25).gone("1001", 25)
    call = story.told().call
    assert (call.talk_seconds, call.hold_seconds) == (15.0, 5.0)
    agent = next(leg for leg in call.legs if leg.role == "callee")
    assert (agent.talk_seconds, agent.hold_seconds) == (15.0, 5.0)


def test_a_hold_is_known_while_it_lasts_and_forgotten_when_it_ends() -> None:
    story = Story().caller().phone("1001", 0).lifts("1001", 5).enters("1001", 5)
    story.enters("caller", 5).holds("1001", 10, 15)
    *before, unheld = story.signals
    story.signals = before
    held = {leg.role: leg.held_since for leg in story.told().call.legs}
    assert held == {"caller": at(10), "callee": at(10)}
    story.signals = [*before, unheld]
    assert {leg.held_since for leg in story.told().call.legs} == {None}


def test_a_holding_bridge_is_no_conversation() -> None:
    story = Story().caller().phone("1001", 0).enters("caller", 1, "park", holding=True)
    story.enters("1001", 1, "park", holding=True).gone("caller", 9).gone("1001", 9)
    assert story.told().call.answered_at is None


def test_a_local_member_stays_out_of_the_people_but_joins_the_conversation() -> None:
    story = Story().caller().queue(0)
    story.channel("half1", 1, "Local/1001@members-00000001;1", thread="caller")
    story.channel("half2", 1, "Local/1001@members-00000001;2", thread="caller")
    story.phone("1001", 1.1, by="half2").lifts("1001", 4, by="half2")
    story.enters("1001", 4, "inner").enters("half2", 4, "inner")
    story.enters("half1", 4.1, "outer").enters("caller", 4.1, "outer")
    for key in ("caller", "half1", "half2", "1001"):
        story.gone(key, 14.1)
    call = story.told().call
    assert call.result == "answered"
    assert call.talk_seconds == 10.0
    assert [leg.endpoint for leg in call.legs] == ["PJSIP/trunk", "PJSIP/1001"]
    assert len(call.channels) == 4


def test_an_originated_call_belongs_to_the_operator_who_asked_for_it() -> None:
    story = Story().channel("1001", 0, "PJSIP/1001-00000001", number="1001", context="phones")
    story.add(s.DialBegun, 0, "1001").add(s.DialEnded, 3, "1001", status="answer")
    story.channel(
        "far", 4, "PJSIP/trunk-00000002", thread="1001", number="+48601234567", context="from-trunk"
    )
    story.add(
        s.DialBegun,
        4,
        "far",
        caller_uniqueid=story.uniqueid("1001"),
        dial_string="48601234567@trunk",
    )
    story.lifts("far", 9, by="1001").enters("1001", 9).enters("far", 9)
    call = story.gone("far", 19).gone("1001", 19).told().call
    assert (call.direction, call.result, call.dialed) == ("outbound", "answered", "48601234567")
    assert [leg.role for leg in call.legs] == ["caller", "callee"]


def test_one_operator_calling_another_is_internal() -> None:
    story = Story().channel(
        "caller", 0, "PJSIP/1001-00000001", number="1001", exten="1002", context="from-operators"
    )
    call = story.phone("1002", 0).dial_end("1002", 9, "no_answer").gone("1002", 9)
    record = call.gone("caller", 9).told().call
    assert (record.direction, record.result) == ("internal", "missed")


def test_two_calls_that_meet_in_a_bridge_become_one_under_the_older_id() -> None:
    story = Story().caller().phone("1001", 0).lifts("1001", 2).enters("1001", 2)
    story.enters("caller", 2)
    story.channel("second", 5, "PJSIP/1001-00000009", number="1001", exten="1002")
    story.phone("1002", 5, by="second").lifts("1002", 7, by="second")
    story.enters("second", 7, "b2").enters("1002", 7, "b2")
    story.enters("caller", 9, "b2")
    told = story.told()
    (merged,) = [e for e in told.events if isinstance(e, CallsMerged)]
    assert merged.absorbed_id == f"pbx/{story.uniqueid('second')}"
    assert told.call.id == f"pbx/{story.uniqueid('caller')}"


def test_17_9_is_older_than_17_10() -> None:
    story = Story()
    story.signals = [
        s.ChannelSeen(pbx="pbx", at=at(0), uniqueid="17.10", channel="PJSIP/a-1", linkedid="17.9"),
        s.ChannelSeen(pbx="pbx", at=at(0), uniqueid="17.9", channel="PJSIP/t-2", linkedid="17.9"),
    ]
    assert story.told().call.id == "pbx/17.9"


def test_two_calls_between_the_same_numbers_stay_two() -> None:
    first, second = answered_queue_call(), Story()
    for signal in first.signals:
        second.signals.append(_renamed(signal))
    told = Story().told(
        [x for pair in zip(first.signals, second.signals, strict=True) for x in pair]
    )
    assert len(told.records) == 2
    assert {record.talk_seconds for record in told.records} == {20.0}


def _renamed(signal: s.Signal) -> s.Signal:
    from dataclasses import fields, replace

    changes = {
        f.name: "9" + getattr(signal, f.name)
        for f in fields(signal)
        if f.name.endswith(("uniqueid", "linkedid", "bridge")) and getattr(signal, f.name)
    }
    return replace(signal, **changes)


def test_a_repeated_event_changes_nothing() -> None:
    story = answered_queue_call()
    doubled = [signal for signal in story.signals for _ in range(2)]
    assert story.told(doubled).call == story.told().call


def test_without_a_time_in_the_stream_no_time_is_invented() -> None:
    from dataclasses import replace

    story = answered_queue_call()
    call = story.told([replace(signal, at=None) for signal in story.signals]).call
    assert (call.result, call.started_at, call.answered_at, call.ended_at) == (
        "answered",
        None,
        None,
        None,
    )
    assert call.answered_by == ("PJSIP/1001-00000002",)


def test_a_resync_ends_what_the_pbx_no_longer_has_and_keeps_the_rest() -> None:
    story = answered_queue_call()
    tracker_input = story.signals[:7]
    alive = frozenset({story.uniqueid("caller"), story.uniqueid("1001")})
    kept = story.told([*tracker_input, s.ResyncEnded(pbx="pbx", at=at(8), alive=alive)])
    assert kept.call.live
    ended = story.told([*tracker_input, s.ResyncEnded(pbx="pbx", at=at(8), alive=frozenset())])
    assert not ended.call.live
    assert ended.names()[-1] == "CallEnded"


def test_a_restart_of_the_pbx_ends_every_call() -> None:
    story = answered_queue_call()
    told = story.told([*story.signals[:7], s.PbxStarted(pbx="pbx", at=at(9))])
    assert told.tracker.live_calls() == 0


def test_spies_alone_are_no_call() -> None:
    story = Story().channel("spy", 0, "PJSIP/1009-00000001", number="1009")
    story.signals = [*story.signals]
    told = story.add(s.SpyStarted, 0, "spy").gone("spy", 9).told()
    assert told.records == []


def test_who_listened_listens_no_more_once_their_channel_is_gone() -> None:
    """In a call without any sound Asterisk does not tell the end of the listening itself."""
    story = answered_queue_call()
    spied = next(one for one in story.told().call.legs if one.role == "callee")
    story.channel("spy", 20, "PJSIP/1009-00000001", number="1009")
    story.add(s.SpyStarted, 21, "spy", spied_uniqueid=spied.uniqueid)
    for told in (
        story.told([*story.signals, s.ResyncEnded(pbx="pbx", at=at(25), alive=frozenset())]),
        story.gone("spy", 25).told(),
    ):
        (leg,) = [leg for leg in told.call.legs if leg.role == "spy"]
        assert leg.ended_at == at(25)


def test_a_deferred_tracker_tells_each_changed_call_once_as_it_is_when_settled() -> None:
    story = answered_queue_call()
    tracker = Tracker("pbx", deferred=True)
    assert tracker.fold(story.signals) == []
    (event,) = tracker.settle()
    assert event == story.told().events[-1]
    assert tracker.settle() == []


def test_a_deferred_tracker_still_tells_of_every_merge() -> None:
    story = Story().caller().phone("1001", 0).lifts("1001", 2).enters("1001", 2)
    story.enters("caller", 2)
    story.channel("second", 5, "PJSIP/1001-00000009", number="1001", exten="1002")
    story.phone("1002", 5, by="second").enters("caller", 9, "b2").enters("second", 9, "b2")
    tracker = Tracker("pbx", deferred=True)
    tracker.fold(story.signals)
    events = tracker.settle()
    merged = [e for e in events if isinstance(e, CallsMerged)]
    assert [e.absorbed_id for e in merged] == [f"pbx/{story.uniqueid('second')}"]
    assert events[-1].call == story.told().call


def test_names_of_local_channels_that_come_again_join_no_strangers() -> None:
    story = Story().caller()
    for half in ("1", "2"):
        story.channel(half, 1, f"Local/1001@q-00000000;{half}", thread="caller").gone(half, 5)
    tracker = Tracker("pbx")
    tracker.fold(story.gone("caller", 5).signals)
    born = int(at(600).timestamp())
    tracker.fold(
        s.ChannelSeen(
            pbx="pbx", at=at(600), uniqueid=f"{born}.{number}", channel=name, linkedid=f"{born}.1"
        )
        for number, name in (
            (1, "PJSIP/trunk-00000001"),
            (3, "Local/1001@q-00000000;2"),
            (2, "Local/1001@q-00000000;1"),
        )
    )
    assert [len(record.uniqueids) for record in tracker.records()] == [3, 3]


def preferred_first() -> Story:
    """1003 is rung for the queue's caller before the queue itself."""
    story = Story().caller()
    return story.add(s.VariableSet, 1, "caller", name="CRM_PREFERRED", value="support")


def test_a_preferred_operators_answer_is_an_answer_of_the_queue_after_one_wait() -> None:
    story = preferred_first().phone("1003", 1).rings("1003", 1.5).lifts("1003", 9)
    story.enters("1003", 9).enters("caller", 9).asks_to_end("caller", 19).gone("caller", 19)
    call = story.gone("1003", 19).told().call
    assert (call.result, call.queues, call.wait_seconds) == ("answered", ("support",), 8.0)
    assert (call.queued_at, call.answered_by) == (at(1), ("PJSIP/1003-00000002",))


def test_rings_and_queue_are_one_wait_in_one_queue() -> None:
    story = preferred_first().phone("1003", 1).rings("1003", 1.5).dial_end("1003", 9, "no_answer")
    story.gone("1003", 9, cause=19).queue(10).phone("1001", 11).rings("1001", 11).lifts("1001", 15)
    story.enters("1001", 15).enters("caller", 15).leaves_queue(15)
    told = story.asks_to_end("caller", 25).gone("caller", 25).gone("1001", 25).told()
    assert told.names().count("CallQueued") == 1
    assert (told.call.queues, told.call.wait_seconds) == (("support",), 14.0)
    assert {leg.number: leg.result for leg in told.call.legs}["1003"] == "missed"


def test_who_leaves_while_a_preferred_operator_is_rung_has_abandoned_the_queue() -> None:
    story = preferred_first().phone("1003", 1).rings("1003", 1.5).asks_to_end("caller", 7)
    story.dial_end("1003", 7, "cancel").gone("1003", 7, cause=26).gone("caller", 7)
    call = story.told().call
    assert (call.result, call.queues, call.wait_seconds) == ("abandoned", ("support",), 6.0)


def called_up(until: str) -> Story:
    """A caller who waits for support is sent to 1003, past the others."""
    story = Story().caller().queue(1).leaves_queue(20)
    story.add(s.VariableSet, 20.01, "caller", name="CRM_PREFERRED", value="support")
    story.phone("1003", 20.1).rings("1003", 20.5)
    if until == "answered":
        story.lifts("1003", 24).enters("1003", 24).enters("caller", 24)
        return story.asks_to_end("caller", 34).gone("caller", 34).gone("1003", 34)
    if until == "abandoned":
        story.asks_to_end("caller", 30).dial_end("1003", 30, "cancel").gone("1003", 30, cause=26)
        return story.gone("caller", 30)
    story.dial_end("1003", 40, "no_answer").gone("1003", 40, cause=19).queue(41)
    story.phone("1001", 42).rings("1001", 42).lifts("1001", 45)
    story.enters("1001", 45).enters("caller", 45).leaves_queue(45)
    return story.asks_to_end("caller", 55).gone("caller", 55).gone("1001", 55)


@pytest.mark.parametrize(
    ("until", "how", "wait"),
    [("answered", "answered", 23), ("abandoned", "abandoned", 29), ("again", "answered", 44)],
)
def test_who_is_called_up_out_of_a_queue_has_waited_for_it_all_the_while(
    until: str, how: str, wait: int
) -> None:
    story = called_up(until)
    twice = Tracker("pbx")  # as the stream tells it, and then the ledger once more
    twice.fold([*story.signals, *story.signals])
    for record in (story.told().call, twice.records()[0]):
        (visit,) = record.queue_visits
        assert (visit.queue, visit.how, round(visit.wait_seconds)) == ("support", how, wait)
