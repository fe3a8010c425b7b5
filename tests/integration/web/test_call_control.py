"""Call control at the web door: what is asked of the PBX, and what is refused before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from callcenter.outbound.rights import OutboundRight
from callcenter.ports import PbxCommand
from callcenter.settings import PbxAddress
from tests.support.waiting import wait_until
from tests.support.web import ONE, UNKNOWN, Browser, World, ended, make_world, ringing_call
from web.app import create_app

HAND = PbxAddress("pbx", "127.0.0.1", 1, "callcenter-originate", "secret")
ID = "0123456789abcdef"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, ami=(HAND,), ami_originate=(HAND,))
    yield made
    made.runtime.close()


@pytest.fixture
def asked(world: World) -> Iterator[list[PbxCommand]]:
    """The commands that went out."""
    commands: list[PbxCommand] = []
    end = world.runtime.bus.serve_commands(commands.append)
    yield commands
    end()


def the_one(asked: list[PbxCommand], action: str) -> PbxCommand:
    wait_until(lambda: [one for one in asked if one.action == action])
    (command,) = [one for one in asked if one.action == action]
    return command


def dial(browser: Browser, number: str, command_id: str = ID) -> Any:
    return browser.post("/calls/dial", {"number": number, "id": command_id})


def do(browser: Browser, action: str, command_id: str = ID, **form: str) -> Any:
    return browser.post(f"/calls/pbx/1/{action}", {"id": command_id, **form})


def allow(world: World, **changes: Any) -> None:
    with world.runtime.unit_of_work() as uow:
        right = uow.outbound.right_of("operator")
        assert right is not None
        uow.outbound.save(replace(right, **changes))
        uow.commit()


SPELLINGS = {
    "+48 501 501 501": "+48501501501",
    "501 501 501": "+48501501501",
    "(22) 123-45-67": "+48221234567",
    "1002": "1002",
    "701": "701",
    "*81002": "*81002",
    "support": "851",
}
NO_NUMBERS = ("", "hello", "1001@crm", "+48501&PJSIP/x", "0", "112\r\nX: y")


def test_a_number_in_any_spelling_goes_to_the_pbx_in_one(
    operator: Browser, asked: list[PbxCommand]
) -> None:
    for at, typed in enumerate(SPELLINGS):
        answer = dial(operator, typed, f"{ID}{at}")
        assert (answer.status_code, answer.json) == (202, {"id": f"{ID}{at}"}), typed
    wait_until(lambda: len(asked) == len(SPELLINGS))
    assert [command.arguments["to"] for command in asked] == list(SPELLINGS.values())
    assert {(command.action, command.endpoint) for command in asked} == {
        ("originate", "PJSIP/1001")
    }
    assert all(command.user_id and command.issued_at for command in asked)


def test_what_is_no_number_is_refused_in_words(operator: Browser) -> None:
    for typed in NO_NUMBERS:
        answer = dial(operator, typed)
        assert answer.status_code == 422, typed
        assert answer.json["message"] == "This number cannot be dialled."


def test_the_rights_of_a_role_are_kept(world: World, operator: Browser) -> None:
    allow(world, prefixes=("+49",))
    assert dial(operator, "+48501501501").status_code == 403
    assert dial(operator, "1002").status_code == 202
    allow(world, prefixes=(), allowed=False)
    answer = dial(operator, "+48501501501")
    assert answer.json == {"message": "You may not call outside numbers."}


def test_the_number_shown_is_the_one_of_the_role(
    world: World, operator: Browser, asked: list[PbxCommand]
) -> None:
    allow(world, caller_id="+48221000002")
    dial(operator, "+48501501501")
    assert the_one(asked, "originate").arguments["caller_id"] == "+48221000002"


def test_who_has_no_phone_and_who_works_in_the_browser(
    world: World, supervisor: Browser, operator: Browser, asked: list[PbxCommand]
) -> None:
    assert dial(supervisor, "1001").status_code == 422
    with world.runtime.unit_of_work() as uow:
        connection = uow.outbound._connection  # type: ignore[attr-defined]
        connection.exec_driver_sql("update agents set device = 'browser'")
        uow.commit()
    dial(operator, "1002")
    assert the_one(asked, "originate").endpoint == "PJSIP/web1001"


def test_a_command_needs_an_id_of_its_own(operator: Browser) -> None:
    for command_id in ("", "short", "x" * 65, "has space in it", "a/../../b"):
        assert dial(operator, "1002", command_id).status_code == 422
        assert do(operator, "hold", command_id).status_code == 422


def test_only_who_speaks_on_a_call_steers_it(world: World, app: Flask, operator: Browser) -> None:
    world.ring(ONE)
    world.answer()
    other = Browser(app)
    other.log_in("operator2")
    assert do(other, "hold").status_code == 403
    assert do(other, "hangup").json == {"message": "Nie rozmawiasz w tym połączeniu."}
    assert do(operator, "hold").status_code == 202
    world.hang_up()
    assert do(operator, "hold").status_code == 404


def test_the_channel_comes_from_the_stored_call(
    world: World, operator: Browser, asked: list[PbxCommand]
) -> None:
    world.ring(ONE)
    world.answer()
    do(operator, "park", channel="PJSIP/1002-00000001")
    command = the_one(asked, "park")
    assert command.pbx == "pbx"
    assert command.arguments["channel"] == "PJSIP/1001-1-1001"
    assert command.arguments["other"] == "PJSIP/trunk-1"


def test_a_phone_that_only_rings_steers_nothing_but_itself(
    world: World, operator: Browser, asked: list[PbxCommand]
) -> None:
    world.ring(ONE, to=("1001", "1002"))
    for action in ("park", "hold", "conference"):
        assert do(operator, action).status_code == 403, action
    assert do(operator, "blind_transfer", to="sales").status_code == 403
    assert do(operator, "hangup").status_code == 202
    assert the_one(asked, "hangup").arguments["channel"] == "PJSIP/1001-1-1001"


def test_a_conference_fetches_nobody_who_waits_for_somebody_else(
    world: World, operator: Browser, asked: list[PbxCommand]
) -> None:
    world.ring(ONE)
    world.answer()
    world.ring(UNKNOWN, to=("1001", "1002"), call_id="pbx/2")
    assert do(operator, "conference").status_code == 202
    assert "others" not in the_one(asked, "conference").arguments


def test_who_has_placed_their_calls_does_not_place_more_by_transfers(
    world: World, operator: Browser
) -> None:
    record = ringing_call("pbx/9", ONE, ("1002",), "", world.runtime.clock.now())
    mine = replace(record.legs[0], endpoint="PJSIP/1001", channel="PJSIP/1001-9")
    placed = replace(record, direction="outbound", legs=(mine, *record.legs[1:]))
    world.tell(ended(placed, world.runtime.clock.now()))
    world.ring(ONE)
    world.answer()
    allow(world, per_hour=1)
    assert do(operator, "consult", to="+48501501501").status_code == 409
    assert do(operator, "consult", to="1003").status_code == 202


def test_a_supervisor_ends_a_call_of_others_but_does_not_hold_it(
    world: World, supervisor: Browser, asked: list[PbxCommand]
) -> None:
    world.ring(ONE)
    world.answer()
    assert do(supervisor, "hold").status_code == 403
    assert do(supervisor, "hangup").status_code == 202
    assert the_one(asked, "hangup").arguments["channel"] == "PJSIP/trunk-1"


def test_a_transfer_goes_where_the_role_may_call(
    world: World, operator: Browser, asked: list[PbxCommand]
) -> None:
    world.ring(ONE)
    world.answer()
    allow(world, allowed=False)
    assert do(operator, "blind_transfer", to="+48501501501").status_code == 403
    assert do(operator, "blind_transfer", to="nowhere at all").status_code == 422
    assert do(operator, "blind_transfer", to="sales").status_code == 202
    assert the_one(asked, "blind_transfer").arguments["to"] == "852"


def test_nothing_else_is_an_action(world: World, operator: Browser) -> None:
    world.ring(ONE)
    world.answer()
    assert do(operator, "originate").status_code == 422
    assert do(operator, "reboot").status_code == 422
    assert operator.client.get("/calls/pbx/1/hold").status_code == 405


def test_without_a_second_manager_user_it_is_said_so(sqlite_url: str, tmp_path: Path) -> None:
    world = make_world(sqlite_url, tmp_path)
    browser = Browser(create_app(world.runtime, testing=True))
    browser.log_in("operator1")
    answer = dial(browser, "1002")
    assert answer.status_code == 409
    assert "AMI_ORIGINATE_URL" in answer.json["message"]
    world.runtime.close()


def test_the_rights_are_kept_as_they_were_saved(world: World) -> None:
    allow(world, prefixes=("+48", "+4420"), per_hour=30, caller_id="+48221000001")
    with world.runtime.unit_of_work() as uow:
        assert uow.outbound.right_of("operator") == OutboundRight(
            role="operator",
            prefixes=("+48", "+4420"),
            per_hour=30,
            caller_id="+48221000001",
        )
        assert [right.role for right in uow.outbound.rights()] == [
            "admin",
            "operator",
            "supervisor",
        ]


def test_an_administrator_says_what_a_role_may_dial(world: World, app: Flask) -> None:
    admin, operator = Browser(app), Browser(app)
    admin.log_in("admin")
    operator.log_in("operator1")
    assert operator.client.get("/outbound").status_code == 403
    form = {
        "allowed": "yes",
        "prefixes": "+48, +44 20",
        "caller_id": "22 100 00 02",
        "per_hour": "9",
    }
    assert admin.post("/outbound/operator", form).status_code == 302
    with world.runtime.unit_of_work() as uow:
        right = uow.outbound.right_of("operator")
        assert right == OutboundRight(
            role="operator", prefixes=("+48", "+4420"), caller_id="+48221000002", per_hour=9
        )
    assert "+48, +4420" in admin.client.get("/outbound").text
    for field, wrong in {"prefixes": "48", "caller_id": "abc", "per_hour": "many"}.items():
        answer = admin.post("/outbound/operator", {**form, field: wrong})
        assert answer.status_code == 422, field
        assert wrong in answer.text


def test_with_several_pbxs_a_click_goes_to_the_one_that_has_the_phone(
    sqlite_url: str, tmp_path: Path
) -> None:
    hands = (HAND, replace(HAND, name="berlin"))
    world = make_world(sqlite_url, tmp_path, ami=hands, ami_originate=hands)
    asked: list[PbxCommand] = []
    end = world.runtime.bus.serve_commands(asked.append)
    browser = Browser(create_app(world.runtime, testing=True))
    assert browser.log_in("operator1").status_code == 302
    at = world.runtime.clock.now()

    def link(pbx: str, state: str) -> None:
        with world.runtime.unit_of_work() as uow:
            uow.pbx_links.set(pbx, state, "", at)
            uow.commit()

    link("pbx", "down")
    link("berlin", "up")
    assert dial(browser, "+48221230000", "nothing-says-where").status_code == 202
    world.ring(ONE)
    world.answer()
    world.hang_up()
    refused = dial(browser, "+48221230000", "their-last-call-was-there")
    assert (refused.status_code, refused.json["message"]) == (
        409,
        "The PBX is away. Try again in a moment.",
    )
    with world.runtime.unit_of_work() as uow:
        plan = {"operators": [{"extension": "1001"}]}
        uow.pbx_plans.add("berlin", plan, None, at)
        uow.commit()
    assert dial(browser, "+48221230000", "by-the-plan").status_code == 202
    wait_until(lambda: len(asked) == 2)
    assert [one.pbx for one in asked] == ["", "berlin"]
    end()
    world.runtime.close()
