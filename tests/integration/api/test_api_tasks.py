"""Tasks over the API: given, found, changed by whoever saw the newest version, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.api.world import NOW, World

DUE = (NOW + timedelta(hours=2)).isoformat()


def give(world: World, role: str = "admin", **more: Any) -> Any:
    answer = world.post("/tasks", {"title": "Call Anna", "due_at": DUE} | more, role)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_task_given_over_the_api_is_read_back(any_world: World) -> None:
    customer = any_world.add_customer("Anna Nowak", "+48221234567")
    made = any_world.post(
        "/tasks",
        {
            "title": "Call Anna",
            "kind": "callback",
            "due_at": "2026-03-02T12:00:00+01:00",
            "remind_at": "2026-03-02T10:50:00Z",
            "number": "22 123 45 67",
            "customer_id": customer,
            "assignee_id": any_world.users["operator"],
        },
    )
    assert made.status_code == 201, made.text
    read = any_world.get(made.headers["Location"], "operator")
    assert read.json == made.json
    assert (read.json["due_at"], read.json["number"]) == ("2026-03-02T11:00:00Z", "+48221234567")
    assert read.json["customer"]["display_name"] == "Anna Nowak"
    assert read.headers["ETag"] == '"1"'


def test_lists_are_ones_own_and_everybodys_for_leaders(world: World) -> None:
    mine = give(world, "operator", assignee_id=world.users["operator"])
    others = give(world, assignee_id=world.users["admin"])
    listed = world.get("/tasks", "operator").json["items"]
    assert [one["id"] for one in listed] == [mine["id"]]
    everything = world.get("/tasks").json["items"]
    assert [one["id"] for one in everything] == [mine["id"], others["id"]]
    assert world.get("/tasks?scope=all", "operator").status_code == 403
    assert world.get(f"/tasks/{others['id']}", "operator").status_code == 404
    assert world.get("/tasks?when=overdue").json["items"] == []


def test_pages_are_walked_by_cursor(world: World) -> None:
    ids = [give(world, title=f"Number {n}")["id"] for n in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = world.get(f"/tasks?limit=2&cursor={cursor}" if cursor else "/tasks?limit=2").json
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ids


def test_a_task_is_finished_and_opened_again(world: World) -> None:
    made = give(world)
    path = f"/tasks/{made['id']}"
    done = world.patch(path, {"state": "done", "result": "spoke", "version": 1}).json
    assert (done["state"], done["result"], done["version"]) == ("done", "spoke", 2)
    assert [one["id"] for one in world.get("/tasks?when=done").json["items"]] == [made["id"]]
    again = world.patch(path, {"state": "open", "title": "Once more", "version": 2}).json
    assert (again["state"], again["title"], again["done_by"]) == ("open", "Once more", None)


def test_the_version_changed_must_be_named_and_the_newest(world: World) -> None:
    path = f"/tasks/{give(world)['id']}"
    assert world.patch(path, {"title": "A"}).status_code == 428
    assert world.patch(path, {"title": "A"}, headers={"If-Match": '"1"'}).status_code == 200
    stale = world.patch(path, {"title": "B"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')


def test_an_operator_changes_no_task_of_others(world: World) -> None:
    customer = world.add_customer("Anna Nowak", "+48221234567")
    made = give(world, assignee_id=world.users["admin"], customer_id=customer)
    refused = world.patch(f"/tasks/{made['id']}", {"state": "done", "version": 1}, "operator")
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"due_at": "soon"},
        {"due_at": "2026-03-02T12:00:00"},
        {"title": " "},
        {"title": "x" * 161},
        {"kind": "wish"},
        {"number": "none"},
        {"assignee_id": 999},
        {"customer_id": 999},
        {"interaction_id": 999},
        {"due_at": "2200-01-01T00:00:00Z"},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_is_refused(world: World, body: dict[str, Any]) -> None:
    answer = world.post("/tasks", {"title": "Call", "due_at": DUE} | body)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("body", [{"due_at": None}, {"title": None}, {"kind": None}])
def test_null_is_no_value_for_what_every_task_has(world: World, body: dict[str, Any]) -> None:
    path = f"/tasks/{give(world)['id']}"
    assert world.patch(path, body | {"version": 1}).status_code == 422
