"""What becomes of whoever parks a caller: their line goes down, and they are free."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ami.lab.softphones import Line, SoftPhone, desk_of
from callcenter.calls.record import CallRecord, Leg
from callcenter.services import operator_state
from tests.pbx.floor import BOSS, DIRECT, SUPPORT, Floor, channels_of
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

FIRST, SECOND, PLACE = "PJSIP/1001", "PJSIP/1002", "701"


@pytest.fixture
def second(floor: Floor) -> Iterator[SoftPhone]:
    with SoftPhone(desk_of(floor.desk.pbx, "1002")) as phone:
        yield phone


def reaches(floor: Floor, number: str = DIRECT) -> tuple[Line, CallRecord]:
    """The operator's line, and the call."""
    floor.desk.browser()
    caller = floor.phones["caller"].call(number)
    line = floor.sings("operator", floor.phones["operator"].ringing(20).answer())
    floor.sings("caller", caller.until_talking())
    return line, floor.desk.talking()


def works_alone(floor: Floor) -> None:
    """Of those whom the queue could ring, the operator takes calls."""
    runtime = floor.desk.world.runtime
    door = {
        "unit_of_work": runtime.unit_of_work,
        "publisher": runtime.bus,
        "clock": runtime.clock,
    }
    for name, user_id in floor.desk.world.users.items():
        if name in ("operator1", "operator2", "supervisor"):
            state = "ready" if name == "operator1" else "offline"
            operator_state.set_state(user_id, state, **door)
    # The PBX is told after that; until then it rings whoever comes next.
    wait_until(lambda: floor.desk.pbx.console("queue show support").count("(paused:offline") == 2)


def parks(floor: Floor, call: CallRecord) -> None:
    assert floor.desk.done(floor.desk.do(call, "park"))["place"] == PLACE


def fetches(floor: Floor, second: SoftPhone) -> CallRecord:
    """The colleague speaks with the caller: the same call, and the only one."""
    line = second.call(PLACE).until_talking()
    line.sing(700)
    floor.until_hears(caller="operator")
    record = floor.desk.talking(SECOND)
    assert [(one.kind, one.by, one.to) for one in record.transfers][-1:] == [
        ("pickup", leg_of(record, SECOND).channel, PLACE)
    ]
    assert [one.id for one in floor.desk.everything()] == [record.id]
    return record


def leg_of(record: CallRecord, endpoint: str) -> Leg:
    (leg,) = [one for one in record.legs if one.endpoint == endpoint]
    return leg


def was_free_first(record: CallRecord, parker: str = FIRST) -> None:
    """By the PBX's own times: the line was down when the colleague lifted."""
    ended, fetched = leg_of(record, parker).ended_at, leg_of(record, SECOND).answered_at
    assert ended is not None
    assert fetched is not None
    assert ended <= fetched


@pytest.mark.parametrize("before", ["nothing", "hold", "listened to"])
def test_whoever_parks_a_caller_is_free_at_once(
    floor: Floor, second: SoftPhone, before: str
) -> None:
    line, call = reaches(floor)
    if before == "hold":
        floor.desk.done(floor.desk.do(call, "hold"))
        floor.until_hears(caller="")
    if before == "listened to":
        answer = floor.order(call, "step-in", mode="listen")
        floor.sings("supervisor", floor.phones["supervisor"].ringing().answer())
        floor.desk.done(answer)
        floor.until_hears(supervisor="caller operator")
    parks(floor, call)
    record = fetches(floor, second)
    assert record.id == call.id
    was_free_first(record)
    line.until_over()
    wait_until(lambda: floor.desk.state() == "ready", words=floor.desk.state())
    wait_until(lambda: BOSS not in channels_of(floor.desk.pbx))
    wait_until(lambda: all(ended for _, _, ended in floor.stretches()))
    assert floor.rows("select count(*) from interactions") == [(1,)]


def test_whoever_parks_a_caller_of_a_queue_wraps_up(floor: Floor, second: SoftPhone) -> None:
    works_alone(floor)
    line, call = reaches(floor, SUPPORT)
    parks(floor, call)
    was_free_first(fetches(floor, second))
    line.until_over()
    wait_until(lambda: floor.desk.state() == "wrap_up", words=floor.desk.state())


@pytest.mark.parametrize("how", ["by the phone", "by key"])
def test_a_phone_that_parks_by_itself_is_told_the_place_and_is_free(
    floor: Floor, second: SoftPhone, how: str
) -> None:
    line, call = reaches(floor)
    if how == "by the phone":
        line.transfer("700")
    else:
        line.press("##")
        floor.until_hears(caller="")
        line.press("700")
    line.until_over()
    wait_until(lambda: floor.desk.state() == "ready", words=floor.desk.state())
    record = fetches(floor, second)
    assert record.id == call.id
    was_free_first(record)


def test_whoever_speaks_with_a_colleague_yet_stays(floor: Floor, second: SoftPhone) -> None:
    desk = floor.desk
    line, call = reaches(floor)
    answer = desk.do(call, "consult", to="1002")
    floor.sings("supervisor", second.ringing().answer())
    desk.done(answer)
    desk.done(desk.do(call, "conference"))
    floor.until_hears(operator="caller supervisor")
    parks(floor, call)
    floor.until_hears(operator="supervisor", supervisor="operator", caller="")
    assert not line.over


def test_who_took_a_call_over_parks_it_and_is_free(floor: Floor, second: SoftPhone) -> None:
    desk = floor.desk
    line, call = reaches(floor)
    answer = floor.order(call, "step-in", mode="take_over")
    theirs = floor.phones["supervisor"].ringing().answer()
    desk.done(answer)
    line.until_over()
    moved = desk.talking(BOSS)
    wait_until(lambda: BOSS in channels_of(desk.pbx))
    assert desk.done(desk.do(moved, "park", "supervisor"))["place"] == PLACE
    was_free_first(fetches(floor, second), BOSS)
    theirs.until_over()
    assert floor.rows("select count(*) from interactions") == [(1,)]
