"""The history of records: what changed is kept, and any earlier state can be had again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from callcenter.errors import Conflict, Forbidden, NotFound
from callcenter.fields.definition import FieldDraft
from callcenter.history.document import replayed
from callcenter.rights.policy import BUILTIN
from callcenter.services import batches, history, restoring
from callcenter.store.tables import changes, customers, users, webhook_deliveries
from tests.support.store import NOW, Store


def renamed(store: Store, customer_id: int, name: str, user_id: int | None = None) -> None:
    with store.unit_of_work() as uow:
        with history.recorded(uow, store.clock, "customer", customer_id, user_id=user_id):
            uow.history.write("customer", customer_id, {"display_name": name}, NOW)
        uow.commit()


def made(store: Store, name: str, *numbers: str, batch_id: int | None = None) -> int:
    customer_id = store.add_customer(name, *numbers)
    with store.unit_of_work() as uow:
        history.record_created(
            uow, store.clock, [("customer", customer_id, None)], user_id=None, batch_id=batch_id
        )
        uow.commit()
    return customer_id


def told(store: Store, customer_id: int) -> list[tuple[str, dict[str, list[object]]]]:
    with store.engine.connect() as connection:
        query = select(changes.c.action, changes.c.fields).order_by(changes.c.id)
        rows = connection.execute(query.where(changes.c.object_id == str(customer_id)))
        return [(row.action, row.fields) for row in rows]


def document(store: Store, customer_id: int) -> dict[str, object]:
    with store.unit_of_work() as uow:
        return history.document(uow, "customer", customer_id)


def test_a_change_tells_what_was_and_what_is(store: Store) -> None:
    customer_id = store.add_customer("Maria", "+48221234567")
    renamed(store, customer_id, "Maria Kowalska")
    renamed(store, customer_id, "Maria Kowalska")
    assert told(store, customer_id) == [("update", {"display_name": ["Maria", "Maria Kowalska"]})]


def test_a_document_has_the_numbers_of_a_card(store: Store) -> None:
    found = document(store, store.add_customer("Maria", "+48221234567"))
    assert found["display_name"] == "Maria"
    (phone,) = found["phones"]  # type: ignore[misc]
    assert phone["e164"] == "+48221234567"
    with store.unit_of_work() as uow, pytest.raises(NotFound):
        history.document(uow, "customer", 999)


def test_all_changes_since_the_beginning_make_the_present(store: Store) -> None:
    customer_id = made(store, "Maria", "+48221234567")
    renamed(store, customer_id, "Maria Kowalska")
    fields = [change for _, change in told(store, customer_id)]
    assert replayed(fields) == document(store, customer_id)


def test_one_field_is_restored_and_that_is_a_change_too(store: Store) -> None:
    customer_id = made(store, "Maria")
    renamed(store, customer_id, "Nonsense")
    change_id = last_change(store)

    restoring.restore_field(
        change_id,
        "display_name",
        user_id=None,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
    )

    assert document(store, customer_id)["display_name"] == "Maria"
    assert told(store, customer_id)[-1] == ("restore", {"display_name": ["Nonsense", "Maria"]})


def test_nobody_restores_a_field_that_they_may_only_read(store: Store) -> None:
    user_id = store.add_user("anna", "1001")
    customer_id = made(store, "Maria")
    with store.unit_of_work() as uow:
        with history.recorded(uow, store.clock, "customer", customer_id, user_id=None):
            uow.history.write("customer", customer_id, {"vip_level": 3}, NOW)
        base = BUILTIN["operator"]
        rights = {**base.scopes, ("history", "change"): "all"}
        uow.rights.save_role(replace(base, code="made", scopes=rights, builtin=False))
        uow.commit()
    with store.engine.begin() as connection:
        connection.execute(update(users).where(users.c.id == user_id).values(role_code="made"))
    given: Any = {"unit_of_work": store.unit_of_work, "clock": store.clock, "user_id": user_id}
    with pytest.raises(Forbidden):
        restoring.restore_field(last_change(store), "vip_level", **given)
    with pytest.raises(Forbidden):
        restoring.restore_state(last_change(store), **given)
    assert document(store, customer_id)["vip_level"] == 3


def last_change(store: Store) -> int:
    with store.engine.connect() as connection:
        return int(connection.scalar(select(changes.c.id).order_by(changes.c.id.desc())) or 0)


def test_the_whole_of_an_earlier_state_is_restored(store: Store) -> None:
    customer_id = made(store, "Maria", "+48221234567")
    before = document(store, customer_id)
    with store.unit_of_work() as uow:
        with history.recorded(uow, store.clock, "customer", customer_id, user_id=None):
            values = {"display_name": "X", "phones": [], "city": "Łódź", "confirmed": False}
            uow.history.write("customer", customer_id, values, NOW)
        uow.commit()
    first = last_change(store)
    renamed(store, customer_id, "Y")

    restoring.restore_state(first, user_id=None, unit_of_work=store.unit_of_work, clock=store.clock)

    assert document(store, customer_id) == before


def test_a_deleted_card_comes_back_as_it_was(store: Store) -> None:
    customer_id = made(store, "Maria", "+48221234567")
    before = document(store, customer_id)
    with store.unit_of_work() as uow:
        with history.recorded(uow, store.clock, "customer", customer_id, user_id=None):
            uow.history.remove("customer", customer_id, NOW)
        uow.commit()
    assert told(store, customer_id)[-1][0] == "delete"
    with store.unit_of_work() as uow:
        assert uow.customers.get(customer_id) is None

    given = {"user_id": None, "unit_of_work": store.unit_of_work, "clock": store.clock}
    restoring.restore_deleted("customer", str(customer_id), **given)  # type: ignore[arg-type]

    assert document(store, customer_id) == before
    with pytest.raises(Conflict):
        restoring.restore_deleted("customer", str(customer_id), **given)  # type: ignore[arg-type]


def undo(store: Store, batch_id: int) -> list[tuple[str, list[str]]]:
    kept = batches.undo(
        batch_id,
        user_id=None,
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
    )
    return [(one["object_id"], one["fields"]) for one in kept]


def begun(store: Store) -> int:
    with store.unit_of_work() as uow:
        batch_id = batches.begin(uow, store.clock, "bulk", "Moved to Łódź", user_id=1)
        uow.commit()
    return batch_id


def ended(store: Store, batch_id: int) -> None:
    with store.unit_of_work() as uow:
        batches.told(uow, store.publisher, batch_id, done=2, ended=True)


def test_a_batch_is_taken_back_and_what_changed_since_is_named(store: Store) -> None:
    one, two = made(store, "Maria"), made(store, "Jan")
    batch_id = begun(store)
    with store.unit_of_work() as uow:
        with history.recorded_all(
            uow, store.clock, "customer", [one, two], user_id=None, batch_id=batch_id
        ):
            for customer_id in (one, two):
                values = {"city": "Łódź", "language": "pl"}
                uow.history.write("customer", customer_id, values, NOW)
        uow.commit()
    with pytest.raises(Conflict):
        undo(store, batch_id)
    ended(store, batch_id)
    with store.unit_of_work() as uow:
        with history.recorded(uow, store.clock, "customer", two, user_id=1):
            uow.history.write("customer", two, {"city": "Gdynia"}, NOW)
        uow.commit()

    assert undo(store, batch_id) == [(str(two), ["city"])]

    assert document(store, one)["city"] == ""
    assert (document(store, two)["city"], document(store, two)["language"]) == ("Gdynia", "")
    with store.unit_of_work() as uow:
        batch = uow.batches.get(batch_id)
    assert batch is not None
    assert (batch.state, batch.detail["kept_count"]) == ("undone", 1)
    with pytest.raises(Conflict):
        undo(store, batch_id)


def test_cards_that_a_batch_made_go_again_unless_they_were_used(store: Store) -> None:
    batch_id = begun(store)
    one, two = (made(store, name, batch_id=batch_id) for name in ("Maria", "Jan"))
    ended(store, batch_id)
    user_id = store.add_user()
    with store.unit_of_work() as uow:
        uow.notes.save(author_id=user_id, customer_id=two, text="Spoke", at=NOW)
        uow.commit()

    assert undo(store, batch_id) == [(str(two), [])]

    with store.engine.connect() as connection:
        query = select(customers.c.id).where(customers.c.deleted_at.is_(None))
        assert connection.scalars(query).all() == [two]
    assert told(store, one)[-1][0] == "delete"


def test_a_large_batch_is_taken_back_by_the_worker_when_somebody_asks(store: Store) -> None:
    batch_id = begun(store)
    customer_id = made(store, "Maria", batch_id=batch_id)
    ended(store, batch_id)
    store.add_user()
    user_id = store.add_user("jan", "1002")
    given = {"unit_of_work": store.unit_of_work}
    with pytest.raises(Forbidden):
        batches.ask_undo(batch_id, user_id=user_id, **given)
    with store.unit_of_work() as uow:
        uow.batches.update(batch_id, detail={"undo_wanted": None})
        uow.commit()
    batches.undo_asked(**given, publisher=store.publisher, clock=store.clock)
    with store.unit_of_work() as uow:
        assert uow.customers.get(customer_id) is None
        assert uow.batches.asked() == []


def test_other_systems_hear_of_a_change_but_not_of_what_is_sensitive(store: Store) -> None:
    customer_id = made(store, "Maria")
    with store.unit_of_work() as uow:
        for key, sensitive in (("diagnosis", True), ("size", False)):
            uow.fields.add(FieldDraft(key=key, label=key, sensitive=sensitive))
        uow.webhooks.add(
            "Shop", "https://example.com/", "s", ["customer.updated"], created_by=None, at=NOW
        )
        uow.commit()
    with store.unit_of_work() as uow:
        with history.recorded(uow, store.clock, "customer", customer_id, user_id=None):
            values = {"custom.diagnosis": "flu", "custom.size": "XL", "city": "Łódź"}
            uow.history.write("customer", customer_id, values, NOW)
        uow.commit()
    with store.engine.connect() as connection:
        (payload,) = connection.scalars(select(webhook_deliveries.c.payload)).all()
    assert "flu" not in str(payload)
    assert "XL" in str(payload)
    assert document(store, customer_id)["custom.diagnosis"] == "flu"
