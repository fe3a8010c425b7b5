"""Call control from the browser's request to the phone on the desk, and the PBX's word back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ami.ears import Event, Heard
from ami.lab import LabPbx
from ami.lab.phones import (
    DECLINES,
    IS_BUSY,
    NO_ANSWER,
    Behaviour,
    DeskPhone,
    FarEnd,
)
from callcenter.outbound.rights import OutboundRight
from callcenter.ports import PbxCommand
from tests.pbx.control_desk import ControlDesk, control_desk, new_id
from tests.support.lab import MakeLab
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

OUTSIDE = "+48501501501"
SOON = Behaviour(ring=0.3)


@pytest.fixture
def desk(lab_pbx: LabPbx, sqlite_url: str, tmp_path: Path) -> Iterator[ControlDesk]:
    with control_desk(lab_pbx, sqlite_url, tmp_path) as made:
        yield made
    for channel in lab_pbx.console("core show channels concise").split():
        lab_pbx.console(f"channel request hangup {channel.split('!')[0]}")
    lab_pbx.wait_idle()


def test_a_click_rings_the_own_phone_and_then_calls_the_number(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), FarEnd(desk.pbx, SOON):
        answer = desk.dial("+48 501 501 501")
        desk.done(answer)
        call = desk.talking()
        assert (call.direction, call.dialed) == ("outbound", OUTSIDE)
        assert call.id == f"lab/crm-{answer.json['id']}"
        desk.done(desk.do(call, "hangup"))
        wait_until(lambda: not desk.live())


def test_a_double_click_is_one_call(desk: ControlDesk) -> None:
    same = new_id()
    with DeskPhone(desk.pbx, "1001", Behaviour(ring=1)), FarEnd(desk.pbx, SOON):
        first = desk.dial(OUTSIDE, same)
        assert desk.dial(OUTSIDE, same).status_code == 202
        other = desk.dial(OUTSIDE)
        if other.status_code == 202:
            assert desk.outcome(other)["why"] == "refused"
        else:
            assert other.status_code == 409
        desk.done(first)
        desk.talking()
        assert len(desk.live()) == 1
        assert [one["id"] for one in desk.told if one["ok"]] == [same]
        desk.done(desk.do(desk.talking(), "hangup"))


@pytest.mark.parametrize(
    ("behaviour", "why"), [(IS_BUSY, "busy"), (DECLINES, "declined"), (None, "unreachable")]
)
def test_why_the_own_phone_did_not_take_the_call_is_told(
    desk: ControlDesk, behaviour: Behaviour | None, why: str
) -> None:
    if behaviour is None:
        assert desk.outcome(desk.dial(OUTSIDE))["why"] == why
        return
    with DeskPhone(desk.pbx, "1001", behaviour):
        assert desk.outcome(desk.dial(OUTSIDE))["why"] == why


def test_a_number_that_the_dialplan_does_not_let_out_is_told_before_any_phone_rings(
    desk: ControlDesk,
) -> None:
    with DeskPhone(desk.pbx, "1001", SOON):
        assert desk.outcome(desk.dial("+33123456789"))["why"] == "bad_number"
        assert desk.outcome(desk.dial("1999"))["why"] == "bad_number"
    assert desk.dial("call me").status_code == 422


def test_a_caller_is_held_and_taken_back_more_than_once(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON):
        caller = desk.anna_calls()
        call = desk.talking()
        for _ in range(2):
            desk.done(desk.do(call, "hold"))
            wait_until(lambda: desk.state() == "hold", words=desk.state())
            desk.done(desk.do(call, "unhold"))
            wait_until(lambda: desk.state() == "talking", words=desk.state())
        assert caller.running()
        desk.done(desk.do(call, "hangup"))
        assert caller.wait(20)


def test_a_held_caller_is_not_left_alone_when_the_operator_hangs_up(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON):
        caller = desk.anna_calls()
        call = desk.talking()
        desk.done(desk.do(call, "hold"))
        desk.done(desk.do(call, "hangup"))
        assert caller.wait(20)


def test_a_call_goes_to_a_colleague_and_a_queue_without_a_word(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", SOON):
        caller = desk.anna_calls()
        desk.done(desk.do(desk.talking(), "blind_transfer", to="1002"))
        call = desk.talking("PJSIP/1002")
        assert [(t.kind, t.to) for t in call.transfers] == [("blind", "1002")]
        assert desk.do(call, "hangup").status_code == 403
        answer = desk.do(call, "blind_transfer", "operator2", to="support")
        assert desk.outcome(answer)["ok"]
        wait_until(lambda: ("support",) in [one.queues for one in desk.everything()])
        caller.stop()


def test_a_transfer_to_nowhere_loses_nobody(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON):
        caller = desk.anna_calls()
        call = desk.talking()
        for action in ("blind_transfer", "consult"):
            assert desk.outcome(desk.do(call, action, to="1999"))["why"] == "bad_number"
        assert desk.outcome(desk.do(call, "blind_transfer", to=OUTSIDE))["why"] == "bad_number"
        assert caller.running()
        desk.done(desk.do(desk.talking(), "hangup"))


def test_a_caller_is_handed_over_after_a_word(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", SOON):
        caller = desk.anna_calls()
        call = desk.talking()
        desk.done(desk.do(call, "consult", to="1002"))
        desk.talking("PJSIP/1002")
        desk.done(desk.do(call, "complete_transfer"))
        wait_until(lambda: not desk.live("PJSIP/1001"))
        (after,) = desk.live("PJSIP/1002")
        assert [(t.kind, t.to) for t in after.transfers] == [("attended", "1002")]
        assert caller.running()
        caller.stop()


def test_the_operator_thinks_better_of_it(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", SOON):
        caller = desk.anna_calls()
        call = desk.talking()
        desk.done(desk.do(call, "consult", to="1002"))
        desk.talking("PJSIP/1002")
        desk.done(desk.do(call, "cancel_transfer"))
        wait_until(lambda: not desk.live("PJSIP/1002"))
        assert caller.running()
        desk.done(desk.do(desk.talking(), "hangup"))


def test_a_busy_colleague_brings_the_caller_back_and_the_operator_is_told(
    desk: ControlDesk,
) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", DECLINES):
        caller = desk.anna_calls()
        answer = desk.do(desk.talking(), "consult", to="1002")
        assert desk.outcome(answer)["ok"]
        assert desk.outcome(answer, nth=1)["why"] == "declined"
        assert caller.running()
        desk.done(desk.do(desk.talking(), "hangup"))


@pytest.mark.parametrize("behaviour", [DECLINES, replace(DECLINES, ring=0.001)])
def test_a_colleague_s_phone_whose_end_is_told_last_is_believed(
    desk: ControlDesk, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour
) -> None:
    """The PBX's two events change places now and then; here they always do."""
    hear = Heard.hear

    def late(heard: Heard, event: Event) -> None:
        if event.get("Event") == "Hangup" and event.get("Channel", "").startswith("PJSIP/1002-"):
            asyncio.get_running_loop().call_later(0.1, hear, heard, event)
        else:
            hear(heard, event)

    monkeypatch.setattr(Heard, "hear", late)
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", behaviour):
        desk.anna_calls()
        command_id = desk.do(desk.talking(), "consult", to="1002").json["id"]
        wait_until(lambda: any(one["why"] for one in desk.told))
        last = desk.told[-1]
        assert (last["id"], last["why"]) == (command_id, "declined")
        desk.done(desk.do(desk.talking(), "hangup"))


