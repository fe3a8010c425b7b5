"""The hand on a PBX that misbehaves: nothing is done twice, and every failure has its word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ami.call_moves import MOVES
from ami.client.link import Timing
from ami.hand import Hand
from ami.outcomes import Outcome
from ami.pbx_commands import CommandDesk
from callcenter.ports import PbxCommand
from callcenter.realtime.messages import Message
from tests.support.fake_ami import Action, FakeAmi, message

TIMING = Timing(ping_every=60, retry_first=0.01, retry_cap=0.05)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLICK = PbxCommand(
    action="originate",
    endpoint="PJSIP/1001",
    arguments={"to": "+48501501501"},
    id="0123456789",
    user_id=7,
    issued_at=NOW,
)
HOLD = replace(CLICK, action="hold", arguments={"channel": "PJSIP/1001-00000001"}, id="a-hold-01")


class _Clock:
    def now(self) -> datetime:
        return NOW


class _Told:
    def __init__(self) -> None:
        self.messages: list[Message] = []

    def publish(self, messages: Any) -> None:
        self.messages += messages

    def command(self, command: PbxCommand) -> None:
        raise AssertionError(command)

    @property
    def words(self) -> list[str]:
        return [one.payload["why"] or "ok" for one in self.messages]


@asynccontextmanager
async def desk_on(pbx: FakeAmi) -> AsyncIterator[tuple[CommandDesk, Hand, _Told]]:
    told = _Told()
    desk = CommandDesk(told, _Clock())
    hand = Hand(pbx.address, TIMING)
    desk.hands.append(hand)
    running = asyncio.ensure_future(hand.run())
    try:
        await until(lambda: hand.up)
        yield desk, hand, told
    finally:
        hand.close()
        running.cancel()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.005)


def on_pbx(play: Callable[[FakeAmi], Awaitable[None]]) -> None:
    async def run() -> None:
        async with FakeAmi() as pbx:
            pbx.answers["Getvar"] = lambda action: answer(action, Value="1")
            await play(pbx)

    asyncio.run(run())


def answer(action: Action, **headers: str) -> bytes:
    return message(Response="Success", ActionID=action["ActionID"], **headers)


def queued(action: Action) -> bytes:
    return answer(action, Message="Atxfer successfully queued")


def refused(action: Action) -> bytes:
    return message(Response="Error", ActionID=action["ActionID"], Message="Permission denied")


def test_a_call_is_not_placed_again_when_the_link_comes_back() -> None:
    async def play(pbx: FakeAmi) -> None:
        pbx.silent.add("Originate")
        async with desk_on(pbx) as (desk, hand, told):
            clicking = asyncio.ensure_future(desk.carry_out(CLICK))
            await pbx.wait_for("Originate")
            pbx.drop()
            await clicking
            assert told.words == ["pbx_away"]
            await until(lambda: pbx.connections == 2 and hand.up)
            await desk.carry_out(replace(HOLD, action="hangup"))
            assert len(pbx.asked("Originate")) == 1

    on_pbx(play)


def test_while_the_pbx_is_away_nothing_waits_for_it() -> None:
    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (desk, hand, told):
            await pbx.close()
            await until(lambda: not hand.up)
            await desk.carry_out(CLICK)
            assert told.words == ["pbx_away"]
            assert "callcenter-originate" in told.messages[0].payload["detail"]

    on_pbx(play)


def test_one_id_is_one_command() -> None:
    async def play(pbx: FakeAmi) -> None:
        pbx.answers["Originate"] = lambda action: message(
            Event="OriginateResponse", ActionID=action["ActionID"], Response="Success", Reason="4"
        )
        async with desk_on(pbx) as (desk, _hand, told):
            await asyncio.gather(*(desk.carry_out(CLICK) for _ in range(5)))
            await desk.carry_out(CLICK)
            assert len(pbx.asked("Originate")) == 1
            assert set(told.words) == {"ok"}

    on_pbx(play)


def test_a_second_call_of_the_same_user_waits_for_the_first_phone() -> None:
    async def play(pbx: FakeAmi) -> None:
        pbx.silent.add("Originate")
        async with desk_on(pbx) as (desk, _hand, told):
            first = asyncio.ensure_future(desk.carry_out(CLICK))
            await pbx.wait_for("Originate")
            await desk.carry_out(replace(CLICK, id="another-click"))
            assert told.words == ["refused"]
            first.cancel()

    on_pbx(play)


def test_what_was_wished_long_ago_is_not_done() -> None:
    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(replace(CLICK, issued_at=NOW - timedelta(seconds=6)))
            assert told.words == ["too_late"]
            assert not pbx.asked("Originate")

    on_pbx(play)


@pytest.mark.parametrize(
    "arguments",
    [
        {"to": "1002\r\nAction: Logoff"},
        {"to": "1002,1)Set(x"},
        {"to": ""},
        {"to": "+48501501501", "caller_id": "+48 1"},
    ],
)
def test_what_could_be_more_than_a_number_never_reaches_the_pbx(arguments: dict[str, str]) -> None:
    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(replace(CLICK, arguments=arguments))
            assert told.words == ["bad_number"]
            assert not pbx.asked("Originate")

    on_pbx(play)


def test_a_pattern_of_channels_is_no_channel() -> None:
    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (desk, _hand, told):
            for name in ("/^PJSIP/", "", "PJSIP/1\r\nX: y"):
                command = replace(HOLD, action="hangup", arguments={"channel": name}, id="")
                await desk.carry_out(replace(command, id=f"hang-up-{len(name)}"))
            assert told.words == ["gone"] * 3
            assert not pbx.asked("Hangup")

    on_pbx(play)


def test_a_hold_that_has_no_effect_is_told_as_refused() -> None:
    async def play(pbx: FakeAmi) -> None:
        pbx.answers["Atxfer"] = queued
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(HOLD)
            assert told.words == ["refused"]

    on_pbx(play)


LINE = HOLD.arguments["channel"]
AT_MUSIC = message(Event="Hold", Channel=LINE, Linkedid="1.1")


@pytest.mark.parametrize("left", ["3541.250", "0"])
def test_a_pbx_that_does_not_see_its_own_keys_is_woken_and_the_call_may_last_as_long_as_before(
    left: str,
) -> None:
    """The caller hears music, the number lies unread until something comes (seen on 22.10.1)."""

    async def play(pbx: FakeAmi) -> None:
        def value(action: Action) -> bytes:
            peer = "Local/*0@crm-transfer-00000002;1" if pbx.asked("Setvar") else "PJSIP/trunk-0"
            return answer(action, Value={"BRIDGEPEER": peer}.get(action["Variable"], left))

        pbx.answers["Atxfer"] = lambda action: queued(action) + AT_MUSIC
        pbx.answers["Getvar"] = value
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(HOLD)
            assert told.words == ["ok"]
            (woken,) = pbx.asked("Setvar")
            assert (woken["Channel"], woken["Variable"]) == (LINE, "TIMEOUT(absolute)")
            assert woken["Value"] == left

    on_pbx(play)


def test_a_hold_is_told_once_the_line_is_in_silence_and_not_when_the_music_begins() -> None:
    async def play(pbx: FakeAmi) -> None:
        pbx.answers["Atxfer"] = lambda action: queued(action) + AT_MUSIC
        pbx.answers["Getvar"] = lambda action: answer(action, Value="PJSIP/trunk-0")
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(HOLD)
            assert told.words == ["refused"]

    on_pbx(play)


def test_the_silence_of_an_earlier_hold_is_not_taken_for_this_one() -> None:
    async def play(pbx: FakeAmi) -> None:
        pbx.answers["Atxfer"] = lambda action: queued(action) + AT_MUSIC
        earlier = "Local/*0@crm-transfer-00000002;1"
        pbx.answers["Getvar"] = lambda action: answer(action, Value=earlier)
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(HOLD)
            assert told.words == ["refused"]

    on_pbx(play)


def test_a_colleague_who_declined_before_anybody_could_look_was_asked() -> None:
    ended = message(
        Event="Hangup",
        Channel="Local/1002@crm-transfer-00000002;1",
        Linkedid="1.1",
        Cause="21",
    )

    async def play(pbx: FakeAmi) -> None:
        def value(action: Action) -> bytes:
            exists = action["Variable"].startswith("DIALPLAN_EXISTS")
            return answer(action, Value="1" if exists else "PJSIP/trunk-0")

        pbx.answers["Atxfer"] = lambda action: queued(action) + AT_MUSIC + ended
        pbx.answers["Getvar"] = value
        async with desk_on(pbx) as (desk, _hand, told):
            arguments = {"channel": LINE, "to": "1002"}
            await desk.carry_out(replace(HOLD, action="consult", arguments=arguments))
            assert told.words == ["declined"]

    on_pbx(play)


def test_a_missing_right_is_told_with_the_way_to_mend_it() -> None:
    async def play(pbx: FakeAmi) -> None:
        pbx.answers["Atxfer"] = refused
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(HOLD)
            assert told.words == ["not_allowed"]
            assert "write=originate,call" in told.messages[0].payload["detail"]

    on_pbx(play)


def test_an_unknown_action_is_told_so() -> None:
    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (_desk, hand, _told):
            odd = replace(HOLD, action="levitate")  # type: ignore[arg-type]
            outcome: Outcome = await hand.do(odd)
            assert outcome.why == "unsupported"

    on_pbx(play)


def test_a_command_for_another_process_s_pbx_is_left_to_that_process() -> None:
    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(replace(HOLD, pbx="pbx2"))
            assert told.words == []
            await desk.carry_out(replace(HOLD, id="a-hold-02", pbx="pbx1", action="dance"))
            assert told.words == ["unsupported"]

    on_pbx(play)


def test_a_defect_of_ours_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: Any) -> Outcome:
        raise KeyError("Channel")

    monkeypatch.setitem(MOVES, "hold", broken)

    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (desk, _hand, told):
            await desk.carry_out(HOLD)
            assert told.words == ["refused"]

    on_pbx(play)


def test_of_several_processes_the_one_that_has_the_pbx_does_it() -> None:
    async def play(pbx: FakeAmi) -> None:
        async with desk_on(pbx) as (here, hand, told):
            failed: list[str] = []
            elsewhere = CommandDesk(told, _Clock(), lambda command, _: failed.append(command.id))
            elsewhere.hands.append(Hand(replace(pbx.address, name="berlin"), TIMING))
            for desk in (here, elsewhere):
                await desk.carry_out(replace(HOLD, action="hangup", pbx=hand.pbx))
            assert (told.words, failed) == (["ok"], [])
            for desk in (here, elsewhere):
                await desk.carry_out(replace(HOLD, action="hangup", pbx="berlin", id="away-01"))
            assert (told.words, failed) == (["ok", "pbx_away"], ["away-01"])
            assert len(pbx.asked("Hangup")) == 1

    on_pbx(play)
