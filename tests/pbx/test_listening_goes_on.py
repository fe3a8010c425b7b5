"""What becomes of a supervisor's listening when the call itself is moved, and when parts fail."""

from __future__ import annotations

import pytest

from ami.lab.softphones import Line, SoftPhone, desk_of
from ami.lab.stage_hand import carry_out
from callcenter.calls.record import CallRecord
from callcenter.ports import PbxCommand
from tests.pbx.control_desk import new_id
from tests.pbx.floor import BOSS, DIRECT, Floor, channels_of
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

COLLEAGUE = "+48221000102"
BOTH = "caller operator"


def caller_and_operator(floor: Floor) -> CallRecord:
    caller = floor.phones["caller"].call(DIRECT)
    floor.sings("operator", floor.phones["operator"].ringing().answer())
    floor.sings("caller", caller.until_talking())
    return floor.desk.talking()


def listens(floor: Floor, call: CallRecord) -> Line:
    answer = floor.order(call, "step-in", mode="listen")
    line = floor.sings("supervisor", floor.phones["supervisor"].ringing().answer())
    floor.desk.done(answer)
    floor.until_hears(supervisor=BOTH)
    return line


def still(floor: Floor) -> None:
    """The panel says that they listen, and the phone is in the call."""
    assert floor.stretches()[-1] == ("listen", True, False)
    assert BOSS in channels_of(floor.desk.pbx)


def until_out(floor: Floor, line: Line) -> None:
    line.until_over()
    wait_until(lambda: BOSS not in channels_of(floor.desk.pbx))
    wait_until(lambda: all(ended for _, _, ended in floor.stretches()))


def test_a_listener_stays_with_the_operator_through_holds_a_reload_and_a_conference(
    floor: Floor,
) -> None:
    desk = floor.desk
    call = caller_and_operator(floor)
    line = listens(floor, call)
    desk.done(desk.do(call, "hold"))
    floor.until_hears(supervisor="operator", caller="")
    still(floor)
    desk.done(desk.do(call, "unhold"))
    floor.until_hears(supervisor=BOTH, caller="operator")
    desk.pbx.console("dialplan reload")
    desk.done(floor.order(call, "step-in", mode="whisper"))
    floor.until_hears(supervisor=BOTH, operator="caller supervisor", caller="operator")
    desk.done(floor.order(call, "step-in", mode="listen"))
    floor.until_hears(supervisor=BOTH, operator="caller", caller="operator")
    into_a_room(floor)
    floor.until_hears(supervisor=BOTH, operator="caller", caller="operator")
    still(floor)
    floor.lines["operator"].hang_up()
    until_out(floor, line)
    assert [one.id for one in desk.everything()] == [call.id]


def into_a_room(floor: Floor) -> None:
    """As a conference of two calls leads everybody there."""
    here = channels_of(floor.desk.pbx)
    told = {"channel": here["PJSIP/1001"], "others": here["PJSIP/trunk"], "room": "4711"}
    command = PbxCommand(action="conference", id=new_id(), user_id=1, arguments=told)
    carry_out(floor.desk.pbx, command)


@pytest.mark.parametrize("how", ["blind", "attended"])
def test_a_call_that_goes_to_a_colleague_leaves_the_listener_who_may_follow(
    floor: Floor, how: str
) -> None:
    desk = floor.desk
    with SoftPhone(desk_of(desk.pbx, "1002")) as second:
        call = caller_and_operator(floor)
        line = listens(floor, call)
        if how == "blind":
            desk.done(desk.do(call, "blind_transfer", to="1002"))
            until_out(floor, line)
            wait_until(lambda: "No operator is talking" in why_not(floor, call))
            colleague = second.ringing().answer()
        else:
            answer = desk.do(call, "consult", to="1002")
            colleague = second.ringing().answer()
            desk.done(answer)
            still(floor)
            desk.done(desk.do(call, "complete_transfer"))
            until_out(floor, line)
        floor.sings("operator", colleague)
        moved = desk.talking("PJSIP/1002")
        assert moved.id == call.id
        line = listens(floor, moved)
        told = floor.rows("select operator_id from supervision_sessions order by id")
        assert told == [(desk.world.users["operator1"],), (desk.world.users["operator2"],)]
        floor.lines["caller"].hang_up()
        until_out(floor, line)


def why_not(floor: Floor, call: CallRecord) -> str:
    told = floor.desk.browser("supervisor").get(f"/calls/{call.id}/ways").json
    assert told is not None
    return str(told["modes"].get("listen", ""))


def test_a_call_that_was_picked_up_is_listened_to_and_parked(floor: Floor) -> None:
    desk = floor.desk
    with SoftPhone(desk_of(desk.pbx, "1002")) as second:
        caller = floor.phones["caller"].call(COLLEAGUE)
        second.ringing()
        picks = floor.phones["operator"].call("*81002")
        floor.sings("operator", picks.until_talking())
        floor.sings("caller", caller.until_talking())
        call = desk.talking()
        line = listens(floor, call)
        desk.done(desk.do(call, "park"))
        floor.lines["operator"].until_over()
        until_out(floor, line)
        assert floor.lines["caller"].state == "CONFIRMED"


def test_a_phone_that_was_unplugged_listens_until_end_is_pressed(floor: Floor) -> None:
    desk = floor.desk
    call = caller_and_operator(floor)
    listens(floor, call)
    floor.phones["supervisor"].unplug()
    desk.done(floor.order(call, "step-out"))
    wait_until(lambda: BOSS not in channels_of(desk.pbx))
    wait_until(lambda: floor.stretches() == [("listen", True, True)])
    with SoftPhone(desk_of(desk.pbx, "1003")) as again:
        floor.phones["supervisor"] = again
        listens(floor, call)
        again.unplug()
        floor.lines["caller"].hang_up()
        wait_until(lambda: desk.pbx.channels() == 0)
        wait_until(lambda: all(ended for _, _, ended in floor.stretches()))


def test_no_phone_is_rung_for_a_call_that_is_over(floor: Floor) -> None:
    desk = floor.desk
    call = caller_and_operator(floor)
    answers = {}
    for mode in ("listen", "take_over"):
        answers[mode] = floor.order(call, "step-in", mode=mode)
        line = floor.phones["supervisor"].ringing()
        if mode == "listen":
            line.refuse()
            assert desk.outcome(answers[mode])["why"] == "busy"
            wait_until(lambda: all(ended for _, _, ended in floor.stretches()))
    floor.lines["caller"].hang_up()
    line.until_over()
    assert desk.outcome(answers["take_over"])["why"] == "gone"
    wait_until(lambda: floor.rows("select * from call_claims") == [])
    wait_until(lambda: all(ended for _, _, ended in floor.stretches()))


def test_who_listens_is_known_again_when_the_manager_door_comes_back(floor: Floor) -> None:
    desk = floor.desk
    call = caller_and_operator(floor)
    line = listens(floor, call)
    desk.come_back()
    began = desk.world.runtime.clock.now()
    desk.done(floor.order(call, "step-in", mode="whisper"))
    floor.until_hears(operator="caller supervisor", caller="operator")
    (leg,) = [leg for leg in desk.talking().legs if leg.role == "spy"]
    assert leg.answered_at is not None
    assert leg.answered_at < began
    assert floor.stretches() == [("listen", True, True), ("whisper", True, False)]
    desk.done(floor.order(call, "step-out"))
    until_out(floor, line)
