"""Histories, changes at once and duplicates as pages."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.customers.customer import CustomerDraft, PhoneDraft
from callcenter.services import customers, duplicates
from tests.support.web import MARKUP, Browser, World


def store(world: World) -> dict[str, Any]:
    return {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}


def add(world: World, name: str, number: str, **fields: Any) -> int:
    draft = CustomerDraft(display_name=name, phones=(PhoneDraft(number=number),), **fields)
    return customers.create_customer(
        draft,
        user_id=world.users["supervisor"],
        plan=world.runtime.settings.number_plan,
        **store(world),
    )


@pytest.fixture
def pair(world: World) -> tuple[int, int]:
    one = add(world, "Halina Wrona", "+48 22 555 11 22", city="Kraków")
    other = add(world, "Галина Врона", "+48 22 555 11 22", remarks=f"Calls late {MARKUP}")
    duplicates.begin_search(user_id=None, **store(world))
    duplicates.go_on(publisher=world.runtime.bus, **store(world))
    return one, other


def test_a_change_stands_in_the_history_in_words(supervisor: Browser, world: World) -> None:
    one = add(world, "Halina Wrona", "+48 22 555 11 22")
    sent = {"field": "city", "value": "Łódź", "version": "1"}
    assert supervisor.post(f"/customers/{one}/facts", sent).status_code == 200
    text = supervisor.text(f"/history/customer/{one}")
    for shown in ("Changed", "City", "Łódź", "Added", "22 555 11 22"):
        assert shown in text
    assert "Łódź" not in supervisor.text(f"/history/customer/{one}?field=display_name")
    assert "Halina Wrona" in supervisor.text("/history?type=customer")


def test_a_field_and_a_whole_state_are_put_back(supervisor: Browser, world: World) -> None:
    one = add(world, "Halina Wrona", "+48 22 555 11 22")
    sent = {"field": "city", "value": "Łódź", "version": "1"}
    supervisor.post(f"/customers/{one}/facts", sent)
    change = last_change(world, one)
    back = {"field": "city", "back": f"/history/customer/{one}"}
    answer = supervisor.post(f"/history/changes/{change}/restore", back)
    assert answer.headers["Location"].endswith(f"/history/customer/{one}")
    assert "Restored" in supervisor.text(f"/history/customer/{one}")
    evil = {"back": "https://elsewhere.example/history"}
    answer = supervisor.post(f"/history/changes/{last_change(world, one)}/restore", evil)
    assert answer.headers["Location"].endswith("/history")


def last_change(world: World, customer_id: int) -> int:
    with world.runtime.unit_of_work() as uow:
        return uow.history.since("customer", customer_id, 0)[0].id


def test_operators_read_a_history_and_restore_nothing(operator: Browser, world: World) -> None:
    one = add(world, "Halina Wrona", "+48 22 555 11 22")
    assert "Halina Wrona" in operator.text(f"/history/customer/{one}")
    change = last_change(world, one)
    assert operator.post(f"/history/changes/{change}/restore", {}).status_code == 403
    assert operator.get("/history").status_code == 403
    assert operator.get("/history/queue/support").status_code == 404
    assert operator.get("/history/nonsense/1").status_code == 404


def test_a_pair_is_compared_joined_and_parted(
    supervisor: Browser, world: World, pair: tuple[int, int]
) -> None:
    one, other = pair
    assert "same number, names alike" in " ".join(supervisor.text("/duplicates").split())
    assert "Perhaps the same person" in supervisor.text(f"/customers/{one}/duplicates")
    text = supervisor.text(f"/duplicates/compare?a={one}&b={other}")
    assert "Kraków" in text
    assert MARKUP not in text

    sent = {"a": one, "b": other, "field.display_name": "loser"}
    answer = supervisor.post("/duplicates/merge", sent)

    assert answer.headers["Location"].endswith(f"/customers/{one}")
    assert "Галина Врона" in supervisor.text(f"/customers/{one}")
    old = supervisor.get(f"/customers/{other}")
    assert (old.status_code, old.headers["Location"]) == (302, f"/customers/{one}")
    assert "Halina Wrona" not in supervisor.text("/duplicates")
    assert "was joined with another" in supervisor.text(f"/history/customer/{other}")
    batches = supervisor.text("/history/batches")
    assert "Cards joined" in batches

    assert supervisor.post("/merges/1/undo", {}).status_code == 302
    assert supervisor.get(f"/customers/{other}").status_code == 200
    assert "Halina Wrona" in supervisor.text(f"/customers/{one}")
    assert "Taken back" in supervisor.text("/history/batches")
    assert supervisor.post("/merges/1/undo", {}).status_code == 409


def test_somebody_alike_is_named_while_a_card_is_typed(operator: Browser, world: World) -> None:
    add(world, "Halina Wrona", "+48 22 555 11 22")
    assert 'hx-post="/duplicates/likely"' in operator.text("/customers/new")
    sent = {"display_name": "Wrona Halina", "phone": "22 555 11 22", "phone_kind": "mobile"}
    answer = operator.post("/duplicates/likely", sent).get_data(as_text=True)
    assert "Halina Wrona" in answer
    assert operator.post("/duplicates/likely", {}).get_data(as_text=True).strip() == ""


def test_two_people_are_not_asked_about_again(supervisor: Browser, pair: tuple[int, int]) -> None:
    one, other = pair
    assert supervisor.post("/duplicates/decide", {"a": one, "b": other}).status_code == 302
    assert "Halina Wrona" not in supervisor.text("/duplicates")
    assert "Halina Wrona" in supervisor.text("/duplicates?state=distinct")


def test_a_batch_is_taken_back_from_its_page(
    supervisor: Browser, world: World, pair: tuple[int, int]
) -> None:
    supervisor.post("/duplicates/merge", {"a": pair[0], "b": pair[1]})
    assert supervisor.post("/history/batches/1/undo", {}).status_code == 302
    assert supervisor.get(f"/customers/{pair[1]}").status_code == 200
    assert supervisor.post("/history/batches/1/undo", {}).status_code == 409
    assert supervisor.post("/history/batches/4711/undo", {}).status_code == 404


def test_bad_ids_are_refused_in_words(supervisor: Browser) -> None:
    assert supervisor.get("/duplicates/compare?a=1").status_code == 400
    assert supervisor.get("/duplicates/compare?a=4711&b=4712").status_code == 404
    assert supervisor.post("/duplicates/merge", {"a": 4711, "b": 4712}).status_code == 404
    assert supervisor.get(f"/history/customer/{'9' * 30}").status_code == 404
