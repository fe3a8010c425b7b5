"""A supervisor steps into calls on a real Asterisk; who hears whom is measured on every leg.

Each party plays a tone of its own, and what each phone hears is recorded: a listener is nobody's
tone, a whisper is the operator's alone.
"""

from __future__ import annotations

from time import time
from typing import Any

import pytest

from ami.lab import LabPbx
from ami.lab.pbx import LabError
from ami.lab.phones import Call, DeskPhone, call_in
from ami.lab.stage_hand import carry_out
from ami.stepping import front
from callcenter.calls.record import CallRecord
from callcenter.ports import PbxCommand
from callcenter.ports.bus import PbxAction
from tests.pbx.control_desk import ANNA, new_id
from tests.pbx.floor import BOSS, DIRECT, SUPPORT, Floor, channels_of, hang_up_all
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]


def test_a_supervisor_listens_whispers_joins_in_and_takes_over(floor: Floor) -> None:
    desk = floor.desk
    caller = floor.phones["caller"].call(DIRECT)
    floor.sings("operator", floor.phones["operator"].ringing().answer())
    floor.sings("caller", caller.until_talking())
    call = desk.talking()

    listens_and_is_put_out(floor, call)
    answer = floor.order(call, "step-in", mode="listen")
    floor.sings("supervisor", floor.phones["supervisor"].ringing().answer())
    desk.done(answer)
    floor.until_hears(supervisor="caller operator", operator="caller", caller="operator")
    wait_until(lambda: floor.stretches() == [("listen", True, True), ("listen", True, False)])
    assert desk.state("supervisor") == "ready"
    assert [one.id for one in desk.everything()] == [call.id]

    desk.done(floor.order(call, "step-in", mode="whisper"))
    floor.until_hears(supervisor="caller operator", operator="caller supervisor", caller="operator")
    desk.done(floor.order(call, "step-in", mode="barge"))
    floor.until_hears(
        supervisor="caller operator", operator="caller supervisor", caller="operator supervisor"
    )
    desk.done(floor.order(call, "step-in", mode="take_over"))
    floor.until_hears(supervisor="caller", caller="supervisor")
    floor.lines["operator"].until_over()

    taken = desk.talking(BOSS)
    assert taken.id == call.id
    wait_until(lambda: desk.state("supervisor") == "talking")
    floor.lines["supervisor"].hang_up()
    floor.lines["caller"].until_over()
    wait_until(lambda: not desk.everything())
    modes = [
        ("listen", True, True),
        ("listen", True, True),
        ("whisper", True, True),
        ("barge", True, True),
    ]
    wait_until(lambda: floor.stretches() == [*modes, ("take_over", True, True)])
    assert floor.rows("select count(*) from interactions") == [(1,)]
    legs = floor.rows("select endpoint, role, talk_seconds > 0 from call_legs order by endpoint")
    told = sorted((endpoint, role == "spy", bool(spoke)) for endpoint, role, spoke in legs)
    assert [one for one in told if one[0] != "PJSIP/trunk"] == [
        ("PJSIP/1001", False, True),
        (BOSS, False, True),
        (BOSS, True, False),
    ]
    done = floor.rows("select action from audit_log where action like 'stepped_%' order by id")
    assert [action for (action,) in done].count("stepped_in") == 5
    wait_until(lambda: floor.rows("select steps_in from pbx_links where state = 'up'") == [(1,)])


def listens_and_is_put_out(floor: Floor, call: CallRecord) -> None:
    """The right to it is taken away in the middle of it, and given back."""
    answer = floor.order(call, "step-in", mode="listen")
    line = floor.phones["supervisor"].ringing().answer()
    floor.desk.done(answer)
    wait_until(lambda: floor.stretches() == [("listen", True, False)])
    floor.become("operator")
    line.until_over()
    wait_until(lambda: floor.stretches() == [("listen", True, True)])
    floor.become("supervisor")


