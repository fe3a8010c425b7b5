"""Two who write about the same thing at the same moment: neither undoes what the other did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from callcenter.accounts.user import UserDraft
from callcenter.calls.events import CallRinging
from callcenter.calls.record import CallRecord
from callcenter.customers.customer import CustomerDraft
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict
from callcenter.segments.bulk import BulkAction
from callcenter.services import batches, bulk, customers, merging, texting, trade
from callcenter.services.conversations import Room
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.services.sending import Outbox
from callcenter.store import tables
from tests.support.overlap import UowFactory, overlap
from tests.support.store import NOW, TODAY, Store, call

STRANGER = "+48221234567"


def column(store: Store, named: Any) -> list[Any]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(named)))


def writes(store: Store, record: CallRecord) -> Callable[[UowFactory], None]:
    """A listener of its own, that knows nothing of others."""

    def write(unit_of_work: UowFactory) -> None:
        handle_call_events(
            [CallRinging(call=record, at=NOW, endpoint="", uniqueid="")],
            unit_of_work=unit_of_work,
            publisher=store.publisher,
            clock=store.clock,
            plan_for=lambda _trunk: NumberPlan(region="PL"),
            memory=CallMemory(),
        )

    return write


def over(number: str) -> CallRecord:
    return call(number, live=False, result="answered", ended_at=NOW, talk_seconds=9.0)


# --- cards ----------------------------------------------------------------------------------------


def test_two_calls_of_one_stranger_end_at_once_and_make_one_card(store: Store) -> None:
    assert overlap(store, writes(store, over("17.1")), writes(store, over("18.1"))) == [None, None]
    assert column(store, tables.phone_numbers.c.e164) == [STRANGER]
    whose = column(store, tables.interactions.c.customer_id)
    assert whose == column(store, tables.customers.c.id) * 2


def test_a_card_made_by_hand_as_the_call_ends_is_the_only_one(store: Store) -> None:
    anna = store.add_user()
    record = over("17.1")
    (interaction_id,) = store.save(call("17.1"), match="none", number=STRANGER).values()

    def by_hand(unit_of_work: UowFactory) -> int:
        return customers.create_customer_from_call(
            interaction_id,
            CustomerDraft(display_name="Ewa"),
            unit_of_work=unit_of_work,
            publisher=store.publisher,
            clock=store.clock,
            plan=NumberPlan(region="PL"),
            user_id=anna,
        )

    overlap(store, writes(store, record), by_hand)
    assert column(store, tables.customers.c.display_name) == ["Ewa"]


def test_a_call_written_while_its_card_is_joined_goes_to_the_card_that_stays(store: Store) -> None:
    stays, goes = store.add_customer("Maria"), store.add_customer("M.", STRANGER)

    def join(unit_of_work: UowFactory) -> int:
        return merging.merge(
            stays,
            goes,
            {},
            user_id=None,
            unit_of_work=unit_of_work,
            publisher=store.publisher,
            clock=store.clock,
        )

    overlap(store, join, writes(store, call("17.1")))
    assert column(store, tables.interactions.c.customer_id) == [stays]
    overlap(store, writes(store, over("17.1")), writes(store, over("17.1")))
    assert column(store, tables.interactions.c.customer_id) == [stays]


def test_cards_are_parted_once(store: Store) -> None:
    stays, goes = store.add_customer("Maria"), store.add_customer("M.", STRANGER)
    common: dict[str, Any] = {"user_id": None, "publisher": store.publisher, "clock": store.clock}
    merge_id = merging.merge(stays, goes, {}, unit_of_work=store.unit_of_work, **common)

    def part(unit_of_work: UowFactory) -> Any:
        return merging.unmerge(merge_id, unit_of_work=unit_of_work, **common)

    first, second = overlap(store, part, part)
    assert first == merging.Unmerged(stays, goes, ())
    assert isinstance(second, Conflict)


# --- messages -------------------------------------------------------------------------------------


def test_a_message_that_comes_twice_at_once_begins_one_conversation(store: Store) -> None:
    told = {"id": "m-1", "from": STRANGER, "text": "Hello"}

    def takes_in(unit_of_work: UowFactory) -> bool:
        tools: dict[str, Any] = {
            "unit_of_work": unit_of_work,
            "publisher": store.publisher,
            "clock": store.clock,
        }
        room = Room(**tools, key="k", plan=NumberPlan(region="PL"), sms_from="+48220000000")
        outbox = Outbox(**tools, files=None)  # type: ignore[arg-type]
        return texting.receive(told, room, outbox)

    first, second = overlap(store, takes_in, takes_in)
    assert first is True
    assert second is False or isinstance(second, Conflict)
    assert len(column(store, tables.conversations.c.id)) == 1
    assert len(column(store, tables.interactions.c.id)) == 1
    assert takes_in(store.unit_of_work) is False


# --- money ----------------------------------------------------------------------------------------


def saves(store: Store, kind: str, customer_id: int | None, **values: Any) -> Any:
    def save(unit_of_work: UowFactory) -> int:
        return trade.save_record(
            kind,  # type: ignore[arg-type]
            customer_id,
            {"currency": "PLN", **values},
            user_id=None,
            unit_of_work=unit_of_work,
            clock=store.clock,
        )[0]

    return save


def test_two_payments_at_once_both_count(store: Store) -> None:
    ewa = store.add_customer("Ewa")
    bill = saves(store, "invoice", ewa, number="1", amount_minor=300, due_on=TODAY)
    pay = saves(
        store, "payment", None, invoice_id=bill(store.unit_of_work), amount_minor=100, paid_on=TODAY
    )
    overlap(store, pay, pay)
    assert column(store, tables.invoices.c.paid_minor) == [200]


def test_two_orders_at_once_are_both_in_the_figures(store: Store) -> None:
    ewa = store.add_customer("Ewa")
    orders = [
        saves(store, "order", ewa, number=one, amount_minor=500, placed_on=TODAY) for one in "12"
    ]
    overlap(store, *orders)
    assert column(store, tables.customer_figures.c.lifetime_minor) == [1000]


# --- many at once ---------------------------------------------------------------------------------


@pytest.fixture
def leader(store: Store) -> int:
    with store.unit_of_work() as uow:
        draft = UserDraft(username="lea", display_name="Lea", role="supervisor")
        user_id = uow.users.add(draft, "no password", NOW)
        uow.commit()
    return user_id


def begun(store: Store, leader: int, action: BulkAction) -> int:
    ids = [store.add_customer(name) for name in ("Anna", "Bolek")]
    common: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    return bulk.begin(action, ids, "Test", user_id=leader, **common)


def turns(store: Store) -> Callable[[UowFactory], int]:
    def turn(unit_of_work: UowFactory) -> int:
        return bulk.turn(unit_of_work=unit_of_work, publisher=store.publisher, clock=store.clock)

    return turn


def test_two_workers_do_each_part_once(store: Store, leader: int) -> None:
    begun(store, leader, BulkAction(kind="tasks", task={"title": "Call"}))
    overlap(store, turns(store), turns(store))
    turns(store)(store.unit_of_work)
    assert column(store, tables.tasks.c.title) == ["Call", "Call"]
    assert column(store, tables.batches.c.state) == ["done"]


def test_an_action_that_the_database_refuses_fails_alone(
    store: Store, leader: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = begun(store, leader, BulkAction(kind="add_tag", value="VIP"))
    other = begun(store, leader, BulkAction(kind="owner", value=leader))
    really = bulk.run_part

    def part(batch_id: int, **common: Any) -> int:
        if batch_id == broken:
            raise Conflict("", "this contradicts what is stored already")
        return really(batch_id, **common)

    monkeypatch.setattr(bulk, "run_part", part)
    assert turns(store)(store.unit_of_work) == 2
    with store.unit_of_work() as uow:
        found = [uow.batches.get(one) for one in (broken, other)]
    assert [one.state for one in found if one] == ["failed", "done"]


def test_an_action_that_was_killed_before_it_began_does_not_run_for_ever(
    store: Store, leader: int
) -> None:
    batch_id = begun(store, leader, BulkAction(kind="add_tag", value="VIP"))
    with store.unit_of_work() as uow:
        uow.batches.update(batch_id, detail={"ready": False})
        uow.commit()
    turns(store)(store.unit_of_work)
    assert column(store, tables.batches.c.state) == ["running"]
    store.clock.pass_by(3600)
    turns(store)(store.unit_of_work)
    assert column(store, tables.batches.c.state) == ["failed"]


def test_what_cannot_be_taken_back_keeps_nobody_else_waiting(store: Store, leader: int) -> None:
    ids = [begun(store, leader, BulkAction(kind="owner", value=leader)) for _ in range(2)]
    turns(store)(store.unit_of_work)
    for batch_id in ids:
        batches.ask_undo(batch_id, user_id=leader, unit_of_work=store.unit_of_work)
    with store.engine.begin() as connection:  # the later one, which is tried first
        table = tables.batches
        connection.execute(update(table).where(table.c.id == ids[1]).values(user_id=None))
        connection.execute(update(tables.users).values(role="operator"))
    common: dict[str, Any] = {
        "unit_of_work": store.unit_of_work,
        "publisher": store.publisher,
        "clock": store.clock,
    }
    batches.undo_asked(**common)
    batches.undo_asked(**common)
    with store.unit_of_work() as uow:
        found = [uow.batches.get(one) for one in ids]
    assert [one.state for one in found if one] == ["undone", "done"]
    assert "undo_refused" in (found[1].detail if found[1] else {})
