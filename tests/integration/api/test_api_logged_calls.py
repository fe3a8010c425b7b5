"""Another system logs a call of its own and asks who calls: one line each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.api.world import World

CALL = {"number": "22 123 45 67", "talk_seconds": 65, "note": "Asked for two trucks"}


def test_a_logged_call_stands_on_the_card_of_whoever_has_the_number(any_world: World) -> None:
    anna = any_world.add_customer("Anna Nowak", "+48221234567")
    who = any_world.get("/customers/by-phone?number=221234567").json
    assert [one["id"] for one in who["customers"]] == [anna]
    logged = any_world.post("/interactions", CALL)
    assert logged.status_code == 201, logged.text
    assert (logged.json["customer"]["id"], logged.json["match"]) == (anna, "one")
    assert logged.json["notes"][0]["text"] == "Asked for two trucks"
    timeline = any_world.get(f"/customers/{anna}/timeline").json["items"]
    assert [one["id"] for one in timeline] == [logged.json["id"]]


def test_the_same_call_told_again_is_the_same_interaction(world: World) -> None:
    first = world.post("/interactions", CALL | {"external_id": "dialler/1"})
    again = world.post("/interactions", CALL | {"external_id": "dialler/1", "talk_seconds": 1})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    other = world.post("/interactions", CALL)
    assert other.json["id"] != first.json["id"]


def test_several_people_with_the_number_are_offered_and_nobody_is_chosen(world: World) -> None:
    people = {world.add_customer(name, "+48221234567") for name in ("Anna", "Ben")}
    logged = world.post("/interactions", CALL).json
    assert (logged["match"], logged["customer"]) == ("several", None)
    assert {one["id"] for one in logged["candidates"]} == people


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"result": "missed"}, "talk_seconds"),
        ({"started_at": "2030-01-01T00:00:00Z"}, "started_at"),
        ({"talk_seconds": -1}, "talk_seconds"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_what_no_call_can_be_is_refused_by_its_field(
    world: World, changes: dict[str, Any], field: str
) -> None:
    refused = world.post("/interactions", CALL | changes)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == field


def test_a_hidden_caller_matches_nobody(world: World) -> None:
    logged = world.post("/interactions", CALL | {"number": ""}).json
    assert (logged["match"], logged["number"]) == ("withheld", "")
