"""Answers to snapshot actions, as Asterisk 22.10.1 gave them in the lab, to signals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ami import translate_snapshot as tr
from callcenter.calls import signals as s

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CHANNEL = {
    "Event": "CoreShowChannel",
    "Channel": "PJSIP/1001-00000001",
    "ChannelState": "6",
    "ChannelStateDesc": "Up",
    "CallerIDNum": "1001",
    "CallerIDName": "<unknown>",
    "Context": "crm-queue",
    "Exten": "s",
    "Uniqueid": "pbx1-1700000001.1",
    "Linkedid": "pbx1-1700000000.0",
    "Duration": "01:02:03",
    "BridgeId": "b1",
}


def test_a_channel_is_dated_back_to_its_beginning_and_its_phase_to_now() -> None:
    seen, phase, entered = tr.translate_channel(CHANNEL, "p", NOW, {"b1": "simple_bridge"})
    assert isinstance(seen, s.ChannelSeen)
    assert (seen.created, seen.phase, seen.source) == (False, "down", "resync")
    assert seen.at == NOW - timedelta(hours=1, minutes=2, seconds=3)
    assert seen.name == ""
    assert isinstance(phase, s.ChannelPhaseChanged)
    assert (phase.phase, phase.at, phase.linkedid) == ("up", NOW, "pbx1-1700000000.0")
    assert isinstance(entered, s.BridgeEntered)
    assert (entered.bridge, entered.holding, entered.at) == ("b1", False, NOW)


def test_a_holding_bridge_is_known_as_one() -> None:
    entered = tr.translate_channel(CHANNEL, "p", NOW, {"b1": "holding_bridge"})[-1]
    assert isinstance(entered, s.BridgeEntered)
    assert entered.holding


def test_a_channel_in_no_bridge_enters_none() -> None:
    assert len(tr.translate_channel({**CHANNEL, "BridgeId": ""}, "p", NOW, {})) == 2


def test_items_that_are_broken_or_of_another_kind_give_nothing() -> None:
    assert tr.translate_channel({"Event": "CoreShowChannelsComplete"}, "p", NOW, {}) == ()
    assert tr.translate_channel({**CHANNEL, "Uniqueid": ""}, "p", NOW, {}) == ()
    odd = {**CHANNEL, "Duration": "long", "ChannelState": "", "BridgeId": ""}
    assert len(tr.translate_channel(odd, "p", NOW, {})) == 2


SPY = {
    **CHANNEL,
    "Channel": "PJSIP/1003-00000005",
    "Uniqueid": "crm-step-1",
    "Linkedid": "crm-step-1",
    "Application": "ChanSpy",
    "ApplicationData": "PJSIP/1001-00000001,qdES",
}


def test_who_listens_is_known_with_whom_they_listen_to() -> None:
    (started,) = tr.translate_spies([CHANNEL, SPY], "p", NOW)
    assert isinstance(started, s.SpyStarted)
    assert (started.uniqueid, started.spied_uniqueid) == ("crm-step-1", "pbx1-1700000001.1")
    assert (started.channel, started.at, started.source) == ("PJSIP/1003-00000005", NOW, "resync")


def test_a_spy_of_nobody_and_of_several_says_nothing() -> None:
    second = {**CHANNEL, "Channel": "PJSIP/1001-00000002", "Uniqueid": "pbx1-1700000001.2"}
    for wanted in ("", ",q", "PJSIP/1009-00000001,q", "PJSIP/1001-,q"):
        assert (
            tr.translate_spies([CHANNEL, second, {**SPY, "ApplicationData": wanted}], "p", NOW)
            == ()
        )


def test_a_waiting_caller_joined_as_long_ago_as_it_waits() -> None:
    entry = {"Event": "QueueEntry", "Queue": "vip", "Uniqueid": "1.1", "Wait": "42"}
    (joined,) = tr.translate_queue_entry({**entry, "Position": "2"}, "p", NOW)
    assert isinstance(joined, s.QueueJoined)
    assert (joined.queue, joined.position) == ("vip", 2)
    assert joined.at == NOW - timedelta(seconds=42)


def test_the_version_is_read_out_of_debians_words() -> None:
    words = "22.10.1+dfsg+~cs6.17.60671434-1"
    assert tr.asterisk_version({"AsteriskVersion": words}) == "22.10.1"
    assert tr.asterisk_version({}) == ""
