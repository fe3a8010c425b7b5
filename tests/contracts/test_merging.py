"""Two cards of one person become one without losing anything, and two again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Connection, Table, inspect, select, text

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.services import batches, duplicates, figures, history, merging
from callcenter.store import customer_links
from callcenter.store.merged import absorbed, leads_to
from callcenter.store.tables import interaction_candidates, interactions, metadata
from callcenter.store.types import UtcDateTime
from tests.support.store import NOW, Store, call


def merge(store: Store, survivor: int, loser: int, **choices: str) -> int:
    return merging.merge(
        survivor,
        loser,
        choices,
        user_id=None,
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
    )


def unmerge(store: Store, merge_id: int) -> merging.Unmerged:
    return merging.unmerge(
        merge_id,
        user_id=None,
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
    )


def two_cards(store: Store) -> tuple[int, int]:
    """The survivor and the loser."""
    return (
        store.add_customer("Maria Kowalska", "+48221234567"),
        store.add_customer("M. Kowalska", "+48227654321", city="Łódź"),
    )


def rows(connection: Connection, link: Column[Any], customer_id: int) -> list[tuple[Any, ...]]:
    table = link.table
    query = select(table).where(link == customer_id).order_by(*table.primary_key.columns)
    return [tuple(row) for row in connection.execute(query)]


_IGNORED = {"updated_at", "version"}
_ABOUT = {"changes", "batches", "merges", "duplicate_pairs", "webhook_deliveries", "audit_log"}


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All tables, but for what only tells that something was done."""
    found = {}
    there = set(inspect(store.engine).get_table_names())
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name in _ABOUT or table.name not in there:
                continue
            columns = [column for column in table.c if column.name not in _IGNORED]
            if table.name in customer_links.OF_THE_CARD:  # made anew, as they were
                columns = [column for column in columns if column.name not in ("id", "created_at")]
            told = (tuple(map(str, row)) for row in connection.execute(select(*columns)))
            found[table.name] = sorted(told)
    return found


# --- every table that points at a customer --------------------------------------------------------


def test_every_table_that_points_at_a_customer_is_thought_of() -> None:
    named = {column.table.name for column in customer_links.every_link()}
    special = customer_links.OF_THE_CARD | customer_links.WORKED_OUT | customer_links.ABOUT_CARDS
    moved = {column.table.name for column in customer_links.links()}
    assert moved == named - special
    assert {"interactions", "notes", "deals", "tasks", "orders", "invoices"} <= moved


def without_a_key() -> list[Table]:
    """Tables that name customers without a foreign key."""
    return [
        table
        for table in metadata.sorted_tables
        if "customer_id" in table.c and not table.c.customer_id.foreign_keys
    ]


def test_no_table_names_a_customer_without_saying_so() -> None:
    assert {table.name for table in without_a_key()} <= customer_links.ABOUT_CARDS


@pytest.mark.parametrize("link", customer_links.links(), ids=str)
def test_a_row_goes_over_and_comes_back(store: Store, link: Column[Any]) -> None:
    survivor, loser = two_cards(store)
    with store.engine.begin() as connection:
        insert_row(connection, link.table, {link.name: loser}, 1)
        before = rows(connection, link, loser)
    merge_id = merge(store, survivor, loser)
    with store.engine.connect() as connection:
        assert rows(connection, link, loser) == []
        assert len(rows(connection, link, survivor)) == len(before)
    unmerge(store, merge_id)
    with store.engine.connect() as connection:
        assert rows(connection, link, loser) == before
        assert rows(connection, link, survivor) == []


def insert_row(
    connection: Connection, table: Table, values: Mapping[str, Any], serial: int
) -> tuple[Any, ...]:
    """A row of any table, with what it points at; its key."""
    row = dict(values)
    for column in table.columns:
        if column.name in row or _fills_itself(column):
            continue
        keys = list(column.foreign_keys)
        if keys:
            if not column.nullable:
                row[column.name] = insert_row(connection, keys[0].column.table, {}, serial)[0]
        elif not column.nullable:
            row[column.name] = _some(column, serial)
    _satisfy_checks(table, row)
    key = connection.execute(table.insert().values(row).returning(*table.primary_key.columns))
    return tuple(key.one())


def _fills_itself(column: Column[Any]) -> bool:
    serial = column.primary_key and column.autoincrement != False and not column.foreign_keys  # noqa: E712
    return column.server_default is not None or (serial and column.type.python_type is int)


