"""The message line: who may write to whom, what is read, calls for help."""

from __future__ import annotations

import pytest
from flask import Flask

from callcenter.queries import user_waiting
from tests.support.web import MARKUP, Browser, World


@pytest.fixture
def other(app: Flask) -> Browser:
    browser = Browser(app)
    assert browser.log_in("operator2").status_code == 302
    return browser


def waits(world: World, username: str) -> user_waiting.Waiting:
    with world.runtime.reader() as connection:
        now = world.runtime.clock.now()
        return user_waiting.of_user(connection, world.users[username], now)


def test_an_operator_writes_to_the_supervisors_and_any_of_them_answers(
    world: World, operator: Browser, supervisor: Browser, admin: Browser
) -> None:
    anna = world.users["operator1"]
    assert operator.post("/line/write", {"text": MARKUP}).status_code == 204
    for leader in ("supervisor", "admin"):
        (head,) = waits(world, leader).line
        assert (head["id"], head["unread"]) == (f"from-{anna}", 1)
    page = supervisor.text(f"/line/{anna}")
    assert "<img" not in page
    assert supervisor.post(f"/line/{anna}/read", {"up_to": "1"}).status_code == 204
    assert waits(world, "admin").line == ()  # read by one is read
    assert "· read" in operator.text("/line")
    assert admin.post("/line/write", {"text": "Yes", "to_user": str(anna)}).status_code == 204
    assert waits(world, "operator1").counts["unread"] == 1
    assert "Yes" in operator.text("/line")
    assert "Yes" in supervisor.text(f"/line/{anna}")  # the conversation is everybody's who leads
    assert operator.post(f"/line/{anna}/read", {"up_to": "2"}).status_code == 204
    assert waits(world, "operator1").counts["unread"] == 0


def test_operators_write_neither_to_each_other_nor_to_queues(
    world: World, operator: Browser
) -> None:
    jan = str(world.users["operator2"])
    assert operator.post("/line/write", {"text": "psst", "to_user": jan}).status_code == 403
    assert operator.post("/line/write", {"text": "all", "to_queue": "support"}).status_code == 403
    assert operator.get(f"/line/{jan}").status_code == 404
    assert operator.post(f"/line/{jan}/read", {"up_to": "1"}).status_code == 403


def test_a_supervisor_writes_to_everybody_of_a_queue(world: World, supervisor: Browser) -> None:
    answer = supervisor.post("/line/write", {"text": "Meeting at ten", "to_queue": "support"})
    assert answer.status_code == 204
    for username in ("operator1", "operator2", "operator3"):
        assert waits(world, username).counts["unread"] == 1
    assert waits(world, "admin").counts["unread"] == 0


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"text": "  "}, 422),
        ({"text": "x" * 2001}, 422),
        ({"text": "hello", "to_user": "999"}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_sent_is_refused(
    operator: Browser, form: dict[str, str], status: int
) -> None:
    answer = operator.post("/line/write", form)
    assert (answer.status_code, bool(answer.json["message"])) == (status, True)


def test_two_supervisors_write_to_each_other_alone(
    world: World, supervisor: Browser, admin: Browser, operator: Browser
) -> None:
    admin_id, ewa = world.users["admin"], world.users["supervisor"]
    supervisor.post("/line/write", {"text": "About Anna", "to_user": str(admin_id)})
    assert "About Anna" in admin.text(f"/line/{ewa}")
    assert "About Anna" not in operator.text("/line")
    assert supervisor.post("/line/write", {"text": "me", "to_user": str(ewa)}).status_code == 422


def test_a_call_for_help_stands_until_somebody_comes(
    world: World, operator: Browser, other: Browser, supervisor: Browser, admin: Browser
) -> None:
    world.ring("+48221234567")
    world.answer()
    assert operator.post("/line/help", {"call_id": "pbx/1"}).status_code == 204
    assert operator.post("/line/help", {}).status_code == 204  # pressed again: still one
    (wanted,) = waits(world, "supervisor").line
    assert (wanted["kind"], wanted["name"]) == ("help", "Anna Nowak")
    assert wanted["interaction_id"] is not None
    (own,) = waits(world, "operator1").line
    assert own["resolver"] == ""
    assert waits(world, "operator2").line == ()
    number = wanted["help"]
    assert other.post(f"/line/help/{number}/come").status_code == 403
    assert supervisor.post(f"/line/help/{number}/come").status_code == 204
    assert admin.post(f"/line/help/{number}/come").status_code == 409
    assert waits(world, "admin").line == ()
    (own,) = waits(world, "operator1").line
    assert own["resolver"] == "Ewa Krol"
    assert other.post(f"/line/help/{number}/away").status_code == 403
    assert operator.post(f"/line/help/{number}/away").status_code == 204
    assert waits(world, "operator1").line == ()
    assert "Called for help" in supervisor.text(f"/line/{world.users['operator1']}")


def test_who_needs_no_help_any_more_takes_it_back(world: World, operator: Browser) -> None:
    operator.post("/line/help")
    operator.post("/line/help/1/away")
    assert waits(world, "supervisor").line == ()
    assert operator.post("/line/help/77/away").status_code == 404


def test_a_message_is_no_call_for_help(world: World, operator: Browser) -> None:
    operator.post("/line/write", {"text": "hello"})
    assert operator.post("/line/help/1/away").status_code == 404


def test_old_messages_come_page_by_page(world: World, operator: Browser) -> None:
    for n in range(33):
        operator.post("/line/write", {"text": f"line {n:02}"})
    newest = operator.text("/line")
    assert ("line 32" in newest, "line 02" in newest) == (True, False)
    address = newest.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert "line 02" in operator.text(address)
