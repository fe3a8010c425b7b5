"""The phone in the page, as the server sees it: who gets a signature, for what, from which tab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from callcenter.errors import Conflict
from callcenter.outbound.rights import OutboundRight
from callcenter.phones.digest import Challenge, digest_response
from callcenter.phones.secrets import web_secret
from callcenter.realtime.messages import Message
from callcenter.services import accounts
from callcenter.store.tables import leg_quality
from tests.support.web import ONE, Browser, World, make_world
from web.phone_leases import phone_leases

KEY = "k" * 40
TAB, OTHER = "tab-0001", "tab-0002"
ASKED = {
    "username": "web1001",
    "realm": "asterisk",
    "nonce": "1700000000/abc",
    "method": "REGISTER",
    "uri": "sip:pbx.example",
    "algorithm": "MD5",
    "qop": "auth",
    "cnonce": "xyz",
    "nc": "00000001",
}


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    phones = {"phone_url": "wss://pbx.example:8089/ws", "phone_key": KEY}
    made = make_world(sqlite_url, tmp_path, **phones)
    yield made
    made.runtime.close()


def post(browser: Browser, path: str, **fields: str):
    return browser.client.post(
        path, data=fields, headers={"X-CSRFToken": browser.token("/profile")}
    )


@pytest.fixture
def phone(operator: Browser) -> Browser:
    """The operator's browser, holding the phone in TAB."""
    assert post(operator, "/phone/lease", tab=TAB).status_code == 200
    return operator


def test_the_page_learns_where_its_phone_is_and_no_secret(operator: Browser) -> None:
    answer = operator.client.get("/phone/mine")
    assert answer.json["url"] == "wss://pbx.example:8089/ws"
    assert (answer.json["name"], answer.json["device"]) == ("web1001", "desk")
    assert KEY not in answer.text
    assert web_secret(KEY, "web1001") not in answer.text


def test_the_policy_names_the_web_socket_and_nothing_more(operator: Browser) -> None:
    policy = operator.client.get("/desk").headers["Content-Security-Policy"]
    assert "connect-src 'self' wss://pbx.example:8089;" in policy


def test_a_registration_is_signed_with_the_secret_of_the_users_own_phone(phone: Browser) -> None:
    signed = post(phone, "/phone/sign", tab=TAB, **ASKED).json["response"]
    challenge = Challenge(**{name: ASKED[name] for name in ASKED if name != "username"})
    assert signed == digest_response(challenge, "web1001", web_secret(KEY, "web1001"))


WRONG = [
    {"username": "web1002"},
    {"realm": "another"},
    {"uri": "sip:elsewhere.example"},
    {"uri": "sips:pbx.example"},
    {"uri": "sip:1002@pbx.example"},
    {"method": "INVITE"},
    {"method": "INVITE", "uri": "sip:1002@elsewhere.example"},
    {"method": "INVITE", "uri": "sip:PJSIP%2Ftrunk@pbx.example"},
    {"method": "SUBSCRIBE", "uri": "sip:1002@pbx.example"},
    {"algorithm": "SHA-512"},
    {"qop": "auth-int"},
    {"cnonce": ""},
    {"nc": "zz"},
    {"nonce": 'a"b'},
    {"nonce": ""},
]


def test_nothing_else_is_signed(phone: Browser) -> None:
    for change in WRONG:
        answer = post(phone, "/phone/sign", tab=TAB, **{**ASKED, **change})
        assert answer.status_code in (403, 422), change
        assert "response" not in answer.json, change


def test_a_tab_without_the_phone_gets_no_signature(phone: Browser) -> None:
    for tab in ("", OTHER):
        answer = post(phone, "/phone/sign", tab=tab, **ASKED)
        assert (answer.status_code, answer.json["code"]) == (409, "elsewhere")


