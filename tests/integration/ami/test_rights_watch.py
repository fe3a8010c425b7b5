"""Who may listen no more is told to go where the product has a hand on the PBX; where it has none,
that is said instead of claimed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ami.rights_watch import RightsWatch
from callcenter.calls.record import CallRecord, Leg
from callcenter.ports import PbxCommand
from callcenter.settings import PbxAddress
from tests.support.web import ONE, World, make_world

LINK = PbxAddress("pbx", "127.0.0.1", 1, "callcenter", "secret")


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, ami=(LINK,))
    yield made
    made.runtime.close()


def listened_to(world: World, by: str) -> CallRecord:
    """The operator with this phone, who has no right to it, listens by a code."""
    world.ring(ONE)
    record = world.answer()
    spoken = record.legs[1]
    spy = replace(
        spoken, uniqueid="9.9", channel=f"PJSIP/{by}-9", endpoint=f"PJSIP/{by}", role="spy"
    )
    told = replace(record, legs=(*record.legs, spy))
    world.tell(told)
    return told


def spy_of(record: CallRecord) -> Leg:
    return record.legs[-1]


def test_who_may_listen_to_nobody_is_told_to_go(world: World) -> None:
    told: list[PbxCommand] = []

    def carry_out(command: PbxCommand) -> bool:
        told.append(command)
        return True

    record = listened_to(world, "1002")
    assert RightsWatch(world.runtime, carry_out).look() == 1
    assert [one.arguments["channel"] for one in told] == [spy_of(record).channel]


def test_without_a_hand_nobody_is_counted_as_put_out_and_each_is_warned_of_once(
    world: World,
) -> None:
    record = listened_to(world, "1002")
    watch = RightsWatch(world.runtime, lambda _command: False)
    with capture_logs() as logs:
        assert [watch.look(), watch.look()] == [0, 0]
    (warned,) = [one for one in logs if one["log_level"] == "warning"]
    assert (warned["event"], warned["channel"]) == (
        "supervision.cannot_put_out",
        spy_of(record).channel,
    )


def test_of_a_pbx_that_another_process_has_it_says_nothing(sqlite_url: str, tmp_path: Path) -> None:
    elsewhere = make_world(sqlite_url, tmp_path)
    listened_to(elsewhere, "1002")
    with capture_logs() as logs:
        assert RightsWatch(elsewhere.runtime, lambda _command: False).look() == 0
    assert [one for one in logs if one["log_level"] == "warning"] == []
    elsewhere.runtime.close()
