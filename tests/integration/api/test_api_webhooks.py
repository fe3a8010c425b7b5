"""Webhooks over the API; fields chosen; answers that the caller has already; narrow tokens."""

from __future__ import annotations

import pytest

from callcenter.services import webhooks as services
from tests.integration.api.world import World

HOOK = {"url": "https://example.com/hook", "events": ["customer.*"], "title": "Warehouse"}


def test_a_webhook_shows_its_secret_once_and_is_then_read_without_it(any_world: World) -> None:
    made = any_world.post("/webhooks", HOOK)
    assert made.status_code == 201, made.text
    assert made.json["secret"].startswith("whsec_")
    read = any_world.get(made.headers["Location"])
    assert "secret" not in read.json
    assert "customer.created" in read.json["events"]
    assert made.json["secret"] not in any_world.get("/webhooks").text


def test_a_new_customer_is_on_its_way_to_the_webhook_that_asks(world: World) -> None:
    hook = world.post("/webhooks", HOOK).json["id"]
    world.post("/customers", {"display_name": "Anna Nowak"})
    told = world.get(f"/webhooks/{hook}/deliveries").json["items"]
    assert [one["event"] for one in told] == ["customer.created"]
    assert told[0]["state"] == "pending"
    assert told[0]["payload"]["type"] == "customer.created"


def test_a_webhook_is_changed_pinged_and_deleted(world: World) -> None:
    address = f"/webhooks/{world.post('/webhooks', HOOK).json['id']}"
    assert world.patch(address, {"active": False}).json["active"] is False
    assert world.post(f"{address}/ping", {}).status_code == 202
    (delivery,) = world.get(f"{address}/deliveries?state=pending").json["items"]
    again = world.post(f"{address}/deliveries/{delivery['id']}/again", {})
    assert again.json == {"deliveries": 1}
    assert world.post(f"{address}/again", {}).json == {"deliveries": 0}
    assert world.ask("DELETE", address).status_code == 200
    assert world.get(address).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://user:pw@example.com/"}, "url"),
        ({"events": ["customer.bought"]}, "events"),
        ({"title": None}, "title"),
    ],
)
def test_what_no_webhook_can_be_is_refused_by_its_field(
    world: World, changes: dict[str, object], field: str
) -> None:
    address = f"/webhooks/{world.post('/webhooks', HOOK).json['id']}"
    refused = world.patch(address, changes)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == field


def test_only_administrators_see_webhooks(world: World) -> None:
    assert world.get("/webhooks", role="supervisor").status_code == 403


def test_a_get_names_the_fields_it_wants_of_one_record_and_of_a_list(world: World) -> None:
    customer = world.add_customer("Anna Nowak", "+48221234567")
    one = world.get(f"/customers/{customer}?fields=id,display_name").json
    assert one == {"id": customer, "display_name": "Anna Nowak"}
    page = world.get("/customers?fields=id").json
    assert page["items"] == [{"id": customer}]
    assert "next_cursor" in page


@pytest.mark.parametrize("asked", ["", ",", "nonsense", "id,nonsense"])
def test_a_field_that_there_is_not_is_named(world: World, asked: str) -> None:
    refused = world.get(f"/customers?fields={asked}")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "fields"


def test_who_has_the_answer_already_gets_nothing_again(world: World) -> None:
    customer = world.add_customer("Anna Nowak", "+48221234567")
    for address in (f"/customers/{customer}", "/customers", "/queues"):
        first = world.get(address)
        tag = first.headers["ETag"]
        again = world.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    world.patch(f"/customers/{customer}", {"vip_level": 1, "version": 1})
    tag = '"1"'
    assert world.get(f"/customers/{customer}", headers={"If-None-Match": tag}).status_code == 200


def test_a_token_may_be_for_one_resource_only(world: World) -> None:
    secret = world.add_token("admin", "customers:read")
    headers = {"Authorization": f"Bearer {secret}"}
    assert world.get("/customers", headers=headers).status_code == 200
    assert world.get("/queues", headers=headers).status_code == 403
    made = world.post("/customers", {"display_name": "Ben"}, headers=headers)
    assert made.status_code == 403
    assert "customers:write" in made.json["detail"]


def test_deliveries_of_a_webhook_come_in_pages(world: World) -> None:
    hook = world.post("/webhooks", HOOK).json["id"]
    for _ in range(3):
        services.ping(hook, unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock)
    first = world.get(f"/webhooks/{hook}/deliveries?limit=2").json
    rest = world.get(f"/webhooks/{hook}/deliveries?limit=2&cursor={first['next_cursor']}").json
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 3
    assert rest["next_cursor"] is None