def test_a_waiting_caller_is_put_first_called_up_and_no_longer_waits(floor: Floor) -> None:
    desk = floor.desk
    for extension in ("1001", "1003"):
        desk.pbx.console(f"queue pause member PJSIP/{extension} queue support")
    caller = floor.phones["caller"].call(SUPPORT).until_talking()
    wait_until(lambda: [one.queues for one in desk.everything()] == [("support",)])
    (call,) = desk.everything()
    assert floor.order(call, "step-in", mode="listen").status_code == 409
    desk.done(floor.order(call, "first"))
    assert f"prio: {str(front(time()))[:6]}" in desk.pbx.console("queue show support")
    desk.done(floor.order(call, "pull"))
    elsewhere = {"id": new_id(), "to": str(desk.world.users["operator2"])}
    second = desk.browser("admin").post(f"/calls/{call.id}/pull", elsewhere)
    assert (second.status_code, "Ewa Krol sends this caller" in second.text) == (409, True)
    mine = floor.phones["supervisor"].ringing().answer()
    taken = desk.talking(BOSS)
    assert (taken.id, taken.result) == (call.id, "answered")
    wait_until(lambda: floor.rows("select * from call_claims") == [])
    mine.hang_up()
    caller.until_over()
    wait_until(lambda: not desk.everything())
    assert floor.rows("select result from calls") == [("answered",)]
    for extension in ("1001", "1003"):
        desk.pbx.console(f"queue unpause member PJSIP/{extension} queue support")


def test_a_waiting_caller_stays_where_they_are_for_a_phone_that_would_not_ring(
    floor: Floor,
) -> None:
    desk = floor.desk
    for extension in ("1001", "1003"):
        desk.pbx.console(f"queue pause member PJSIP/{extension} queue support")
    floor.phones["caller"].call(SUPPORT).until_talking()
    wait_until(lambda: [one.queues for one in desk.everything()] == [("support",)])
    (call,) = desk.everything()
    joined = call.queue_visits
    nobody = str(desk.world.users["operator2"])
    assert desk.outcome(floor.order(call, "pull", to=nobody))["why"] == "unreachable"
    wait_until(lambda: floor.rows("select * from call_claims") == [])
    # The CRM does not know yet of what the PBX knows: they have called the echo.
    talks = floor.phones["operator"].call("600").until_talking()
    told = {"channel": call.legs[0].channel, "to": "1001"}
    with pytest.raises(LabError, match="pull: busy"):
        _do(desk.pbx, "pull", arguments=told)
    talks.hang_up()
    talks.until_over()
    (waits,) = [one for one in desk.everything() if one.id == call.id]
    assert waits.queue_visits == joined
    assert "1. PJSIP/trunk" in desk.pbx.console("queue show support")
    for extension in ("1001", "1003"):
        desk.pbx.console(f"queue unpause member PJSIP/{extension} queue support")


def test_a_call_without_any_sound_is_taken_over_too(lab_pbx: LabPbx) -> None:
    """None of these phones ever sends sound: ChanSpy alone would never let go of such a call."""
    first, network = "PJSIP/1001", "PJSIP/trunk"
    with DeskPhone(lab_pbx, "1001"), DeskPhone(lab_pbx, "1003"):
        caller = call_in(lab_pbx, [Call(number=ANNA, to=DIRECT)], talk=60)
        wait_until(lambda: {first, network} <= set(channels_of(lab_pbx)))
        told = {"channel": channels_of(lab_pbx)[first], "far": channels_of(lab_pbx)[network]}
        _do(lab_pbx, "step_in", endpoint=BOSS, arguments={**told, "mode": "listen"})
        mine = channels_of(lab_pbx)[BOSS]
        _do(lab_pbx, "take_over", arguments={**told, "mine": mine})
        wait_until(lambda: set(channels_of(lab_pbx)) == {network, BOSS})
        hang_up_all(lab_pbx)
        caller.stop()


def _do(pbx: LabPbx, action: PbxAction, **fields: Any) -> None:
    carry_out(pbx, PbxCommand(action=action, id=new_id(), user_id=1, **fields))
