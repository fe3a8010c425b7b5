"""Orders, invoices, payments and visits; the figures that follow from them at once and at night."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from callcenter.errors import Conflict, Invalid
from callcenter.services import figures, trade
from callcenter.store import tables
from callcenter.trade.records import Invoice, Kind, Order
from tests.support.classes import abc_bounds, fifths
from tests.support.store import NOW, TODAY, Store, call

DAY = timedelta(days=1)


def put(store: Store, kind: Kind, customer_id: int | None, **values: Any) -> tuple[int, bool]:
    return trade.save_record(
        kind,
        customer_id,
        values,
        user_id=None,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
    )


def invoice(store: Store, customer_id: int, number: str, amount: int, **more: Any) -> int:
    values = {"currency": "PLN", "due_on": TODAY - 10 * DAY} | more
    return put(store, "invoice", customer_id, number=number, amount_minor=amount, **values)[0]


def order(store: Store, customer_id: int, number: str, amount: int, **more: Any) -> int:
    values = {"currency": "PLN", "placed_on": TODAY - 30 * DAY} | more
    return put(store, "order", customer_id, number=number, amount_minor=amount, **values)[0]


def pay(store: Store, invoice_id: int, amount: int, **more: Any) -> int:
    values = {"currency": "PLN", "paid_on": TODAY} | more
    return put(store, "payment", None, invoice_id=invoice_id, amount_minor=amount, **values)[0]


def cancel(store: Store, kind: Kind, record_id: int) -> None:
    trade.cancel_record(
        kind, record_id, user_id=None, unit_of_work=store.unit_of_work, clock=store.clock
    )


def change(store: Store, kind: Kind, record_id: int, **values: Any) -> None:
    trade.change_record(
        kind,
        record_id,
        values,
        user_id=None,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
    )


def row(store: Store, customer_id: int) -> Any:
    table = tables.customer_figures
    with store.engine.connect() as connection:
        query = select(table).where(table.c.customer_id == customer_id)
        return connection.execute(query).one_or_none()


def stored(store: Store, kind: Kind, record_id: int) -> Any:
    with store.unit_of_work() as uow:
        found = uow.trade.get(kind, record_id)
    assert found is not None
    return found.values


def test_a_debt_is_there_at_once_and_shrinks_with_each_payment(store: Store) -> None:
    anna = store.add_customer("Anna", "+48221234567")
    one = invoice(store, anna, "FV/1", 1000)
    found = row(store, anna)
    assert (found.overdue_minor, found.overdue_currency) == (1000, "PLN")
    assert found.overdue_since == TODAY - 10 * DAY

    pay(store, one, 400)
    assert row(store, anna).overdue_minor == 600
    assert stored(store, "invoice", one)["paid_on"] is None
    rest = pay(store, one, 600)
    assert row(store, anna).overdue_minor == 0
    assert row(store, anna).overdue_since is None
    assert stored(store, "invoice", one)["paid_on"] == TODAY

    cancel(store, "payment", rest)
    assert row(store, anna).overdue_minor == 600
    with store.unit_of_work() as uow:
        assert uow.customers.briefs([anna], TODAY)[anna].overdue_minor == 600


def test_a_record_told_twice_is_one_and_told_differently_it_changes(store: Store) -> None:
    anna = store.add_customer("Anna")
    told = {"number": "1182", "amount_minor": 500, "currency": "PLN", "placed_on": TODAY}
    first = put(store, "order", anna, **told)
    assert first[1]
    assert put(store, "order", anna, **told) == (first[0], False)
    assert put(store, "order", anna, **told | {"source": "shop"})[1]
    assert put(store, "order", anna, **told | {"amount_minor": 700}) == (first[0], False)
    assert row(store, anna).lifetime_minor == 1200
    other = store.add_customer("Jan")
    with pytest.raises(Conflict):
        put(store, "order", other, **told)


def test_a_visit_without_a_number_is_known_by_its_moment(store: Store) -> None:
    anna = store.add_customer("Anna")
    first = put(store, "visit", anna, at=NOW, place="Warsaw")
    assert put(store, "visit", anna, at=NOW, place="Warszawa") == (first[0], False)
    put(store, "visit", anna, at=NOW - 400 * DAY)
    found = row(store, anna)
    assert (found.visits, found.visits_year, found.last_visit_on) == (2, 1, TODAY)


def test_said_to_be_paid_an_invoice_gets_the_payment_that_is_missing(store: Store) -> None:
    anna = store.add_customer("Anna")
    one = invoice(store, anna, "FV/1", 1000)
    pay(store, one, 300)
    change(store, "invoice", one, paid_on=TODAY - DAY)
    assert stored(store, "invoice", one)["paid_minor"] == 1000
    with store.engine.connect() as connection:
        paid = select(func.sum(tables.payments.c.amount_minor))
        assert connection.scalar(paid) == 1000


def test_a_payment_finds_its_invoice_by_number(store: Store) -> None:
    anna = store.add_customer("Anna")
    one = invoice(store, anna, "FV/1", 1000, source="books")
    told = {"invoice_number": "FV/1", "amount_minor": 250, "currency": "PLN", "paid_on": TODAY}
    put(store, "payment", None, **told)
    assert stored(store, "invoice", one)["paid_minor"] == 250
    with pytest.raises(Invalid) as refused:
        put(store, "payment", None, **told | {"invoice_number": "FV/2"})
    assert refused.value.field == "invoice_number"
    with pytest.raises(Invalid) as refused:
        put(store, "payment", None, **told | {"currency": "EUR"})
    assert refused.value.field == "currency"


def test_what_was_cancelled_counts_no_more(store: Store) -> None:
    anna = store.add_customer("Anna")
    one, bought = invoice(store, anna, "FV/1", 1000), order(store, anna, "1", 500)
    order(store, anna, "2", 300)
    cancel(store, "invoice", one)
    cancel(store, "order", bought)
    found = row(store, anna)
    assert (found.overdue_minor, found.lifetime_minor, found.orders) == (0, 300, 1)
    with pytest.raises(Conflict):
        change(store, "invoice", one, amount_minor=5)


def test_invoices_stand_for_orders_where_there_are_none(store: Store) -> None:
    anna = store.add_customer("Anna")
    invoice(store, anna, "FV/1", 1000, issued_on=TODAY - 20 * DAY)
    assert row(store, anna).lifetime_minor == 1000
    assert row(store, anna).last_order_on == TODAY - 20 * DAY
    order(store, anna, "1", 400)
    invoice(store, anna, "FV/2", 7, currency="EUR")
    assert (row(store, anna).lifetime_minor, row(store, anna).currency) in {
        (400, "PLN"),
        (7, "EUR"),
    }


def test_history_tells_of_records(store: Store) -> None:
    anna = store.add_customer("Anna")
    one = invoice(store, anna, "FV/1", 1000)
    change(store, "invoice", one, amount_minor=900)
    table = tables.changes
    with store.engine.connect() as connection:
        query = select(table.c.action, table.c.fields).where(table.c.object_type == "invoice")
        (_, made), (what, fields) = connection.execute(query.order_by(table.c.id)).all()
    assert made["amount_minor"] == [None, 1000]
    assert what == "update"
    assert fields["amount_minor"] == [1000, 900]


def test_an_invoice_grows_overdue_over_night(store: Store) -> None:
    anna = store.add_customer("Anna")
    invoice(store, anna, "FV/1", 1000, due_on=TODAY)
    assert row(store, anna).overdue_minor == 0
    store.clock.pass_by(24 * 3600)
    assert figures.catch_up(unit_of_work=store.unit_of_work, clock=store.clock) == 1
    assert row(store, anna).overdue_minor == 1000
    assert figures.catch_up(unit_of_work=store.unit_of_work, clock=store.clock) == 0


def test_who_was_never_worked_out_is_worked_out_with_their_contacts(store: Store) -> None:
    anna = store.add_customer("Anna", "+48221234567")
    with store.unit_of_work() as uow:
        bought = Order(
            number="1",
            title="Truck",
            amount_minor=100,
            currency="PLN",
            status="closed",
            placed_on=TODAY,
        )
        paid = Invoice(
            number="2", amount_minor=100, currency="PLN", due_on=TODAY, paid_on=TODAY - DAY
        )
        uow.trade.add(anna, [bought], [paid])
        uow.commit()
    store.save(call(talk_seconds=5.0), customer_id=anna, match="one")
    figures.catch_up(unit_of_work=store.unit_of_work, clock=store.clock)
    found = row(store, anna)
    assert (found.lifetime_minor, found.last_contact_at, found.last_talk_at) == (100, NOW, NOW)


def test_the_last_contact_never_goes_back(store: Store) -> None:
    anna = store.add_customer("Anna")
    with store.unit_of_work() as uow:
        for hours, spoken in ((3, True), (5, False), (1, True)):
            at = NOW + timedelta(hours=hours)
            figures.met(uow, [figures.Contact(customer_id=anna, at=at, spoken=spoken)])
        uow.commit()
    found = row(store, anna)
    assert found.last_contact_at == NOW + timedelta(hours=5)
    assert found.last_talk_at == NOW + timedelta(hours=3)


def test_the_database_finds_the_bounds_that_the_definitions_name(store: Store) -> None:
    dice = random.Random(7)
    bought: dict[str, list[tuple[int, int, date]]] = {"PLN": [], "EUR": []}
    for n in range(30):
        anna, currency = store.add_customer(f"C{n}"), dice.choice(["PLN", "PLN", "EUR"])
        days = [TODAY - dice.randrange(400) * DAY for _ in range(dice.choice([1, 1, 1, 2, 5]))]
        amounts = [dice.choice([100, 100, 12_000, 40_000]) for _ in days]
        for place, (day, amount) in enumerate(zip(days, amounts, strict=True)):
            order(store, anna, f"{n}/{place}", amount, placed_on=day, currency=currency)
        bought[currency].append((sum(amounts), len(days), max(days)))
    moved = figures.work_out_classes(unit_of_work=store.unit_of_work)

    with store.unit_of_work() as uow:
        found = uow.figures.bounds()
        sample = uow.figures.classed(0, 500)
    for currency, rows in bought.items():
        assert found[currency].monetary == fifths([total for total, _, _ in rows])
        assert found[currency].frequency == fifths([count for _, count, _ in rows])
        assert found[currency].recency == fifths([day.toordinal() for *_, day in rows])
        assert found[currency].abc == abc_bounds([total for total, _, _ in rows])
    assert moved == len(sample) == 30
    assert {one.classes.abc for one in sample} >= {"A", "C"}
    assert figures.work_out_classes(unit_of_work=store.unit_of_work) == 0

    order(store, sample[0].customer_id, "big", 10**9, currency=sample[0].figures.currency)
    assert (row(store, sample[0].customer_id).abc, row(store, sample[0].customer_id).rfm_m) == (
        "A",
        5,
    )