def test_another_screen_takes_the_phone_over_and_the_first_hears_of_it(
    app: Flask, world: World, phone: Browser
) -> None:
    heard: list[Message] = []
    stop = world.runtime.bus.subscribe(heard.append, lambda: None)
    second = Browser(app)
    second.log_in("operator1")
    refused = post(second, "/phone/lease", tab=OTHER)
    assert (refused.status_code, refused.json["code"]) == (409, "elsewhere")
    assert post(second, "/phone/lease", tab=OTHER, over="yes").status_code == 200
    assert post(phone, "/phone/lease", tab=TAB).status_code == 409
    assert post(phone, "/phone/sign", tab=TAB, **ASKED).status_code == 409
    assert post(second, "/phone/sign", tab=OTHER, **ASKED).status_code == 200
    stop()
    assert [m.payload for m in heard if m.kind == "message"] == [{"type": "phone", "tab": OTHER}]


def test_after_a_restart_of_the_server_the_screen_keeps_its_phone(
    world: World, phone: Browser
) -> None:
    phone.client.application.extensions["phone_leases"] = phone_leases(None)
    assert post(phone, "/phone/sign", tab=TAB, **ASKED).status_code == 200
    assert post(phone, "/phone/sign", tab=OTHER, **ASKED).status_code == 409


def test_a_phone_that_is_given_back_is_free(phone: Browser) -> None:
    post(phone, "/phone/lease/end", tab=OTHER)
    assert post(phone, "/phone/lease", tab=OTHER).status_code == 409
    post(phone, "/phone/lease/end", tab=TAB)
    assert post(phone, "/phone/lease", tab=OTHER).status_code == 200


def test_who_has_no_phone_and_who_is_signed_out_gets_no_signature(
    admin: Browser, browser: Browser
) -> None:
    assert post(admin, "/phone/lease", tab=TAB).json["code"] == "no_phone"
    assert post(admin, "/phone/sign", tab=TAB, **ASKED).status_code == 422
    assert browser.client.post("/phone/sign", data={"tab": TAB, **ASKED}).status_code in (400, 401)


def test_signatures_are_counted(phone: Browser) -> None:
    token = phone.token("/profile")
    answers = {
        phone.client.post(
            "/phone/sign", data={"tab": TAB, **ASKED}, headers={"X-CSRFToken": token}
        ).status_code
        for _ in range(130)
    }
    assert answers == {200, 429}


CALLED = (("+48221234567", 200), ("+442079460958", 403), ("1002", 200), ("*8", 200))


def test_what_a_role_may_not_call_is_not_signed(phone: Browser, world: World) -> None:
    right = OutboundRight(role="operator", allowed=True, prefixes=("+48",))
    with world.runtime.unit_of_work() as uow:
        uow.outbound.save(right)
        uow.commit()
    invite = {**ASKED, "method": "INVITE"}
    for number, status in (
        ("+48221234567", 200),
        ("+442079460958", 403),
        ("1002", 200),
        ("*8", 200),
    ):
        uri = f"sip:{number}@pbx.example"
        assert post(phone, "/phone/sign", tab=TAB, **{**invite, "uri": uri}).status_code == status
        dial = post(phone, "/phone/dial", number=number)
        assert dial.status_code == status
    with world.runtime.unit_of_work() as uow:
        uow.outbound.save(replace(right, caller_id="+48221000001"))
        uow.commit()
    shown = post(phone, "/phone/dial", number="22 123 45 67").json
    assert shown == {"number": "+48221234567", "through_pbx": True}
    assert post(phone, "/phone/dial", number="what").status_code == 422


def test_a_number_in_another_spelling_than_the_pbx_gets_is_not_signed(
    phone: Browser, world: World
) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.outbound.save(OutboundRight(role="operator", allowed=False))
        uow.commit()
    for number in ("00112345", "0048221234567", "22123456", "+48 22", "*81002#", "48221234567"):
        form = {**ASKED, "method": "INVITE", "uri": f"sip:{number}@pbx.example"}
        assert post(phone, "/phone/sign", tab=TAB, **form).status_code in (403, 422), number


# -- how a call sounded ----------------------------------------------------------------------------

GOOD = {
    "lifted_ago": "30",
    "loss_percent": "0.5",
    "jitter_ms": "4",
    "round_trip_ms": "40",
    "worst_loss_percent": "8",
    "worst_jitter_ms": "20",
    "worst_round_trip_ms": "90",
    "samples": "6",
    "codec": "opus",
}


