"""Stepping into calls at the web door: who may, into which calls, and what is refused before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from callcenter.ports import PbxCommand
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.teams import Team
from callcenter.services import call_claims
from callcenter.settings import PbxAddress
from callcenter.supervision.stepping import Session
from tests.support.waiting import wait_until
from tests.support.web import ONE, SHARED, UNKNOWN, Browser, World, make_world
from web.app import create_app

HAND = PbxAddress("pbx", "127.0.0.1", 1, "callcenter-originate", "secret")
ID = "0123456789abcdef"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, ami=(HAND,), ami_originate=(HAND,))
    with made.runtime.unit_of_work() as uow:
        query = "update users set endpoint = 'PJSIP/1009', extension = '1009' where username = :who"
        uow.connection.execute(text(query), {"who": "supervisor"})  # type: ignore[attr-defined]
        uow.commit()
    yield made
    made.runtime.close()


@pytest.fixture
def asked(world: World) -> Iterator[list[PbxCommand]]:
    commands: list[PbxCommand] = []
    end = world.runtime.bus.serve_commands(commands.append)
    yield commands
    end()


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.runtime, testing=True)


@pytest.fixture
def boss(app: Flask) -> Browser:
    return logged_in(app, "supervisor")


def logged_in(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    assert browser.log_in(username).status_code == 302
    return browser


def step_in(browser: Browser, mode: str = "listen", call: str = "pbx/1", id_: str = ID) -> Any:
    return browser.post(f"/calls/{call}/step-in", {"mode": mode, "id": id_})


def talk(world: World) -> None:
    world.ring(ONE)
    world.answer()


def rows(world: World, query: str) -> list[tuple[Any, ...]]:
    with world.runtime.reader() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_channel_is_the_stored_one_and_the_wish_is_in_the_audit(
    boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    talk(world)
    wanted = {"mode": "barge", "id": ID, "channel": "PJSIP/1002-00000000"}
    assert boss.post("/calls/pbx/1/step-in", wanted).status_code == 202
    wait_until(lambda: asked)
    (command,) = asked
    spoken = next(leg for leg in world.calls["pbx/1"].legs if leg.endpoint == "PJSIP/1001")
    assert (command.action, command.endpoint) == ("step_in", "PJSIP/1009")
    assert command.arguments["channel"] == spoken.channel
    assert command.arguments["mode"] == "barge"
    told = rows(world, "select action, object_id from audit_log where action = 'stepped_in'")
    assert told == [("stepped_in", "pbx/1")]


def test_operators_listen_to_nobody(app: Flask, world: World, asked: list[PbxCommand]) -> None:
    talk(world)
    assert step_in(logged_in(app, "operator2")).status_code == 403
    assert not asked


def test_without_the_right_to_take_over_one_still_listens(
    app: Flask, boss: Browser, world: World
) -> None:
    scopes = {**BUILTIN["supervisor"].scopes, ("supervision", "take_over"): "none"}
    give_role(world, Policy("coach", "supervisor", "Coach", scopes, BUILTIN["supervisor"].fields))
    talk(world)
    assert step_in(boss, "take_over").status_code == 403
    assert step_in(boss, "whisper").status_code == 202


def test_a_team_s_leader_listens_to_the_own_team_alone(boss: Browser, world: World) -> None:
    scopes = {**BUILTIN["supervisor"].scopes, ("supervision", "listen"): "team"}
    give_role(world, Policy("lead", "supervisor", "Lead", scopes, BUILTIN["supervisor"].fields))
    team = (world.users["operator2"],)
    with world.runtime.unit_of_work() as uow:
        lead = Team(id=0, name="B", lead_id=world.users["supervisor"], member_ids=team)
        team_id = uow.rights.save_team(lead)
        uow.commit()
    talk(world)
    assert step_in(boss).status_code == 403
    with world.runtime.unit_of_work() as uow:
        mine = (*team, world.users["operator1"])
        uow.rights.save_team(replace(lead, id=team_id, member_ids=mine))
        uow.commit()
    assert step_in(boss).status_code == 202


def give_role(world: World, policy: Policy) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(policy)
        query = "update users set role_code = :code where username = 'supervisor'"
        uow.connection.execute(text(query), {"code": policy.code})  # type: ignore[attr-defined]
        uow.commit()


def test_words_for_a_call_that_just_ended_or_is_not_answered(boss: Browser, world: World) -> None:
    world.ring(ONE)
    refused = step_in(boss)
    assert (refused.status_code, "No operator is talking" in refused.text) == (409, True)
    world.answer()
    world.hang_up()
    over = step_in(boss)
    assert (over.status_code, over.json["message"]) == (404, "This call is over.")
    assert step_in(boss, "spy").status_code == 422


def test_a_supervisor_on_a_call_listens_to_no_other(boss: Browser, world: World) -> None:
    talk(world)
    world.ring(UNKNOWN, to=("1009",), call_id="pbx/2")
    world.answer("pbx/2", "1009")
    assert step_in(boss).status_code == 409
    assert step_in(boss, call="pbx/2").status_code == 409


def test_a_waiting_caller_is_called_up_by_who_is_free(
    boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    world.ring(ONE, to=())
    busy = {"to": str(world.users["operator1"]), "id": ID}
    world.ring(UNKNOWN, call_id="pbx/2")
    assert boss.post("/calls/pbx/1/pull", busy).status_code == 409
    free = {"to": str(world.users["operator2"]), "id": ID}
    assert boss.post("/calls/pbx/1/pull", free).status_code == 202
    assert boss.post("/calls/pbx/1/first", {"id": "fedcba9876543210"}).status_code == 202
    wait_until(lambda: len(asked) == 2)
    assert [one.action for one in asked] == ["pull", "raise_priority"]
    assert asked[0].arguments["to"] == "1002"
    assert asked[1].arguments["queue"] == "support"


def test_whoever_is_spoken_with_is_not_called_up(boss: Browser, world: World) -> None:
    talk(world)
    assert boss.post("/calls/pbx/1/pull", {"id": ID}).status_code == 409
    assert boss.post("/calls/pbx/1/pull", {"id": ID, "to": "all"}).status_code == 422


def test_an_operator_helps_in_another_queue_for_today(boss: Browser, world: World) -> None:
    one, two = world.users["operator1"], world.users["operator2"]
    with world.runtime.unit_of_work() as uow:
        uow.staffing.set_skill(one, "support", 5)
        uow.commit()
    form = {"queue": "support", "level": "7", "how_long": "today"}
    assert boss.post(f"/team/{two}/queues", form).status_code == 302
    assert "helps in Support" in boss.text("/team")
    with world.runtime.unit_of_work() as uow:
        assert uow.staffing.skills()[two] == {"support": 7}
    boss.post(f"/team/{two}/queues/back", {"queue": "support"})
    with world.runtime.unit_of_work() as uow:
        assert uow.staffing.skills().get(two, {}) == {}
    told = rows(world, "select action from audit_log where action like 'operator_moved%'")
    assert told == [("operator_moved",), ("operator_moved_back",)]


def test_the_queue_that_is_offered_first_is_one_where_they_do_not_work_yet(
    boss: Browser, world: World
) -> None:
    two = world.users["operator2"]
    with world.runtime.unit_of_work() as uow:
        for queue in ("sales", "support"):
            uow.staffing.save_queue(queue, {"title": queue.title()})
        uow.staffing.set_skill(two, next(iter(uow.staffing.queues())), 5)
        first, second = list(uow.staffing.queues())[:2]
        uow.commit()
    page = boss.text("/team")
    offered = page.partition(f'id="move-queue-{two}"')[2].partition("</select>")[0]
    assert f'<option value="{second}" selected>' in offered
    assert f'<option value="{first}" selected>' not in offered


def test_a_queue_that_the_pbx_staffs_is_not_taken_from_it(boss: Browser, world: World) -> None:
    form = {"queue": "sales", "level": "7", "how_long": "now"}
    boss.post(f"/team/{world.users['operator2']}/queues", form)
    assert "The telephone system itself says who works in this queue" in boss.text("/team")


def test_who_may_change_settings_says_whether_operators_see_it(app: Flask, world: World) -> None:
    admin = logged_in(app, "admin")
    admin.post("/supervision", {"role:": "no", "role:operator": "", "role:supervisor": "yes"})
    with world.runtime.unit_of_work() as uow:
        assert uow.supervision.policy() == {"": False, "supervisor": True}
    admin.post("/supervision", {"role:nobody": "no"})
    assert "There is no such role" in admin.text("/supervision")
    (detail,) = rows(world, "select detail from audit_log where action like '%policy_changed'")
    assert "before" in str(detail)


def team_leader(world: World, *names: str) -> None:
    """The supervisor directs and listens to the operators of their own team alone."""
    limited = dict.fromkeys((("supervision", "listen"), ("supervision", "direct")), "team")
    scopes = {**BUILTIN["supervisor"].scopes, **limited}
    give_role(world, Policy("lead", "supervisor", "Lead", scopes, BUILTIN["supervisor"].fields))
    with world.runtime.unit_of_work() as uow:
        members = tuple(world.users[name] for name in names)
        uow.rights.save_team(
            Team(id=0, name="B", lead_id=world.users["supervisor"], member_ids=members)
        )
        uow.commit()


def test_a_team_s_leader_neither_directs_nor_reads_of_other_teams(
    app: Flask, boss: Browser, world: World
) -> None:
    talk(world)
    with world.runtime.unit_of_work() as uow:
        uow.supervision.add(
            Session(
                supervisor_id=world.users["admin"],
                operator_id=world.users["operator1"],
                call_id="pbx/1",
                channel="crm-step-of-another",
                mode="listen",
                asked_at=world.runtime.clock.now(),
            )
        )
        uow.commit()
    assert "/interactions/" in boss.text("/supervision")
    team_leader(world, "operator2")
    assert "/interactions/" not in boss.text("/supervision")
    chosen = {"state": "ready"}
    boss.post(f"/team/{world.users['operator1']}/state", chosen)
    assert "Your role does not allow this" in boss.text("/team")
    boss.post(f"/team/{world.users['operator2']}/state", chosen)
    told = rows(world, "select object_id from audit_log where action = 'agent_state_forced'")
    assert told == [(str(world.users["operator2"]),)]


def test_a_command_that_is_sent_again_is_no_second_step(
    app: Flask, boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    talk(world)
    assert step_in(boss, "take_over").status_code == 202
    assert step_in(boss, "take_over").status_code == 409
    assert step_in(boss, "listen").status_code == 409
    assert step_in(boss, "take_over", id_="fedcba9876543210").status_code == 409
    wait_until(lambda: asked)
    assert len(asked) == 1


def second_boss(app: Flask, world: World) -> Browser:
    """The administrator has a phone too."""
    with world.runtime.unit_of_work() as uow:
        phone = {"endpoint": "PJSIP/1008", "extension": "1008"}
        uow.users.update(world.users["admin"], phone)
        uow.commit()
    return logged_in(app, "admin")


def test_the_second_who_takes_a_call_over_reads_who_does_it_and_since_when(
    app: Flask, boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    other = second_boss(app, world)
    talk(world)
    assert step_in(boss, "take_over").status_code == 202
    refused = step_in(other, "take_over", id_="fedcba9876543210")
    assert refused.status_code == 409
    assert refused.json["message"].startswith("Ewa Krol takes this call over just now (since ")
    assert ways(other)["modes"] == {"take_over": refused.json["message"]}
    assert "begun this already" in step_in(boss, "take_over", id_="another-click").json["message"]
    store = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
    call_claims.release(ID, came_to_nothing=True, **store)
    ended = rows(world, "select began_at, ended_at is not null from supervision_sessions")
    assert ended == [(None, 1)]
    assert step_in(other, "take_over", id_="fedcba9876543211").status_code == 202
    wait_until(lambda: len(asked) == 2)


def test_a_waiting_caller_is_called_up_by_one_person_at_a_time(
    app: Flask, boss: Browser, world: World, asked: list[PbxCommand]
) -> None:
    other = second_boss(app, world)
    world.ring(ONE, to=())
    assert boss.post("/calls/pbx/1/pull", {"id": ID}).status_code == 202
    again = boss.post("/calls/pbx/1/pull", {"id": "a-second-click"})
    refused = other.post("/calls/pbx/1/pull", {"id": "fedcba9876543210"})
    assert (again.status_code, refused.status_code) == (409, 409)
    assert "Ewa Krol" in refused.json["message"]
    assert ways(other, waits="1")["everything"] == refused.json["message"]
    told = rows(world, "select action from audit_log where action = 'caller_pulled'")
    assert len(told) == 1
    world.hang_up()
    assert rows(world, "select * from call_claims") == []


def ways(browser: Browser, **values: str) -> dict[str, Any]:
    told: dict[str, Any] = browser.get("/calls/pbx/1/ways", query_string=values).get_json()
    return told


def test_what_cannot_be_done_now_is_told_before_it_is_pressed(
    app: Flask, boss: Browser, world: World
) -> None:
    talk(world)
    assert ways(boss) == {"everything": "", "modes": {}}
    scopes = {**BUILTIN["supervisor"].scopes, ("supervision", "take_over"): "none"}
    give_role(world, Policy("lead", "supervisor", "Lead", scopes, BUILTIN["supervisor"].fields))
    assert [*ways(boss)["modes"]] == ["take_over"]
    at = world.runtime.clock.now()
    with world.runtime.unit_of_work() as uow:
        uow.pbx_links.set("pbx", "up", "", at)
        uow.pbx_links.note_steps("pbx", steps_in=False)
        uow.commit()
    assert "its dialplan lacks a part" in ways(boss, waits="1")["everything"]
    with world.runtime.unit_of_work() as uow:
        uow.pbx_links.note_steps("pbx", steps_in=True)
        uow.pbx_links.set("pbx", "down", "", at)
        uow.commit()
    assert "The PBX is away" in ways(boss)["everything"]
    with world.runtime.unit_of_work() as uow:
        uow.pbx_links.set("pbx", "up", "", at)
        uow.users.update(world.users["supervisor"], {"endpoint": "", "extension": ""})
        uow.commit()
    assert "You have no phone" in ways(boss)["everything"]


def test_whose_phone_would_not_ring_for_a_waiting_caller_is_told_before_it_is_pressed(
    app: Flask, boss: Browser, world: World
) -> None:
    one, two, mine = (str(world.users[who]) for who in ("operator1", "operator2", "supervisor"))
    world.ring(ONE, to=("1002",))  # the queue rings them for this very caller
    assert ways(boss, waits="1") == {"everything": "", "modes": {}, "people": {}}
    world.ring(UNKNOWN, call_id="pbx/2")
    in_use = "This phone is in use: choose somebody who is free."
    assert ways(boss, waits="1")["people"] == {one: in_use}
    refused = boss.post("/calls/pbx/1/pull", {"to": one, "id": ID})
    assert (refused.status_code, refused.json["message"]) == (409, in_use)
    with world.runtime.unit_of_work() as uow:
        uow.users.update(world.users["supervisor"], {"endpoint": "", "extension": ""})
        uow.commit()
    people = ways(boss, waits="1")["people"]
    assert "You have no phone" in people[mine]
    team_leader(world, "operator2")
    assert [*ways(boss, waits="1")["people"]] == [mine]
    world.ring(SHARED, to=("1002",), call_id="pbx/3")
    assert {*ways(boss, waits="1")["people"]} == {mine, two}


def test_a_call_that_has_just_ended_is_refused_in_words(boss: Browser, world: World) -> None:
    talk(world)
    at = world.runtime.clock.now()
    legs = tuple(replace(leg, ended_at=at) for leg in world.calls["pbx/1"].legs)
    world.tell(replace(world.calls["pbx/1"], live=False, ended_at=at, legs=legs))
    for answer in (step_in(boss, "listen"), boss.get("/calls/pbx/1/ways")):
        assert "This call is over" in answer.get_data(as_text=True)
