"""A call told for people: every lane's bars are what the record says, and never overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ami.replay import read_signals
from callcenter.calls.record import CallRecord, Leg, Transfer
from callcenter.calls.story import Story, tell
from callcenter.calls.tracker import Tracker
from tests.support.call_records import call_record

RECORDINGS = sorted(Path("tests/scenarios/recordings").glob("*/ami.txt"))
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def leg_record(**told: Any) -> Leg:
    nothing: dict[str, Any] = dict.fromkeys(
        ("channel", "uniqueid", "endpoint", "number", "name"), ""
    )
    nothing |= dict.fromkeys(("ringing_at", "answered_at", "ended_at"))
    return Leg(**{**nothing, "talk_seconds": 0.0, "hold_seconds": 0.0, **told})


def folded(path: Path) -> list[tuple[CallRecord, Story]]:
    tracker = Tracker()
    tracker.fold(one for one in read_signals(path) if not isinstance(one, str))
    found = []
    for record in tracker.records():
        facts = tracker.facts(record.uniqueids[0])
        story = tell(record, facts, NOW)
        assert story is not None
        found.append((record, story))
    return found


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.parent.name)
def test_the_bars_of_a_recorded_call_add_up_to_its_legs(path: Path) -> None:
    for record, story in folded(path):
        assert story.exact
        told = [leg for lane in story.lanes for leg in lane.legs]
        people = {leg.uniqueid for leg in record.legs if leg.role != "spy"}
        assert {leg.uniqueid for leg in told} == people
        for lane in story.lanes:
            talk, hold = (
                sum(getattr(leg, name) for leg in lane.legs)
                for name in ("talk_seconds", "hold_seconds")
            )
            assert lane.seconds("talking") == pytest.approx(talk, abs=0.01)
            # Parked is on hold for whoever had spoken, and nothing for whoever had not.
            assert lane.seconds("hold") <= hold + 0.01
            assert lane.seconds("hold") + lane.seconds("parked") >= hold - 0.01


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.parent.name)
def test_nobody_does_two_things_at_once(path: Path) -> None:
    for _, story in folded(path):
        for lane in story.lanes:
            for one, next_one in pairwise(lane.bars):
                assert next_one.start >= one.end - timedelta(seconds=0.3), lane
            for bar in lane.bars:
                assert story.start <= bar.start < bar.end <= story.end


def test_who_waited_in_a_queue_and_who_rang_is_on_the_lanes() -> None:
    (path,) = [p for p in RECORDINGS if "second-operator" in p.parent.name]
    ((record, story),) = folded(path)
    caller = story.lanes[0]
    assert [bar.doing for bar in caller.bars] == ["queue", "talking"]
    assert caller.bars[0].what == record.queues[0]
    assert record.answered_at is not None
    assert abs(caller.bars[0].end - record.answered_at) < timedelta(seconds=0.1)
    rung = [[bar.doing for bar in lane.bars] for lane in story.lanes[1:]]
    assert ["ringing"] in rung
    assert ["ringing", "talking"] in rung


def test_a_phone_that_a_queue_rang_again_is_one_lane() -> None:
    start = NOW - timedelta(minutes=5)
    tries = [
        leg_record(
            channel=f"PJSIP/1001-{n}", uniqueid=f"{n}", endpoint="PJSIP/1001", number="1001",
            role="callee", result="answered" if n == 3 else "missed",
            ringing_at=start + timedelta(seconds=20 * n),
            ended_at=start + timedelta(seconds=20 * n + 15),
        )
        for n in range(4)
    ]  # fmt: skip
    end = start + timedelta(seconds=75)
    record = call_record("pbx/1", started_at=start, ended_at=end, legs=tuple(tries))
    story = tell(record, None, NOW)
    assert story is not None
    (lane,) = story.lanes
    assert [bar.doing for bar in lane.bars][:3] == ["ringing"] * 3
    assert (lane.leg, lane.legs) == (tries[3], tuple(tries))


def test_without_its_events_a_call_is_told_from_its_record() -> None:
    start = NOW - timedelta(minutes=5)
    caller = leg_record(
        channel="PJSIP/trunk-1", uniqueid="1", role="caller", result="answered",
        answered_at=start + timedelta(seconds=20), ended_at=start + timedelta(seconds=80),
        talk_seconds=60.0,
    )  # fmt: skip
    callee = leg_record(
        channel="PJSIP/1001-2", uniqueid="2", number="1001", role="callee", result="answered",
        ringing_at=start + timedelta(seconds=10), answered_at=start + timedelta(seconds=20),
        ended_at=start + timedelta(seconds=80), talk_seconds=60.0, wrap_up_seconds=30.0,
    )  # fmt: skip
    record = call_record(
        "pbx/1",
        started_at=start,
        answered_at=start + timedelta(seconds=20),
        ended_at=start + timedelta(seconds=80),
        queues=("support",),
        wait_seconds=15.0,
        legs=(caller, callee),
        transfers=(
            Transfer(kind="blind", by="PJSIP/1001-2", to="1002", at=start + timedelta(seconds=70)),
        ),
    )
    story = tell(record, None, NOW)
    assert story is not None
    assert not story.exact
    assert [bar.doing for bar in story.lanes[0].bars] == ["queue", "talking"]
    assert [bar.doing for bar in story.lanes[1].bars] == ["ringing", "talking", "wrap_up"]
    assert (story.moves[0].by, story.moves[0].to) == (1, -1)


def test_a_call_without_times_has_no_picture() -> None:
    assert tell(call_record("pbx/1", started_at=None), None, NOW) is None
