"""Orders, invoices, payments and visits over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.api.world import World

INVOICE = {"number": "FV/1", "amount_minor": 100_000, "currency": "PLN", "due_on": "2026-01-15"}


def customer(world: World) -> int:
    return world.add_customer("Anna Nowak", "+48221234567")


def invoice(world: World, customer_id: int, **values: Any) -> Any:
    return world.post("/invoices", {"customer_id": customer_id, **INVOICE, **values})


def test_an_invoice_is_paid_in_parts(any_world: World) -> None:
    made = invoice(any_world, customer(any_world))
    assert made.status_code == 201, made.text
    assert made.json["overdue_days"] > 0
    paid = {"invoice_number": "FV/1", "amount_minor": 40_000, "currency": "PLN"}
    first = any_world.post("/payments", paid | {"paid_on": "2026-02-01", "number": "P1"})
    assert (first.status_code, first.json["invoice_number"]) == (201, "FV/1")
    again = any_world.post("/payments", paid | {"paid_on": "2026-02-01", "number": "P1"})
    assert (again.status_code, again.json["id"]) == (200, first.json["id"])
    read = any_world.get(made.headers["Location"]).json
    assert (read["paid_minor"], read["open_minor"], read["paid_on"]) == (40_000, 60_000, None)
    any_world.post("/payments", paid | {"paid_on": "2026-02-03", "amount_minor": 60_000})
    read = any_world.get(made.headers["Location"]).json
    assert (read["open_minor"], read["paid_on"]) == (0, "2026-02-03")
    listed = any_world.get(f"/payments?invoice_id={made.json['id']}").json["items"]
    assert [one["amount_minor"] for one in listed] == [60_000, 40_000]


def test_cancelling_twice_is_the_same_as_once(world: World) -> None:
    path = f"/invoices/{invoice(world, customer(world)).json['id']}"
    for _ in range(2):
        gone = world.ask("DELETE", path)
        assert (gone.status_code, gone.json["cancelled"], gone.json["open_minor"]) == (200, True, 0)
    assert world.patch(path, {"amount_minor": 5}).status_code == 409


def test_a_record_is_known_by_number_and_source(world: World) -> None:
    anna = customer(world)
    first = invoice(world, anna)
    again = invoice(world, anna, amount_minor=500)
    assert (again.status_code, again.json["id"]) == (200, first.json["id"])
    assert again.json["amount_minor"] == 500
    assert invoice(world, anna, source="books").status_code == 201
    other = world.add_customer("Jan", "+48221234568")
    assert invoice(world, other).status_code == 409
    found = world.get("/invoices?number=FV/1&source=books").json["items"]
    assert len(found) == 1
    assert world.get("/invoices?unpaid=true&overdue=true").json["items"]


def test_orders_and_visits_are_written_changed_and_listed(world: World) -> None:
    anna = customer(world)
    order = world.post(
        "/orders",
        {"customer_id": anna, "number": "1182", "amount_minor": 900, "currency": "PLN"}
        | {"placed_on": "2026-02-01", "title": "Two trucks"},
    )
    assert (order.status_code, order.json["status"]) == (201, "open")
    path = order.headers["Location"]
    assert world.patch(path, {"status": "closed"}).json["status"] == "closed"
    assert world.ask("DELETE", path).json["status"] == "cancelled"
    visit = world.post(
        "/visits", {"customer_id": anna, "at": "2026-02-01T10:00:00Z", "place": "Showroom"}
    )
    assert visit.status_code == 201, visit.text
    page = world.get(f"/visits?customer_id={anna}&limit=1").json
    assert [one["place"] for one in page["items"]] == ["Showroom"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/invoices", {"amount_minor": -1}, "amount_minor"),
        ("/invoices", {"currency": "zł"}, "currency"),
        ("/invoices", {"due_on": "0001-01-01"}, "due_on"),
        ("/invoices", {"customer_id": 9_999}, "customer_id"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    world: World, path: str, body: dict[str, Any], field: str
) -> None:
    refused = world.post(path, {"customer_id": customer(world), **INVOICE, **body})
    assert refused.status_code == 422
    assert field in refused.text
