"""Customers: kept, found in any spelling, changed by one person at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.customers.customer import CustomerChanges, CustomerDraft, PhoneDraft
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.queries import customers as queries
from callcenter.queries import desk as desk_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import organizations
from callcenter.queries.routing_facts import facts_of
from callcenter.services import customers as services
from callcenter.trade.records import Invoice
from tests.support.customer_pages import customers_with
from tests.support.store import NOW, TODAY, Store, call

PLAN = NumberPlan(region="PL")


def found(store: Store, text: str) -> list[str]:
    with store.engine.connect() as connection:
        return [one.display_name for one in queries.search(connection, text, PLAN, 10, TODAY)]


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    return {
        name: store.add_customer(name, *numbers, firm=firm)
        for name, numbers, firm in (
            ("Żaneta Łącka", ["+48221234567"], "Nowak Logistics"),
            ("Алёна Йовович", ["+79161234567"], ""),
            ("Liam O'Connor", ["+442079460018", "+48501234567"], ""),
            ("Jan Nowak", ["+48221234567"], "Tartak"),
        )
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("żaneta", "Żaneta Łącka"),
        ("ZANETA LACKA", "Żaneta Łącka"),
        ("łąck żan", "Żaneta Łącka"),
        ("АЛЕНА", "Алёна Йовович"),
        ("йов", "Алёна Йовович"),
        ("o'conn", "Liam O'Connor"),
        ("logistics", "Żaneta Łącka"),
        ("501 234 567", "Liam O'Connor"),
        ("0048 501-234-567", "Liam O'Connor"),
        ("+7 (916) 123", "Алёна Йовович"),
        ("4567 ", "Алёна Йовович"),
        ("020 7946", ""),
        ("79460018", "Liam O'Connor"),
        ("%", ""),
        ("_aneta", "Żaneta Łącka"),
        ("' or 1=1", ""),
    ],
)
def test_a_customer_is_found_by_names_in_any_case_and_numbers_in_any_spelling(
    store: Store, people: dict[str, int], text: str, expected: str
) -> None:
    names = found(store, text)
    assert expected in names if expected else names == []


def test_whoever_has_exactly_the_number_comes_first_and_all_of_them(
    store: Store, people: dict[str, int]
) -> None:
    store.add_customer("Zofia", "+48221234568")
    assert set(found(store, "22 123 45 67")[:2]) == {"Jan Nowak", "Żaneta Łącka"}


def test_only_e164_equals_e164(store: Store, people: dict[str, int]) -> None:
    with store.engine.connect() as connection:
        both = queries.briefs_by_number(connection, "+48221234567", TODAY)
        none = queries.briefs_by_number(connection, "+49221234567", TODAY)
    assert [one.display_name for one in both] == ["Jan Nowak", "Żaneta Łącka"]
    assert none == ()


def test_pages_show_everyone_once_though_others_are_added_meanwhile(store: Store) -> None:
    for number in range(7):
        store.add_customer(f"Customer {number}")
    seen: list[str] = []
    cursor = None
    for _ in range(10):
        with store.engine.connect() as connection:
            page = customers_with(connection, cursor=cursor, limit=3)
        seen += [one.display_name for one in page.items]
        store.add_customer("A newcomer who sorts before all")
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"Customer {number}" for number in range(7)]


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyJhIl0", "bnVsbA", "\x00", "W251bGwsMV0"])
def test_a_cursor_that_we_did_not_give_out_is_refused(store: Store, cursor: str) -> None:
    with store.engine.connect() as connection:
        if cursor:
            with pytest.raises(Invalid):
                customers_with(connection, cursor=cursor, limit=3)
        else:
            assert customers_with(connection, cursor=cursor, limit=3).items == ()


def test_filters_narrow_the_list(store: Store) -> None:
    store.add_customer("Plain")
    store.add_customer("Vip", vip_level=2)
    store.add_customer("Blocked", blocked=True)
    debtor = store.add_customer("Debtor")
    owe(store, debtor, days_overdue=3)
    for flags, expected in (
        (("vip",), ["Vip"]),
        (("blocked",), ["Blocked"]),
        (("debtor",), ["Debtor"]),
        (("!vip", "!blocked", "!debtor"), ["Plain"]),
        (("!confirmed",), []),
    ):
        with store.engine.connect() as connection:
            page = customers_with(connection, *flags, limit=10)
        assert [one.display_name for one in page.items] == expected


def owe(store: Store, customer_id: int, *, days_overdue: int, paid: bool = False) -> None:
    due = TODAY - timedelta(days=days_overdue)
    invoice = Invoice(
        number=f"FV/{customer_id}/{days_overdue}",
        amount_minor=12_300,
        currency="PLN",
        due_on=due,
        paid_on=TODAY if paid else None,
    )
    with store.unit_of_work() as uow:
        uow.trade.add(customer_id, [], [invoice])
        uow.commit()


def test_a_debt_counts_from_the_day_after_it_was_due_until_it_is_paid(store: Store) -> None:
    customer_id = store.add_customer("Debtor", "+48221234567", vip_level=1, language="pl")
    owe(store, customer_id, days_overdue=0)
    owe(store, customer_id, days_overdue=9, paid=True)
    owe(store, customer_id, days_overdue=2)
    with store.engine.connect() as connection:
        facts = facts_of(connection, ["+48221234567"], NOW)["+48221234567"].customers[0]
        card = queries.card(connection, customer_id, TODAY)
    assert (facts.overdue_minor, facts.vip_level, facts.is_debtor) == (12_300, 1, True)
    assert card is not None
    assert [one.overdue_days for one in card.unpaid_invoices] == [2, 0]
    assert (card.brief.overdue_minor, card.brief.currency) == (12_300, "PLN")


def test_a_card_shows_its_people_numbers_and_history(store: Store) -> None:
    author = store.add_user()
    anna = store.add_customer("Anna", "+48221234567", firm="Nowak")
    store.add_customer("Piotr", firm="NOWAK")
    ids = store.save(call(), customer_id=anna, match="one", operator_id=author)
    with store.unit_of_work() as uow:
        uow.notes.save(author_id=author, text="call", at=NOW, interaction_id=ids["pbx/17.1"])
        uow.notes.save(author_id=author, text="card", at=NOW, customer_id=anna)
        uow.commit()
    with store.engine.connect() as connection:
        card = queries.card(connection, anna, TODAY)
        assert queries.card(connection, 999, TODAY) is None
        (firm,) = organizations.page(connection, "now", None, 10).items
    assert card is not None
    assert card.organization == firm
    assert firm.people == 2
    assert [one.display_name for one in card.colleagues] == ["Piotr"]
    assert [phone.e164 for phone in card.phones] == ["+48221234567"]
    assert [note.text for note in card.interactions[0].notes] == ["call"]
    assert card.interactions[0].operator is not None


# --- use cases ------------------------------------------------------------------------------------


def create(store: Store, **fields: object) -> int:
    return services.create_customer(
        CustomerDraft(**fields),  # type: ignore[arg-type]
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        plan=PLAN,
        user_id=None,
    )


def change(store: Store, customer_id: int, changes: CustomerChanges, version: int) -> int:
    return services.update_customer(
        customer_id,
        changes,
        version=version,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        plan=PLAN,
        user_id=None,
    )


def test_numbers_are_normalised_when_written_and_kept_once(store: Store) -> None:
    phones = ("22 123 45 67", "+48 22 123 45 67", "501 234 567 wew. 3")
    customer_id = create(
        store, display_name="Anna", phones=tuple(PhoneDraft(number=one) for one in phones)
    )
    with store.engine.connect() as connection:
        card = queries.card(connection, customer_id, TODAY)
    assert card is not None
    kept = [(one.e164, one.extension, one.is_primary) for one in card.phones]
    assert kept == [("+48221234567", "", True), ("+48501234567", "3", False)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "display_name"),
        ({"display_name": "x" * 161}, "display_name"),
        ({"display_name": "A", "email": "nobody"}, "email"),
        ({"display_name": "A", "vip_level": 4}, "vip_level"),
        ({"display_name": "A", "owner_id": 77}, "owner_id"),
        ({"display_name": "A", "phones": (PhoneDraft(number="12"),)}, "phones.0.number"),
    ],
)
def test_a_field_that_is_wrong_is_named(
    store: Store, fields: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create(store, **fields)
    assert refused.value.field == field


def test_the_second_of_two_who_change_a_card_is_told(store: Store) -> None:
    customer_id = create(store, display_name="Anna")
    assert change(store, customer_id, CustomerChanges(fields={"city": "Kraków"}), 1) == 2
    with pytest.raises(Conflict):
        change(store, customer_id, CustomerChanges(fields={"city": "Łódź"}), 1)
    with pytest.raises(NotFound):
        change(store, 999, CustomerChanges(fields={"city": "Łódź"}), 1)


def test_a_renamed_customer_is_found_by_the_new_name_only(store: Store) -> None:
    customer_id = create(store, display_name="Anna Nowak", organization="Tartak")
    change(
        store, customer_id, CustomerChanges(fields={"display_name": "Ewa", "organization": ""}), 1
    )
    assert found(store, "ewa") == ["Ewa"]
    assert found(store, "anna") == found(store, "tartak") == []


def test_a_new_card_from_a_call_has_its_number_and_replaces_the_pop(store: Store) -> None:
    user_id = store.add_user()
    ids = store.save(call())
    customer_id = services.create_customer_from_call(
        ids["pbx/17.1"],
        CustomerDraft(display_name="Nowa Klientka"),
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
        plan=PLAN,
        user_id=user_id,
    )
    with store.engine.connect() as connection:
        (brief,) = queries.briefs_by_number(connection, "+48221234567", TODAY)
        timeline = interaction_queries.timeline(connection, customer_id, None, 10, TODAY)
        desk = desk_queries.snapshot(connection, user_id, TODAY)
    assert brief.id == customer_id
    assert [one.id for one in timeline.items] == [ids["pbx/17.1"]]
    call_message, pop = store.publisher.messages
    assert pop.payload["match"] == "chosen"
    assert pop.audience.users == (user_id,)
    assert pop.payload == desk.pops[0].payload()
    assert call_message.payload["call"] == desk.calls[0].payload()


def test_saying_whose_a_call_was_after_it_ended_disturbs_no_screen(store: Store) -> None:
    user_id = store.add_user()
    anna = store.add_customer("Anna")
    ids = store.save(call(live=False))
    link = {
        "unit_of_work": store.unit_of_work,
        "publisher": store.publisher,
        "clock": store.clock,
        "user_id": user_id,
    }
    services.link_interaction(ids["pbx/17.1"], anna, **link)  # type: ignore[arg-type]
    assert store.publisher.messages == []
    with pytest.raises(NotFound):
        services.link_interaction(ids["pbx/17.1"], 999, **link)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.link_interaction(999, anna, **link)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value"), [("blocked", True), ("vip_level", 3), ("block_reason", "x")]
)
def test_an_operator_cannot_set_how_a_caller_is_treated(
    store: Store, field: str, value: object
) -> None:
    operator, customer = store.add_user(), store.add_customer("Jan Nowak", "+48221234567")
    common = {
        "unit_of_work": store.unit_of_work,
        "clock": store.clock,
        "plan": PLAN,
        "user_id": operator,
    }
    changes = CustomerChanges(fields={field: value})
    with pytest.raises(Forbidden):
        services.update_customer(customer, changes, version=1, **common)  # type: ignore[arg-type]
    draft = CustomerDraft(display_name="New", **{field: value})  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        services.create_customer(draft, **common)  # type: ignore[arg-type]


def test_an_operator_cannot_take_a_colleagues_contact_to_another_card(store: Store) -> None:
    colleague, operator = store.add_user(), store.add_user("piotr", "1002")
    customer = store.add_customer("Jan Nowak", "+48221234567")
    (interaction_id,) = store.save(call(), operator_id=colleague).values()
    link = {
        "unit_of_work": store.unit_of_work,
        "publisher": store.publisher,
        "clock": store.clock,
    }
    with pytest.raises(Forbidden):
        services.link_interaction(interaction_id, customer, user_id=operator, **link)  # type: ignore[arg-type]
    services.link_interaction(interaction_id, customer, user_id=colleague, **link)  # type: ignore[arg-type]
