"""Segments over the API: saved, read by their members, and customers by any filter."""

from __future__ import annotations

import json

from tests.integration.api.world import World

VIP = {"all": [{"field": "vip", "op": "yes"}]}


def add(world: World, name: str, **fields: object) -> int:
    made = world.post("/customers", {"display_name": name, **fields})
    assert made.status_code == 201, made.text
    return int(made.json["id"])


def names(answer: object) -> list[str]:
    return [one["display_name"] for one in answer.json["items"]]  # type: ignore[attr-defined]


def test_customers_are_listed_by_a_filter_and_in_an_order(any_world: World) -> None:
    for name, level in (("Segment Ada", 1), ("Segment Bea", 2), ("Segment Cyd", 0)):
        add(any_world, name, vip_level=level)
    found = any_world.get(f"/customers?sort=-name&filter={json.dumps(VIP)}")
    assert [one for one in names(found) if one.startswith("Segment")] == [
        "Segment Bea",
        "Segment Ada",
    ]
    page = any_world.get("/customers?sort=created_at&limit=2")
    assert len(page.json["items"]) == 2
    following = any_world.get(
        f"/customers?sort=created_at&limit=2&cursor={page.json['next_cursor']}"
    )
    assert not set(names(page)) & set(names(following))


def test_a_filter_that_is_wrong_is_named(any_world: World) -> None:
    for wrong in ("{", '{"all": [{"field": "x", "op": "is"}]}', '{"all": [{"field": "vip"}]}'):
        answer = any_world.get(f"/customers?filter={wrong}")
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"].startswith("filter")


def test_a_segment_live_or_frozen_has_its_members(any_world: World) -> None:
    add(any_world, "Segment Ada", vip_level=1)
    made = {
        frozen: any_world.post("/segments", {"name": "VIP", "filter": VIP, "frozen": frozen})
        for frozen in (False, True)
    }
    assert {answer.status_code for answer in made.values()} == {201}
    add(any_world, "Segment Bea", vip_level=2)
    ids = {frozen: answer.json["id"] for frozen, answer in made.items()}
    assert "Segment Bea" in names(any_world.get(f"/segments/{ids[False]}/members"))
    assert "Segment Bea" not in names(any_world.get(f"/segments/{ids[True]}/members"))
    assert "Segment Ada" in names(any_world.get(f"/customers?segment_id={ids[True]}"))
    listed = any_world.get("/segments").json["items"]
    assert {one["id"] for one in listed} >= set(ids.values())
    assert any_world.ask("delete", f"/segments/{ids[True]}").json == {
        "id": ids[True],
        "deleted": True,
    }
    assert any_world.get(f"/segments/{ids[True]}").status_code == 404


def test_the_fields_that_may_be_asked_are_told(any_world: World) -> None:
    found = {one["key"]: one for one in any_world.get("/segments/fields").json["items"]}
    assert found["vip"]["operators"] == ["yes", "no"]
    assert "last_talk_at" in found
