"""Events of Asterisk 1.8 to 11 say the same as those of later ones, in other words."""

from __future__ import annotations

from typing import Any

import pytest

from ami.recording_formats import signals_of
from callcenter.calls import signals as s

A, B = "1390000000.8", "1390000000.9"


def told(*events: dict[str, str]) -> list[Any]:
    text = "\n\n".join("\n".join(f"{k}: {v}" for k, v in event.items()) for event in events)
    return list(signals_of(text + "\n\n"))


def dial(sub: str, **more: str) -> dict[str, str]:
    begin = {"Destination": "SIP/216-9", "DestUniqueID": B, "Dialstring": "216"}
    rest = begin if sub == "Begin" else {"DialStatus": "NOANSWER"}
    return {"Event": "Dial", "SubEvent": sub, "Channel": "SIP/x-8", "UniqueID": A, **rest, **more}


def pair(event: str, **more: str) -> dict[str, str]:
    ids = {"Uniqueid1": A, "Uniqueid2": B, "Channel1": "SIP/x-8", "Channel2": "SIP/216-9"}
    return {"Event": event, **ids, **more}


def test_a_dial_that_ends_names_whom_it_had_begun_with() -> None:
    begun, ended = told(dial("Begin"), dial("End"))
    assert isinstance(begun, s.DialBegun)
    assert (begun.uniqueid, begun.caller_uniqueid, begun.dial_string) == (B, A, "216")
    assert isinstance(ended, s.DialEnded)
    assert (ended.uniqueid, ended.status) == (B, "no_answer")


def test_a_link_answers_the_dial_and_joins_both() -> None:
    _, answered, one, other = told(dial("Begin"), pair("Bridge", Bridgestate="Link"))
    assert isinstance(answered, s.DialEnded)
    assert answered.status == "answer"
    assert (one.uniqueid, other.uniqueid) == (A, B)
    assert one.bridge == other.bridge != ""


def test_an_unlink_parts_both() -> None:
    one, other = told(pair("Unlink"))
    assert {type(one), type(other)} == {s.BridgeLeft}


def test_who_had_not_lifted_when_another_answered_was_cancelled() -> None:
    lifted = {"Event": "Newstate", "Channel": "SIP/216-9", "Uniqueid": B, "ChannelState": "6"}
    second = dial("Begin", Destination="SIP/217-a", DestUniqueID="1390000000.10")
    *_, one, other = told(dial("Begin"), second, lifted, dial("End", DialStatus="ANSWER"))
    assert [(x.uniqueid, x.status) for x in (one, other)] == [
        (B, "answer"),
        ("1390000000.10", "cancel"),
    ]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"Event": "Join", "Queue": "600", "Position": "1"}, s.QueueJoined),
        ({"Event": "Leave", "Queue": "600"}, s.QueueLeft),
        ({"Event": "Hold", "Status": "On"}, s.Held),
        ({"Event": "Hold", "Status": "Off"}, s.Unheld),
        ({"Event": "Hold"}, s.Held),
        ({"Event": "ConfbridgeJoin", "Conference": "8000"}, s.BridgeEntered),
        ({"Event": "ConfbridgeLeave", "Conference": "8000"}, s.BridgeLeft),
        ({"Event": "Transfer", "TransferType": "Blind", "TransferExten": "203"}, s.Transferred),
        ({"Event": "Transfer", "TransferType": "Attended"}, s.Transferred),
    ],
)
def test_each_old_name_has_its_later_meaning(event: dict[str, str], kind: type[s.Signal]) -> None:
    (signal,) = told({**event, "Channel": "SIP/x-8", "Uniqueid": A})
    assert type(signal) is kind
    assert isinstance(signal, s.ChannelSignal)
    assert signal.uniqueid == A


def test_a_conference_of_later_times_is_told_by_its_bridge_alone() -> None:
    event = {"Event": "ConfbridgeJoin", "Conference": "8000", "BridgeUniqueid": "b-1"}
    (words,) = told({**event, "Channel": "SIP/x-8", "Uniqueid": A})
    assert isinstance(words, str)


def test_an_old_agent_connect_names_the_member_by_channel_and_bridged_channel() -> None:
    event = {"Event": "AgentConnect", "Queue": "600", "Member": "SIP/216", "Uniqueid": A}
    (signal,) = told({**event, "Channel": "SIP/216-9", "BridgedChannel": B})
    assert (signal.uniqueid, signal.channel) == (A, "")
    assert (signal.member_uniqueid, signal.member_channel) == (B, "SIP/216-9")
