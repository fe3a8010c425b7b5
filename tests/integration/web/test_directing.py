"""Waiting callers directed at the web door: whose they are, to which phone, by which command."""

from __future__ import annotations

import html
import json
from dataclasses import replace

import pytest
from flask import Flask

from callcenter.ports import PbxCommand
from callcenter.services import call_claims
from callcenter.supervision.claims import RINGING
from tests.integration.web.test_stepping_in import (
    ID,
    app,
    asked,
    boss,
    rows,
    second_boss,
    step_in,
    talk,
    team_leader,
    ways,
    world,
)
from tests.support.waiting import wait_until
from tests.support.web import ONE, UNKNOWN, Browser, World

__all__ = ["app", "asked", "boss", "world"]
_USERNAMES = {"Anna Nowak": "operator1", "Jan Lis": "operator2", "Ольга Белова": "operator3"}
SECOND, THIRD = "fedcba9876543210", "fedcba9876543211"


def pull(browser: Browser, call: str, id_: str, to: int | None = None) -> tuple[int, str]:
    form = {"id": id_, "to": str(to or "")}
    answer = browser.post(f"/calls/{call}/pull", form)
    return answer.status_code, answer.get_json().get("message", "")


def give_skill(world: World, name: str) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"skill": "support"})
        uow.staffing.set_skill(world.users[name], "support", 5)
        uow.commit()


def test_a_team_s_leader_directs_callers_of_the_own_queues_alone(
    boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    team_leader(world, "operator2")
    give_skill(world, "operator1")
    world.ring(ONE, to=())
    refused = "This caller waits in a queue of other teams."
    assert ways(boss, waits="1")["everything"] == refused
    assert pull(boss, "pbx/1", ID) == (403, refused)
    assert pull(boss, "pbx/1", ID, world.users["operator2"]) == (403, refused)
    assert boss.post("/calls/pbx/1/first", {"id": ID}).status_code == 403
    assert not asked
    give_skill(world, "operator2")
    assert ways(boss, waits="1")["everything"] == ""
    assert boss.post("/calls/pbx/1/first", {"id": ID}).status_code == 202
    assert pull(boss, "pbx/1", SECOND)[0] == 202


def test_a_queue_that_the_pbx_staffs_is_every_leader_s(boss: Browser, world: World) -> None:
    team_leader(world, "operator2")
    world.ring(ONE, to=())
    assert boss.post("/calls/pbx/1/first", {"id": ID}).status_code == 202


def test_a_team_s_leader_is_offered_the_phones_of_the_own_team(boss: Browser, world: World) -> None:
    assert phones(boss) == {"operator1", "operator2", "operator3"}
    team_leader(world, "operator2")
    assert phones(boss) == {"operator2"}


def phones(browser: Browser) -> set[str]:
    """Whose the page offers to send a caller to."""
    kept = browser.text("/live").partition("data-phones='")[2].partition("'")[0]
    return {_USERNAMES[name] for _, name in json.loads(html.unescape(kept))}


def test_two_callers_are_not_called_up_to_one_phone(
    app: Flask, boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    other = second_boss(app, world)
    free = world.users["operator3"]
    world.ring(ONE, to=())
    world.ring(UNKNOWN, to=(), call_id="pbx/2")
    assert pull(boss, "pbx/1", ID, free)[0] == 202
    status, words = pull(other, "pbx/2", SECOND, free)
    assert status == 409
    assert words.startswith("Ewa Krol sends another caller to this phone just now (since ")
    assert pull(other, "pbx/2", SECOND, world.users["operator2"])[0] == 202
    world.hang_up()
    world.ring(ONE, to=(), call_id="pbx/3")
    assert pull(boss, "pbx/3", THIRD, free)[0] == 202
    wait_until(lambda: len(asked) == 3)


def test_the_command_of_one_person_is_no_other_s(
    app: Flask, boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    other = second_boss(app, world)
    world.ring(ONE, to=())
    world.ring(UNKNOWN, to=(), call_id="pbx/2")
    assert pull(other, "pbx/1", ID)[0] == 202
    begun = (409, "This was begun in another window already. Look again.")
    assert pull(boss, "pbx/2", ID) == begun
    talk_on(world, "pbx/3")
    assert step_in(boss, call="pbx/3").status_code == 409
    assert rows(world, "select call_id, user_id from call_claims") == [
        ("pbx/1", world.users["admin"])
    ]
    assert rows(world, "select * from supervision_sessions") == []
    wait_until(lambda: asked)
    assert len(asked) == 1


def talk_on(world: World, call_id: str) -> None:
    world.ring(UNKNOWN, call_id=call_id)
    world.answer(call_id)


def test_a_command_that_rings_a_supervisor_s_phone_calls_nobody_up(
    app: Flask, boss: Browser, world: World
) -> None:
    talk(world)
    world.ring(UNKNOWN, to=(), call_id="pbx/2")
    assert step_in(boss).status_code == 202
    assert pull(second_boss(app, world), "pbx/2", ID)[0] == 409


def test_one_phone_is_rung_once_for_several_windows(
    boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    talk(world)
    assert step_in(boss).status_code == 202
    again = step_in(boss, "whisper", id_=SECOND)
    assert again.status_code == 409
    assert again.json["message"].startswith("You have begun this already (at ")
    assert ways(boss)["everything"] == again.json["message"]
    assert len(rows(world, "select id from supervision_sessions")) == 1
    wait_until(lambda: asked)
    assert len(asked) == 1


@pytest.mark.parametrize("fate", ["failed", "never heard of again"])
def test_a_step_of_which_nothing_came_keeps_nobody_from_the_next(
    boss: Browser, world: World, fate: str
) -> None:
    talk(world)
    assert step_in(boss).status_code == 202
    assert step_in(boss, id_=SECOND).status_code == 409
    if fate == "failed":
        store = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
        call_claims.release(ID, came_to_nothing=True, **store)
    else:
        pass_by_the_time_of_ringing(world)
    assert ways(boss) == {"everything": "", "modes": {}}
    assert step_in(boss, id_=THIRD).status_code == 202


def pass_by_the_time_of_ringing(world: World) -> None:
    with world.runtime.unit_of_work() as uow:
        (asked_for,) = uow.supervision.open_of(world.users["supervisor"])
        long_ago = asked_for.asked_at - RINGING
        uow.supervision.save([replace(asked_for, asked_at=long_ago)])
        uow.commit()
