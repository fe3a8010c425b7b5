"""What the simulated manager knows of the calls under way, and what it answers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ami.simulator.answers import Answers
from ami.simulator.desk import Desk
from ami.simulator.instance import Instance, Mint
from ami.simulator.recording import Recording
from ami.simulator.state import OF_INTEREST, LiveState
from ami.simulator.template import parse
from ami.simulator.troupe import Troupe
from callcenter.pbx.plan import PbxPlan
from tests.support.simulator import LIBRARY, names

NOW = 1.8e9


class Manager:
    def __init__(self) -> None:
        self.now = NOW
        self.told: list[dict[str, str]] = []
        self.state = LiveState()
        self.desk = Desk(PbxPlan(), NOW)
        self.answers = Answers(self.state, self.desk, lambda: self.now, self.told.append)

    def play(self, recording: Recording, until: str = "") -> None:
        """Up to and with the first event of that name."""
        for offset, raw in Instance(recording, Mint("pbx1"), NOW).messages():
            headers = parse(raw.decode().replace("\r\n", "\n"))
            self.now = NOW + offset
            if headers["Event"] in OF_INTEREST:
                self.state.apply(headers, self.now)
            if headers["Event"] == until:
                return

    def ask(self, action: str, **headers: str) -> list[dict[str, str]]:
        return self.answers.answer({"Action": action, "ActionID": "7", **headers})


def test_when_a_recording_is_over_nothing_is_left():
    for recording in LIBRARY:
        manager = Manager()
        manager.play(recording)
        assert not manager.state.channels, recording.name
        assert not manager.state.bridges, recording.name
        assert not any(manager.state.queues.values()), recording.name
        assert not manager.state.devices_in_use(), recording.name


@settings(max_examples=20, deadline=None)
@given(names, st.randoms(use_true_random=False))
def test_events_lost_or_out_of_order_raise_nothing(name, rng: random.Random):
    state = LiveState()
    raws = [raw for _, raw in Instance(LIBRARY[name], Mint("pbx1"), NOW).messages()]
    rng.shuffle(raws)
    for raw in raws[: len(raws) // 2]:
        state.apply(parse(raw.decode().replace("\r\n", "\n")), NOW)


def test_a_caller_who_waits_is_listed_with_channel_and_queue():
    manager = Manager()
    manager.play(LIBRARY["caller-gives-up-in-the-queue"], until="QueueCallerJoin")
    manager.now += 65

    start, channel, end = manager.ask("CoreShowChannels")
    entries = [one for one in manager.ask("QueueStatus") if one.get("Event") == "QueueEntry"]

    assert (start["Response"], start["EventList"], start["ActionID"]) == ("Success", "start", "7")
    assert channel["Event"] == "CoreShowChannel"
    assert channel["Uniqueid"] == channel["Linkedid"] == entries[0]["Uniqueid"]
    assert channel["Duration"].startswith("00:01:0")
    assert (end["Event"], end["ListItems"]) == ("CoreShowChannelsComplete", "1")
    assert (entries[0]["Queue"], entries[0]["Wait"]) == ("support", "65")


def test_two_who_talk_share_a_bridge():
    manager = Manager()
    manager.play(LIBRARY["inbound-call-is-answered-through-the-queue"], until="BridgeEnter")
    _, bridge, _ = manager.ask("BridgeList")
    channels = manager.ask("CoreShowChannels")[1:-1]
    assert bridge["BridgeUniqueid"] in {one["BridgeId"] for one in channels}
    assert bridge["BridgeTechnology"] == "simple_bridge"
    assert "PJSIP/1001" in manager.state.devices_in_use()


def test_an_operator_can_be_paused_and_is_shown_so():
    manager = Manager()
    (answer,) = manager.ask("QueuePause", Interface="PJSIP/1001", Paused="true", Reason="lunch")
    assert answer["Message"] == "Interface paused successfully"
    assert {one["Event"] for one in manager.told} == {"QueueMemberPause"}
    members = [one for one in manager.ask("QueueStatus", Queue="vip") if "Location" in one]
    assert {one["Location"]: one["PausedReason"] for one in members}["PJSIP/1001"] == "lunch"

    manager.ask("QueuePause", Interface="PJSIP/1001", Paused="false")
    assert not manager.desk.paused


def test_members_come_and_go_but_those_of_the_plan_stay():
    manager = Manager()

    def members():
        items = manager.ask("QueueStatus", Queue="vip")
        return {one["Location"]: one for one in items if "Location" in one}

    where = {"Queue": "vip", "Interface": "PJSIP/web1001"}
    manager.ask("QueueAdd", **where, Penalty="3", Paused="true", MemberName="Anna")
    added = members()["PJSIP/web1001"]
    assert (added["Membership"], added["Penalty"], added["Paused"]) == ("dynamic", "3", "1")
    manager.ask("QueuePenalty", **where, Penalty="1")
    assert members()["PJSIP/web1001"]["Penalty"] == "1"
    manager.ask("QueueRemove", **where)
    assert "PJSIP/web1001" not in members()
    (refused,) = manager.ask("QueueRemove", Queue="vip", Interface="PJSIP/1001")
    assert refused["Message"] == "Member not dynamic"


@pytest.mark.parametrize(
    ("action", "words"),
    [("Originate", "Permission denied"), ("FlyToTheMoon", "Invalid/unknown command")],
)
def test_what_it_cannot_do_is_an_error(action, words):
    (answer,) = Manager().ask(action)
    assert answer["Response"] == "Error"
    assert words in answer["Message"]
    assert answer["ActionID"] == "7"


def test_the_recorded_operator_plays_when_free_and_a_colleague_otherwise():
    manager = Manager()
    troupe = Troupe(manager.desk)
    recording = LIBRARY["inbound-call-is-answered-through-the-queue"]

    first, second = troupe.take(recording), troupe.take(recording)

    assert first[0][0] == "1001"
    assert second[0][0] != "1001"
    troupe.release(first)
    manager.ask("QueuePause", Interface="PJSIP/1001", Paused="true", Reason="lunch")
    assert troupe.free() == 1
    assert troupe.take(recording)[0][0] not in {"1001", second[0][0]}


def test_a_spread_troupe_takes_turns():
    troupe = Troupe(Manager().desk, spread=True)
    recording = LIBRARY["inbound-call-is-answered-through-the-queue"]
    turns = []
    for _ in range(6):
        people = troupe.take(recording)
        turns.append(people[0][0])
        troupe.release(people)
    assert sorted(turns[:3]) == sorted(turns[3:]) == ["1001", "1002", "1003"]