def _some(column: Column[Any], serial: int) -> Any:
    if isinstance(column.type, UtcDateTime):
        return NOW
    if isinstance(column.type, JSON):
        return {}
    kind = column.type.python_type
    if kind is str:
        length = getattr(column.type, "length", None) or 8
        return f"x{serial}"[:length]
    return {int: 0, bool: False, float: 0.0, date: NOW.date()}.get(kind, 0)


_CHECKED = {
    "consents": {"channel": "call"},
    "conversations": {"channel": "email", "state": "open"},
    "survey_answers": {"way": "keys", "state": "asked"},
}


def _satisfy_checks(table: Table, row: dict[str, Any]) -> None:
    row |= _CHECKED.get(table.name, {})


# --- merging --------------------------------------------------------------------------------------


def test_the_card_that_stays_says_what_was_chosen_and_keeps_all_numbers(store: Store) -> None:
    survivor, loser = two_cards(store)
    merge(store, survivor, loser, display_name="loser")
    with store.unit_of_work() as uow:
        found = history.document(uow, "customer", survivor)
        assert uow.customers.get(loser) is None
        assert [one.id for one in uow.customers.find_ids_by_number("+48227654321")] == [survivor]
    assert (found["display_name"], found["city"]) == ("M. Kowalska", "Łódź")
    assert [one["e164"] for one in found["phones"]] == ["+48221234567", "+48227654321"]


def test_an_old_id_leads_to_the_card_that_stayed(store: Store) -> None:
    survivor, loser = two_cards(store)
    third = store.add_customer("Third")
    merge(store, survivor, loser)
    merge(store, third, survivor)
    with store.engine.connect() as connection:
        assert leads_to(connection, loser) == third
        assert leads_to(connection, third) == third
        assert sorted(absorbed(connection, third)) == [survivor, loser]


def test_nothing_is_joined_twice_with_itself_or_with_nobody(store: Store) -> None:
    survivor, loser = two_cards(store)
    with pytest.raises(Invalid):
        merge(store, survivor, survivor)
    with pytest.raises(NotFound):
        merge(store, survivor, 999)
    with pytest.raises(Invalid):
        merge(store, survivor, loser, city="neither")
    merge(store, survivor, loser)
    with pytest.raises(Conflict):
        merge(store, survivor, loser)


def test_parting_joined_cards_makes_everything_as_it_was(store: Store) -> None:
    survivor, loser = two_cards(store)
    store.add_user()
    store.save(call(), customer_id=loser, match="one")
    with store.unit_of_work() as uow:
        uow.notes.save(author_id=1, customer_id=loser, text="Wants an offer", at=NOW)
        uow.merges.touch([survivor, loser])
        figures.refresh(uow, store.clock, [survivor, loser], contacts=True)
        uow.commit()
    before = everything(store)

    found = unmerge(store, merge(store, survivor, loser, city="loser", phones="both"))

    assert found.stayed == ()
    assert everything(store) == before


def test_what_came_after_the_merge_stays_with_the_card_that_stayed(store: Store) -> None:
    survivor, loser = two_cards(store)
    user_id = store.add_user()
    merge_id = merge(store, survivor, loser)
    with store.unit_of_work() as uow:
        uow.notes.save(author_id=user_id, customer_id=survivor, text="Later", at=NOW)
        with history.recorded(uow, store.clock, "customer", survivor, user_id=None):
            uow.history.write("customer", survivor, {"city": "Gdynia"}, NOW)
        uow.commit()

    found = unmerge(store, merge_id)

    assert [one["fields"] for one in found.stayed] == [["city"]]
    with store.unit_of_work() as uow:
        stayed = history.document(uow, "customer", survivor)
        parted = history.document(uow, "customer", loser)
    assert (stayed["city"], parted["city"]) == ("Gdynia", "Łódź")
    assert [one["e164"] for one in stayed["phones"]] == ["+48221234567"]
    with pytest.raises(Conflict):
        unmerge(store, merge_id)


def test_a_merge_is_a_batch_that_can_be_taken_back(store: Store) -> None:
    survivor, loser = two_cards(store)
    merge_id = merge(store, survivor, loser)
    with store.unit_of_work() as uow:
        merged = uow.merges.get(merge_id)
    assert merged is not None
    assert merged.batch_id is not None
    batches.undo(
        merged.batch_id,
        user_id=None,
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
    )
    with store.unit_of_work() as uow:
        batch = uow.batches.get(merged.batch_id)
        assert uow.customers.get(loser) is not None
    assert batch is not None
    assert batch.state == "undone"


