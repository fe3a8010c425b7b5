"""Histories, duplicates, merges and batches over the API."""

from __future__ import annotations

from tests.integration.api.world import World


def two(world: World) -> tuple[int, int]:
    one = world.post("/customers", {"display_name": "Maria", "city": ""})
    other = world.post("/customers", {"display_name": "Marija", "city": "Łódź"})
    return one.json["id"], other.json["id"]


def test_the_history_of_a_card_names_each_change(world: World) -> None:
    one, _ = two(world)
    etag = world.get(f"/customers/{one}").headers["ETag"]
    world.patch(f"/customers/{one}", {"city": "Gdynia"}, headers={"If-Match": etag})
    answer = world.get(f"/customers/{one}/history?limit=1")
    (change,) = answer.json["items"]
    assert (change["action"], change["fields"]["city"]) == ("update", ["", "Gdynia"])
    cursor = answer.json["next_cursor"]
    (first,) = world.get(f"/customers/{one}/history?limit=1&cursor={cursor}").json["items"]
    assert first["action"] == "create"
    assert world.get("/customers/4711/history").status_code in (200, 404)


def test_cards_are_joined_and_parted_and_the_old_id_leads_on(world: World) -> None:
    one, other = two(world)
    sent = {"loser_id": other, "fields": {"display_name": "loser"}}
    answer = world.post(f"/customers/{one}/merge", sent)
    assert (answer.status_code, answer.json["survivor_id"]) == (201, one)

    found = world.get(f"/customers/{other}").json
    assert (found["id"], found["display_name"], found["city"]) == (one, "Marija", "Łódź")
    assert world.post(f"/customers/{one}/merge", sent).status_code == 409

    answer = world.post(f"/customers/{one}/unmerge", {"loser_id": other})
    assert (answer.status_code, answer.json["stayed"]) == (200, [])
    assert world.get(f"/customers/{other}").json["display_name"] == "Marija"
    assert world.get(f"/customers/{one}").json["display_name"] == "Maria"
    assert world.post(f"/customers/{one}/unmerge", {"loser_id": other}).status_code == 409


def test_bad_merges_are_refused_by_name(world: World) -> None:
    one, other = two(world)
    path = f"/customers/{one}/merge"
    assert world.post(path, {"loser_id": one}).status_code == 422
    assert world.post(path, {"loser_id": 4711}).status_code == 404
    assert world.post(path, {"loser_id": other, "fields": {"city": "x"}}).status_code == 422
    assert world.post("/customers/4711/merge", {"loser_id": other}).status_code == 404


def test_a_pair_is_listed_until_it_is_decided(world: World) -> None:
    one, other = two(world)
    assert world.get("/duplicates").json["items"] == []
    sent = {"a_id": other, "b_id": one, "state": "open"}
    assert world.post("/duplicates", sent).status_code == 200
    (pair,) = world.get("/duplicates").json["items"]
    assert (pair["a"]["id"], pair["b"]["id"]) == (one, other)
    world.post("/duplicates", {**sent, "state": "distinct"})
    assert world.get("/duplicates").json["items"] == []
    assert len(world.get("/duplicates?state=distinct").json["items"]) == 1


def test_somebody_alike_is_named_before_a_card_is_made(world: World) -> None:
    sent = {"display_name": "Halina Wrona", "phones": [{"number": "+48225551122"}]}
    one = world.post("/customers", sent).json["id"]
    asked = {"name": "Галина Врона", "phones": ["22 555 11 22", "nonsense"]}
    (found,) = world.post("/duplicates/likely", asked).json["items"]
    assert (found["customer_id"], found["reasons"]) == (one, ["phone", "name"])
    assert world.post("/duplicates/likely", {}).json["items"] == []


def test_a_merge_is_a_batch_to_be_undone(world: World) -> None:
    one, other = two(world)
    world.post(f"/customers/{one}/merge", {"loser_id": other})
    (batch,) = world.get("/batches").json["items"]
    assert (batch["kind"], batch["state"]) == ("merge", "done")
    answer = world.post(f"/batches/{batch['id']}/undo", {})
    assert answer.json == {"batch_id": batch["id"], "kept": []}
    assert world.get("/batches").json["items"][0]["state"] == "undone"
    assert world.post("/batches/4711/undo", {}).status_code == 404


def test_an_operator_joins_only_cards_of_their_own(world: World) -> None:
    boss = world.add_user("supervisor", "boss")
    mine = world.add_customer("Maria")
    theirs = world.add_customer("Marija", owner_id=boss)
    answer = world.post(f"/customers/{mine}/merge", {"loser_id": theirs}, "operator")
    assert answer.status_code == 403
    assert world.get("/batches", "operator").json["items"] == []
