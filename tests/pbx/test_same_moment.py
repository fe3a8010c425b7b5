"""Two supervisors want the same caller in the same second, or the caller hangs up in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from ami.lab.softphones import SoftPhone, desk_of
from callcenter.calls.record import CallRecord
from tests.pbx.control_desk import new_id
from tests.pbx.floor import DIRECT, SUPPORT, Floor, channels_of
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

EXTENSIONS = {"supervisor": "1003", "admin": "1002"}


@pytest.fixture
def phones(floor: Floor) -> Iterator[dict[str, SoftPhone]]:
    """Of the two who want the caller."""
    with floor.desk.world.runtime.unit_of_work() as uow:
        run = uow.connection.execute  # type: ignore[attr-defined]
        run(text("update users set endpoint = '', extension = '' where username = 'operator2'"))
        query = "update users set endpoint = 'PJSIP/1002', extension = '1002'"
        run(text(f"{query} where username = 'admin'"))
        uow.commit()
    with ExitStack() as stack:
        second = stack.enter_context(SoftPhone(desk_of(floor.desk.pbx, "1002")))
        for name in EXTENSIONS:
            floor.desk.browser(name)
        yield {"supervisor": floor.phones["supervisor"], "admin": second}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    gate = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def both_press(floor: Floor, call: CallRecord, what: str, **form: str) -> str:
    """Who got it; the other reads who did."""

    def press(name: str) -> Callable[[], Any]:
        browser = floor.desk.browser(name)
        return lambda: browser.post(f"/calls/{call.id}/{what}", {"id": new_id(), **form})

    answers = dict(zip(EXTENSIONS, at_once(*map(press, EXTENSIONS)), strict=True))
    assert sorted(one.status_code for one in answers.values()) == [202, 409]
    winner, loser = sorted(answers, key=lambda name: answers[name].status_code)
    names = dict(floor.rows("select username, display_name from users"))
    assert answers[loser].json["message"].startswith(names[winner])
    return winner


def until_only(floor: Floor, winner: str) -> None:
    """The caller speaks with this one and nobody else, and nothing is left to wait for."""
    device = f"PJSIP/{EXTENSIONS[winner]}"
    floor.until_hears(caller="supervisor", supervisor="caller")
    wait_until(lambda: set(channels_of(floor.desk.pbx)) == {"PJSIP/trunk", device})
    wait_until(lambda: floor.rows("select * from call_claims") == [])
    taken = floor.desk.talking(device)
    assert [one.id for one in floor.desk.everything()] == [taken.id]


def until_nothing_is_left(floor: Floor) -> None:
    wait_until(lambda: floor.desk.pbx.channels() == 0)
    wait_until(lambda: not floor.desk.everything())
    wait_until(lambda: floor.rows("select * from call_claims") == [])
    wait_until(lambda: all(ended for _, _, ended in floor.stretches()))


def waiting(floor: Floor) -> CallRecord:
    caller = floor.phones["caller"].call(SUPPORT).until_talking()
    floor.sings("caller", caller)
    wait_until(lambda: [one.queues for one in floor.desk.everything()] == [("support",)])
    return floor.desk.everything()[0]


@pytest.fixture
def nobody_is_ready(floor: Floor) -> Iterator[None]:
    pbx = floor.desk.pbx
    members = [f"PJSIP/{extension}" for extension in ("1001", "1002", "1003")]
    for member in members:
        pbx.console(f"queue pause member {member} queue support")
    yield
    for member in members:
        pbx.console(f"queue unpause member {member} queue support")


def test_of_two_who_take_over_one_gets_the_caller(
    floor: Floor, phones: dict[str, SoftPhone]
) -> None:
    caller = floor.phones["caller"].call(DIRECT)
    operator = floor.phones["operator"].ringing().answer()
    floor.sings("caller", caller.until_talking())
    call = floor.desk.talking()
    winner = both_press(floor, call, "step-in", mode="take_over")
    floor.sings("supervisor", phones[winner].ringing().answer())
    operator.until_over()
    until_only(floor, winner)
    caller.hang_up()
    until_nothing_is_left(floor)


@pytest.mark.usefixtures("nobody_is_ready")
def test_of_two_who_pull_a_waiting_caller_one_gets_them(
    floor: Floor, phones: dict[str, SoftPhone]
) -> None:
    winner = both_press(floor, waiting(floor), "pull")
    floor.sings("supervisor", phones[winner].ringing().answer())
    until_only(floor, winner)
    floor.lines["caller"].hang_up()
    until_nothing_is_left(floor)
    assert floor.rows("select result from calls") == [("answered",)]


@pytest.mark.usefixtures("nobody_is_ready")
def test_a_caller_who_hangs_up_as_they_are_pulled_leaves_no_phone_ringing(floor: Floor) -> None:
    call = waiting(floor)
    floor.desk.browser("supervisor")
    answer, _ = at_once(lambda: floor.order(call, "pull"), floor.lines["caller"].hang_up)
    if answer.status_code == 202:
        assert floor.desk.outcome(answer)["why"] in ("", "gone")
    else:
        assert answer.status_code in (404, 409)
    until_nothing_is_left(floor)
    assert floor.rows("select result from calls") == [("abandoned",)]


def test_a_caller_who_hangs_up_as_they_are_taken_over_leaves_nobody_behind(floor: Floor) -> None:
    caller = floor.phones["caller"].call(DIRECT)
    floor.sings("operator", floor.phones["operator"].ringing().answer())
    floor.sings("caller", caller.until_talking())
    call = floor.desk.talking()
    answer = floor.order(call, "step-in", mode="listen")
    floor.phones["supervisor"].ringing().answer()
    floor.desk.done(answer)
    take_over = {"mode": "take_over"}
    answer, _ = at_once(lambda: floor.order(call, "step-in", **take_over), caller.hang_up)
    if answer.status_code == 202:
        assert floor.desk.outcome(answer)["why"] in ("", "gone")
    else:
        assert answer.status_code in (404, 409)
    until_nothing_is_left(floor)