def test_joins_are_parted_in_the_order_they_were_made(store: Store) -> None:
    survivor, loser = two_cards(store)
    third = store.add_customer("Third")
    first = merge(store, survivor, loser)
    merge(store, third, survivor)
    with pytest.raises(Conflict, match="part those first"):
        unmerge(store, first)


def test_a_caller_who_could_be_either_is_the_one_card_now(store: Store) -> None:
    survivor, loser = two_cards(store)
    ids = store.save(call(), match="several", candidate_ids=(survivor, loser))
    (interaction_id,) = ids.values()
    merge_id = merge(store, survivor, loser)
    found = match_of(store, interaction_id)
    assert found == (survivor, "one")
    assert {message.kind for message in store.publisher.messages} == {"call"}
    unmerge(store, merge_id)
    assert match_of(store, interaction_id) == (None, "several")
    with store.engine.connect() as connection:
        query = select(interaction_candidates.c.customer_id).order_by("customer_id")
        assert connection.scalars(query).all() == sorted([survivor, loser])


def match_of(store: Store, interaction_id: int) -> tuple[int | None, str]:
    query = select(interactions.c.customer_id, interactions.c.match)
    with store.engine.connect() as connection:
        row = connection.execute(query.where(interactions.c.id == interaction_id)).one()
    return row.customer_id, row.match


def test_a_call_that_goes_on_shows_the_card_it_is_now(store: Store) -> None:
    survivor, loser = two_cards(store)
    user_id = store.add_user()
    store.save(call(), customer_id=loser, match="one")
    merge(store, survivor, loser)
    pops = [one for one in store.publisher.messages if one.kind == "screen_pop"]
    assert [one.audience.users for one in pops] == [(user_id,)]
    assert [one["id"] for one in pops[0].payload["customers"]] == [survivor]


# --- looking for them -----------------------------------------------------------------------------


def search(store: Store) -> None:
    given = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    duplicates.begin_search(user_id=None, **given)  # type: ignore[arg-type]
    duplicates.go_on(**given, publisher=store.publisher)  # type: ignore[arg-type]


def pairs(store: Store) -> list[tuple[int, int, str]]:
    with store.engine.connect() as connection:
        query = text("select a_id, b_id, state from duplicate_pairs order by a_id, b_id")
        return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


def test_the_whole_base_is_searched_by_number_and_by_name(store: Store) -> None:
    a = store.add_customer("Maria Kowalska", "+48221234567", city="Kraków")
    b = store.add_customer("Мария Ковальска", "+48221234567")
    c = store.add_customer("Kowalska Marja", city="krakow")
    store.add_customer("Piotr Zieliński", city="Kraków")
    search(store)
    assert pairs(store) == [(a, b, "open"), (a, c, "open"), (b, c, "open")]


def test_what_was_decided_is_not_asked_again(store: Store) -> None:
    a = store.add_customer("Maria Kowalska", "+48221234567")
    b = store.add_customer("Maria Kowalska", "+48221234567")
    search(store)
    given = {"user_id": None, "unit_of_work": store.unit_of_work, "clock": store.clock}
    duplicates.decide(b, a, "distinct", **given)  # type: ignore[arg-type]
    search(store)
    assert pairs(store) == [(a, b, "distinct")]


def test_what_is_alike_no_more_is_asked_no_more(store: Store) -> None:
    a = store.add_customer("Maria Kowalska", city="Kraków")
    store.add_customer("Maria Kowalska", city="Kraków")
    search(store)
    assert len(pairs(store)) == 1
    with store.unit_of_work() as uow:
        uow.history.write("customer", a, {"display_name": "Jan Nowak"}, NOW)
        uow.commit()
    search(store)
    assert pairs(store) == []


def test_somebody_alike_is_found_while_a_card_is_made(store: Store) -> None:
    from callcenter.duplicates.likeness import Likened

    a = store.add_customer("Maria Kowalska", "+48221234567")
    with store.unit_of_work() as uow:
        draft = Likened(name="Kowalska", phones=frozenset({"+48221234567"}))
        (found,) = duplicates.likely(uow, draft)
        assert (found.customer_id, found.reasons) == (a, ("phone", "name"))
        assert duplicates.likely(uow, Likened(name="Nobody", phones=frozenset({"+48"}))) == ()