def test_a_parked_caller_is_told_with_the_place_and_fetched_there(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", SOON):
        caller = desk.anna_calls()
        place = desk.done(desk.do(desk.talking(), "park"))["place"]
        assert place == "701"
        answer = desk.dial(place, username="operator2")
        assert desk.outcome(answer)["ok"]
        call = desk.talking("PJSIP/1002")
        assert call.caller_number == "+48600100101"
        desk.outcome(desk.do(call, "hangup", "operator2"))
        assert caller.wait(20)


def test_caller_colleague_and_operator_speak_together(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", SOON):
        caller = desk.anna_calls()
        call = desk.talking()
        desk.done(desk.do(call, "consult", to="1002"))
        desk.talking("PJSIP/1002")
        desk.done(desk.do(call, "conference"))
        wait_until(lambda: "Local/" not in desk.pbx.console("core show channels"))
        assert desk.live("PJSIP/1001")
        assert desk.live("PJSIP/1002")
        caller.stop()


def test_a_ringing_call_of_a_colleague_is_taken_by_a_click(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON), DeskPhone(desk.pbx, "1002", NO_ANSWER):
        caller = desk.anna_calls(to="+48221000102")
        wait_until(lambda: desk.live("PJSIP/1002"))
        desk.done(desk.dial("*81002"))
        call = desk.talking()
        assert call.caller_number == "+48600100101"
        caller.stop()


def test_a_call_of_others_is_not_touched(desk: ControlDesk) -> None:
    with DeskPhone(desk.pbx, "1001", SOON):
        caller = desk.anna_calls()
        call = desk.talking()
        assert desk.do(call, "hold", "operator2").status_code == 403
        assert desk.do(call, "hangup", "operator2").status_code == 403
        assert desk.do(call, "explode").status_code == 422
        assert caller.running()
        assert desk.do(call, "hangup", "supervisor").status_code == 202
        assert caller.wait(20)
        # The phone knows before the listener has written the end.
        wait_until(lambda: not desk.everything(), words="the call is not over")
        assert desk.do(call, "hangup").status_code in (403, 404)


def test_an_old_wish_is_not_carried_out(desk: ControlDesk) -> None:
    bus, clock = desk.world.runtime.bus, desk.world.runtime.clock
    with DeskPhone(desk.pbx, "1001", SOON):
        long_ago = clock.now().replace(year=2020)
        command = PbxCommand(
            action="originate",
            endpoint="PJSIP/1001",
            arguments={"to": "1002"},
            id="an-old-wish",
            user_id=1,
            issued_at=long_ago,
        )
        bus.command(command)
        wait_until(lambda: [one["why"] for one in desk.told] == ["too_late"])
        assert desk.pbx.channels() == 0


class TracedPhone(DeskPhone):
    """A desk phone whose SIP messages can be read."""

    def __init__(self, pbx: LabPbx, extension: str, behaviour: Behaviour, folder: Path) -> None:
        super().__init__(pbx, extension, behaviour)
        self.trace = folder / f"{extension}.sip"
        self._sipp._command += ["-trace_msg", "-message_file", str(self.trace)]

    def invite(self) -> str:
        """The first INVITE that it received."""
        wait_until(lambda: self.trace.exists() and "INVITE" in self.trace.read_text("utf-8"))
        text = self.trace.read_text("utf-8").replace("\r", "")
        return text[text.index("INVITE") :].split("\n\n", 1)[0]


def test_each_phone_shows_whom_its_person_is_to_speak_with(
    desk: ControlDesk, tmp_path: Path
) -> None:
    with (
        TracedPhone(desk.pbx, "1001", SOON, tmp_path) as mine,
        TracedPhone(desk.pbx, "1002", SOON, tmp_path) as colleagues,
    ):
        answer = desk.dial("1002")
        desk.done(answer)
        own = mine.invite()
        assert '"1002" <sip:1002@' in own
        assert f"X-Callcenter-Click: {answer.json['id']}" in own
        assert '"Operator 1" <sip:1001@' in colleagues.invite()
        desk.done(desk.do(desk.talking(), "hangup"))


def test_the_number_that_a_role_shows_is_one_of_ours_or_the_main_one(
    desk: ControlDesk, tmp_path: Path
) -> None:
    shown = {"+48221000002": "+48221000002", "+48999999999": "+48221000001"}
    for caller_id, seen in shown.items():
        with desk.world.runtime.unit_of_work() as uow:
            right = OutboundRight(role="operator", caller_id=caller_id)
            uow.outbound.save(right)
            uow.commit()
        with DeskPhone(desk.pbx, "1001", SOON), FarEnd(desk.pbx, SOON):
            desk.done(desk.dial(OUTSIDE))
            call = desk.talking()
            channels = desk.pbx.console("core show channels concise")
            (trunk,) = [line for line in channels.split() if line.startswith("PJSIP/trunk")]
            told = desk.pbx.console(f"core show channel {trunk.split('!')[0]}")
            assert f"Connected Line ID: {seen}" in told
            desk.done(desk.do(call, "hangup"))
            wait_until(lambda: not desk.live())


def test_a_pbx_that_is_away_is_told(make_lab: MakeLab, sqlite_url: str, tmp_path: Path) -> None:
    with control_desk(make_lab(), sqlite_url, tmp_path) as desk:
        with DeskPhone(desk.pbx, "1001", SOON):
            desk.anna_calls()
            call = desk.talking()
            desk.done(desk.do(call, "hangup"))
            desk.anna_calls()
            desk.talking()
            desk.pbx.kill()
        wait_until(lambda: desk.link() == "down")
        refused = desk.dial(OUTSIDE)
        assert refused.status_code == 409
        assert refused.json["message"] == "The PBX is away. Try again in a moment."
        desk.pbx.start()
        wait_until(lambda: desk.link() == "up" and desk.service.commands.hands[0].up, timeout=60)
        wait_until(lambda: not desk.live(), timeout=60)
        answer = desk.dial(OUTSIDE, username="operator2")  # whose phone never signed in
        assert desk.outcome(answer)["why"] == "unreachable"
        assert len([one for one in desk.told if one["action"] == "originate"]) == 1