def talked(world: World, *, lifted_ago: float, device: str = "web1001", call_id: str = "pbx/1"):
    """A call that this device lifted so many seconds ago."""
    record = world.ring(ONE, to=(device,), call_id=call_id)
    record = world.answer(call_id, by=device)
    now = world.runtime.clock.now()
    legs = tuple(
        replace(leg, answered_at=now - timedelta(seconds=lifted_ago))
        if leg.endpoint == f"PJSIP/{device}"
        else leg
        for leg in record.legs
    )
    world.tell(replace(record, legs=legs))


def stored(world: World) -> list[dict]:
    with world.runtime.reader() as connection:
        return [dict(row) for row in connection.execute(leg_quality.select()).mappings()]


def test_the_quality_is_kept_with_the_leg_it_was_measured_on(
    world: World, operator: Browser
) -> None:
    talked(world, lifted_ago=300, call_id="pbx/1")
    talked(world, lifted_ago=31, call_id="pbx/2")
    assert post(operator, "/phone/quality", **GOOD).status_code == 204
    (row,) = stored(world)
    assert (row["call_id"], row["uniqueid"]) == ("pbx/2", "2-web1001")
    assert (row["user_id"], row["codec"]) == (world.users["operator1"], "opus")
    assert 4.0 < row["mos"] < 4.5
    assert row["mos_worst"] < row["mos"]
    assert post(operator, "/phone/quality", **{**GOOD, "samples": "9"}).status_code == 204
    assert [row["samples"] for row in stored(world)] == [9]


UNUSABLE = [
    {"loss_percent": "101"},
    {"loss_percent": "nan"},
    {"jitter_ms": "-1"},
    {"round_trip_ms": "inf"},
    {"samples": "many"},
    {"codec": "<b>"},
    {"lifted_ago": ""},
]


def test_figures_out_of_bounds_are_refused(world: World, operator: Browser) -> None:
    talked(world, lifted_ago=30)
    for change in UNUSABLE:
        assert post(operator, "/phone/quality", **{**GOOD, **change}).status_code == 422, change
    assert stored(world) == []


def test_nobody_grades_the_call_of_another_or_of_a_desk_phone(
    world: World, operator: Browser
) -> None:
    talked(world, lifted_ago=30, device="web1002", call_id="pbx/1")
    talked(world, lifted_ago=30, device="1001", call_id="pbx/2")
    assert post(operator, "/phone/quality", **GOOD).status_code == 404
    assert stored(world) == []


# -- where a call can be sent ----------------------------------------------------------------------


def test_colleagues_and_queues_are_offered_but_not_oneself(operator: Browser) -> None:
    found = operator.client.get("/phone/targets").json
    assert {one["extension"] for one in found["people"]} == {"1002", "1003"}
    assert {"support", "sales"} <= {one["name"] for one in found["queues"]}
    assert operator.client.get("/phone/targets?q=lis").json["people"][0]["name"] == "Jan Lis"
    assert operator.client.get("/phone/targets?q=%25").json["people"] == []


def test_the_choice_of_the_phone_is_kept(operator: Browser) -> None:
    assert post(operator, "/phone/device", device="browser").status_code == 204
    assert operator.client.get("/phone/mine").json["device"] == "browser"
    assert post(operator, "/phone/device", device="kitchen").status_code == 422


def test_nobody_gets_the_phone_of_a_colleague_by_its_other_name(world: World) -> None:
    store = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
    first, second = world.users["operator1"], world.users["operator2"]
    with pytest.raises(Conflict):
        accounts.update_user(second, {"endpoint": "PJSIP/web1001"}, user_id=None, **store)
    accounts.update_user(first, {"active": False}, user_id=None, **store)
    accounts.update_user(second, {"endpoint": "PJSIP/1001"}, user_id=None, **store)
    with pytest.raises(Conflict):
        accounts.update_user(first, {"active": True}, user_id=None, **store)
