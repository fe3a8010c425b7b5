"""Conversations over the API: listed, read, taken, answered, handed over, closed, begun."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callcenter.channels.incoming import Incoming
from callcenter.services.inbound import take_in
from callcenter.settings_channels import MailServerAddress
from tests.integration.api.world import NOW, World, make_app


def arrive(world: World, number: int = 1, **changes: Any) -> None:
    values: dict[str, Any] = {
        "channel": "email",
        "account": "desk@example.com",
        "address": "who@example.net",
        "at": NOW,
        "text": "Where is my order?",
        "subject": "Order 1182",
        "queue": "support",
        "external_id": f"<{number}@x>",
        "thread_key": f"<{number}@x>",
    } | changes
    runtime = world.runtime
    with runtime.unit_of_work() as uow:
        plan = runtime.settings.number_plan
        take_in(uow, Incoming(**values), clock=runtime.clock, plan=plan)
        uow.commit()


def test_a_conversation_is_taken_answered_and_closed(any_world: World) -> None:
    world = any_world
    arrive(world)
    (listed,) = world.get("/conversations?scope=waiting").json["items"]
    assert (listed["subject"], listed["state"], listed["unread"]) == ("Order 1182", "waiting", 1)
    taken = world.patch("/conversations/1", {"state": "open"}).json
    assert taken["assignee"]["display_name"] == "Admin"
    answer = world.post("/conversations/1/messages", {"text": "On its way."})
    assert answer.status_code == 201, answer.text
    assert answer.json["state"] == "queued"
    assert answer.json["recipients"] == {"to": ["who@example.net"], "cc": []}
    world.post("/conversations/1/messages", {"text": "careful", "kind": "note"})
    told = world.get("/conversations/1/messages").json["items"]
    assert [one["direction"] for one in told] == ["in", "out", "note"]
    assert world.patch("/conversations/1", {"state": "closed"}).json["closed_how"] == "operator"
    assert world.get("/conversations?text=way&state=closed").json["items"][0]["id"] == 1


def test_it_is_an_interaction_among_all(any_world: World) -> None:
    arrive(any_world)
    (found,) = any_world.get("/interactions?channel=email").json["items"]
    assert (found["channel"], found["subject"], found["conversation_id"]) == (
        "email",
        "Order 1182",
        1,
    )
    assert any_world.get("/interactions?channel=call").json["items"] == []


def test_one_step_at_a_time(world: World) -> None:
    arrive(world)
    for body in ({}, {"state": "open", "queue": "sales"}):
        assert world.patch("/conversations/1", body).status_code == 422
    assert world.patch("/conversations/1", {"queue": "nowhere"}).status_code == 422
    assert world.patch("/conversations/1", {"queue": "sales"}).json["queue"] == "sales"
    assert world.patch("/conversations/99", {"state": "open"}).status_code == 404


def test_writing_first_needs_a_way_to_send_and_an_address(world: World) -> None:
    body = {"channel": "email", "address": "new@example.net", "text": "Hi", "subject": "Offer"}
    refused = world.post("/conversations", body)
    assert refused.status_code == 422
    settings = replace(
        world.runtime.settings,
        mail_server=MailServerAddress(host="127.0.0.1", port=1),
        mail_from="desk@example.com",
    )
    able = replace(world.runtime, settings=settings)
    world.client = make_app(able).test_client()
    begun = world.post("/conversations", body)
    assert begun.status_code == 201, begun.text
    assert begun.json["state"] == "open"
    assert world.post("/conversations", {**body, "address": "nobody"}).status_code == 422
    assert world.post("/conversations", {**body, "purpose": "marketing"}).status_code == 403


@pytest.mark.parametrize("cursor", ["x", "W10"])
def test_a_strange_cursor_is_refused(world: World, cursor: str) -> None:
    assert world.get(f"/conversations?cursor={cursor}").status_code == 422
