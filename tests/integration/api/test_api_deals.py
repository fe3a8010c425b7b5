"""Deals over the API, and how contacts ended."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.outcomes.choice import Choice
from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.services import outcome_trees, outcomes
from tests.integration.api.world import World


def new_deal(world: World, **values: Any) -> Any:
    customer = world.add_customer("Anna Nowak", "+48221234567")
    body = {"customer_id": customer, "title": "Two trucks", "currency": "PLN", **values}
    return world.post("/deals", body)


def test_a_deal_made_over_the_api_is_read_back_as_it_was_written(any_world: World) -> None:
    made = new_deal(any_world, amount_minor=120050, next_step="offer", next_step_on="2026-03-09")
    assert made.status_code == 201, made.text
    read = any_world.get(made.headers["Location"])
    assert read.json == made.json
    assert read.headers["ETag"] == '"1"'
    assert (read.json["amount_minor"], read.json["next_step_on"]) == (120050, "2026-03-09")
    assert read.json["customer"]["display_name"] == "Anna Nowak"


def test_deals_are_listed_newest_first_and_narrowed(any_world: World) -> None:
    first = new_deal(any_world).json
    second = any_world.post(
        "/deals",
        {"customer_id": first["customer"]["id"], "title": "Third truck", "currency": "PLN"},
    ).json
    any_world.patch(f"/deals/{first['id']}", {"state": "won", "version": 1})
    open_ones = any_world.get("/deals?state=open").json["items"]
    assert [one["id"] for one in open_ones] == [second["id"]]
    page = any_world.get("/deals?limit=1").json
    rest = any_world.get(f"/deals?limit=1&cursor={page['next_cursor']}").json
    assert [one["items"][0]["id"] for one in (page, rest)] == [second["id"], first["id"]]
    assert rest["next_cursor"] is None


def test_a_deal_is_changed_only_by_whoever_saw_the_newest_version(world: World) -> None:
    address = f"/deals/{new_deal(world).json['id']}"
    assert world.patch(address, {"stage": "proposal"}).status_code == 428
    changed = world.patch(address, {"stage": "proposal"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    assert world.patch(address, {"stage": "new", "version": 1}).status_code == 412


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": "lost"}, "loss_reason"),
        ({"stage": "dreaming"}, "stage"),
        ({"amount_minor": -1}, "amount_minor"),
        ({"currency": "zł"}, "currency"),
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"owner_id": 4711}, "owner_id"),
        ({"sum": 1}, "sum"),
    ],
)
def test_a_change_that_cannot_be_accepted_names_its_field(
    world: World, values: dict[str, Any], field: str
) -> None:
    address = f"/deals/{new_deal(world).json['id']}"
    answer = world.patch(address, {"version": 1, **values})
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json["errors"]]


def test_a_deal_of_nobody_is_refused_and_one_that_is_not_there_not_found(world: World) -> None:
    body = {"customer_id": 4711, "title": "x", "currency": "PLN"}
    assert world.post("/deals", body).status_code == 422
    assert world.get("/deals/4711").status_code == 404


def test_an_interaction_says_how_it_ended_and_is_found_by_that(world: World) -> None:
    user = world.add_user("supervisor", "emma")
    _, contact = world.add_call("+48221234567")
    write = {
        "user_id": user,
        "unit_of_work": world.runtime.unit_of_work,
        "clock": world.runtime.clock,
    }
    solved = outcome_trees.add_outcome(OutcomeDraft(label="Solved", kind="good"), **write)
    assert world.get(f"/interactions/{contact}").json["outcome"] is None
    outcomes.give_outcome(contact, Choice(outcome_id=solved), publisher=world.runtime.bus, **write)
    told = world.get(f"/interactions/{contact}").json["outcome"]
    assert (told["label"], told["kind"], told["user"]["id"]) == ("Solved", "good", user)
    found = world.get(f"/interactions?outcome_id={solved}").json["items"]
    assert [one["id"] for one in found] == [contact]
