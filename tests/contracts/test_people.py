"""People and organisations as they are kept, and who may be behind a number, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from callcenter.customers.consents import Consent, ConsentDraft, current
from callcenter.customers.contacts import ContactDraft, MembershipDraft
from callcenter.customers.customer import CustomerChanges, CustomerDraft, PhoneDraft
from callcenter.customers.organization import (
    OrganizationChanges,
    OrganizationDraft,
    StoredSwitchboard,
    SwitchboardDraft,
)
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.fields.definition import Choice, FieldDraft, Money
from callcenter.queries import consents as consent_queries
from callcenter.queries import customers as queries
from callcenter.queries import desk as desk_queries
from callcenter.queries import fields as field_queries
from callcenter.queries import organizations as organization_queries
from callcenter.queries.routing_facts import facts_of
from callcenter.queries.views import CustomerCard
from callcenter.services import consents as consent_services
from callcenter.services import customers as services
from callcenter.services import fields as field_services
from callcenter.services import first_contacts, organizations
from callcenter.services import tags as tag_services
from callcenter.store import engine as store_engine
from callcenter.store import migrate
from tests.contracts.test_migrations import history
from tests.contracts.test_presence import Floor, call, floor, leg
from tests.support.store import NOW, TODAY, Store

__all__ = ["floor"]

PLAN = NumberPlan(region="PL")
RECEPTION = "+48586200000"
STRANGER = "+48601999888"


def room(store: Store, user_id: int | None = None) -> dict[str, Any]:
    return {"unit_of_work": store.unit_of_work, "clock": store.clock, "user_id": user_id}


def card(store: Store, customer_id: int) -> CustomerCard:
    with store.engine.connect() as connection:
        found = queries.card(connection, customer_id, TODAY)
    assert found is not None
    return found


def test_a_card_keeps_its_lists_and_changes_only_those_that_are_named(store: Store) -> None:
    draft = CustomerDraft(
        display_name="Anna Nowak",
        email="anna@example.org",
        contacts=(ContactDraft(kind="viber", value="+48601234567"),),
        memberships=(MembershipDraft(organization="Rada", role="Adviser"),),
        tags=("fair",),
        phones=(PhoneDraft(number="22 123 45 67", shared=True),),
    )
    one = services.create_customer(draft, plan=PLAN, **room(store))
    changes = CustomerChanges(
        fields={"email": "new@example.org", "status": "Lost"}, tags=("a", "b")
    )
    services.update_customer(one, changes, version=1, plan=PLAN, **room(store))
    found = card(store, one)
    assert (found.email, found.status, len(found.contacts)) == ("new@example.org", "lost", 2)
    assert [tag.name for tag in found.tags] == ["a", "b"]
    assert [(m.name, m.role) for m in found.memberships] == [("Rada", "Adviser")]
    assert found.phones[0].shared
    services.update_customer(
        one, CustomerChanges(fields={"email": ""}), version=2, plan=PLAN, **room(store)
    )
    assert card(store, one).email == ""


def test_every_change_of_a_list_is_one_entry_of_the_history(store: Store) -> None:
    one = services.create_customer(CustomerDraft(display_name="Anna"), plan=PLAN, **room(store))
    changes = CustomerChanges(tags=("fair",), phones=(PhoneDraft(number="601 234 567"),))
    services.update_customer(one, changes, version=1, plan=PLAN, **room(store))
    services.delete_customer(one, **room(store))
    with store.engine.connect() as connection:
        found = connection.execute(text("SELECT action FROM changes ORDER BY id")).scalars().all()
        assert queries.card(connection, one, TODAY) is None
    assert found == ["create", "update", "delete"]
    with pytest.raises(NotFound):
        services.delete_customer(one, **room(store))


def test_a_choice_that_nobody_offers_is_refused(store: Store) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_customer(
            CustomerDraft(display_name="Anna", status="golden"), plan=PLAN, **room(store)
        )
    assert refused.value.field == "status"
    lists = field_services.FieldRoom(unit_of_work=store.unit_of_work, clock=store.clock)
    with store.engine.connect() as connection:
        status = field_queries.choices(connection)["status"]
    kept = (*status.choices, Choice(key="golden", label="Golden"))
    field_services.change_field(status.id, FieldDraft(choices=kept), lists, user_id=None)
    with store.engine.connect() as connection:
        after = field_queries.choices(connection)["status"]
    assert after.choices[-1].label == "Golden"
    assert after.choices[0].labels == status.choices[0].labels
    services.create_customer(
        CustomerDraft(display_name="Anna", status="golden"), plan=PLAN, **room(store)
    )


def test_own_fields_are_kept_by_kind_and_asked_for_on_a_new_card(store: Store) -> None:
    lists = field_services.FieldRoom(unit_of_work=store.unit_of_work, clock=store.clock)
    limit = FieldDraft(label="Limit", kind="money", currency="PLN", required=True)
    field_id = field_services.add_field(limit, lists, user_id=None)
    with pytest.raises(Conflict):
        field_services.add_field(limit, lists, user_id=None)
    with pytest.raises(Invalid) as missing:
        services.create_customer(CustomerDraft(display_name="Anna"), plan=PLAN, **room(store))
    assert missing.value.field == "custom.limit"
    draft = CustomerDraft(display_name="Anna", custom={"limit": "1 240,50"})
    one = services.create_customer(draft, plan=PLAN, **room(store))
    assert card(store, one).custom == {"limit": Money(minor=124050, currency="PLN")}
    field_services.set_active(field_id, False, lists, user_id=None)
    assert card(store, one).custom == {}
    field_services.set_active(field_id, True, lists, user_id=None)
    assert card(store, one).custom == {"limit": Money(minor=124050, currency="PLN")}


def test_an_operator_sets_no_owner_and_deletes_nobody(store: Store) -> None:
    operator = store.add_user()
    one = store.add_customer("Anna")
    with pytest.raises(Forbidden):
        services.update_customer(
            one,
            CustomerChanges(fields={"owner_id": operator}),
            version=1,
            plan=PLAN,
            **room(store, operator),
        )
    with pytest.raises(Forbidden):
        services.delete_customer(one, **room(store, operator))


@pytest.fixture
def port(store: Store) -> int:
    made = organizations.create_organization(
        OrganizationDraft(name="Port", phones=(SwitchboardDraft(number="58 620 00 00"),)),
        plan=PLAN,
        **room(store),
    )
    store.add_customer("Ewa", firm="Port")
    services.create_customer(
        CustomerDraft(display_name="Jan", memberships=(MembershipDraft(organization="PORT"),)),
        plan=PLAN,
        **room(store),
    )
    return made


def test_a_switchboard_offers_its_people_and_takes_nobody(store: Store, port: int) -> None:
    with store.engine.connect() as connection:
        found = queries.briefs_by_number(connection, RECEPTION, TODAY)
        routing = facts_of(connection, [RECEPTION], NOW)[RECEPTION].customers
    assert [one.display_name for one in found] == ["Ewa", "Jan"]
    assert (found.shared, found.organization) == (True, "Port")
    assert len(routing) == 2
    assert all(one.shared for one in routing)
    organizations.delete_organization(port, **room(store))
    with store.engine.connect() as connection:
        assert not queries.briefs_by_number(connection, RECEPTION, TODAY)
        assert organization_queries.card(connection, port, TODAY) is None


def test_people_are_found_by_the_new_name_of_their_organisation(store: Store, port: int) -> None:
    changes = OrganizationChanges(fields={"name": "Zarząd Morski"})
    organizations.update_organization(port, changes, version=1, plan=PLAN, **room(store))
    with store.engine.connect() as connection:
        found = queries.search(connection, "zarzad", PLAN, 10, TODAY)
        assert {one.display_name for one in found} == {"Ewa", "Jan"}
    with pytest.raises(Conflict):
        organizations.update_organization(port, changes, version=1, plan=PLAN, **room(store))


def test_the_latest_word_on_a_channel_counts(store: Store) -> None:
    one = store.add_customer("Anna")
    for given, day in ((True, 3), (False, 5), (True, 4)):
        draft = ConsentDraft(
            channel="sms", given=given, source="form", at=datetime(2026, 1, day, tzinfo=UTC)
        )
        consent_services.add_consent(one, draft, **room(store))
    with store.engine.connect() as connection:
        told = consent_queries.of_customer(connection, one)
    assert len(told) == 3
    assert isinstance(told[0], Consent)
    assert not current(told)["sms"].given
    with pytest.raises(Invalid):
        consent_services.add_consent(
            one,
            ConsentDraft(channel="sms", given=True, source="x", at=NOW + timedelta(days=2)),
            **room(store),
        )


def test_two_tags_never_have_one_name(store: Store) -> None:
    first = tag_services.add_tag("Fair", "green", **room(store))
    assert tag_services.add_tag("FAIR", "green", **room(store)) == first
    other = tag_services.add_tag("Spring", "", **room(store))
    with pytest.raises(Conflict):
        tag_services.change_tag(other, "fair", "", **room(store))


# --- somebody new calls ---------------------------------------------------------------------------


def strangers(floor: Floor) -> list[Any]:
    return floor.rows(
        "SELECT c.id, c.display_name, p.e164, i.match FROM customers c JOIN phone_numbers p ON "
        "p.customer_id = c.id JOIN interactions i ON i.customer_id = c.id WHERE NOT c.confirmed"
    )


def test_a_stranger_who_was_spoken_with_becomes_a_card_once(floor: Floor) -> None:
    over = replace(
        call(leg("1001", 5, 10, 60), over=60),
        caller_number=STRANGER,
        caller_name="Jan \u202eŻak",
        result="answered",
    )
    floor.tell(replace(over, live=True, ended_at=None))
    assert strangers(floor) == []
    floor.pass_by(61)
    floor.tell(over)
    floor.tell(over)
    (one,) = strangers(floor)
    assert (one.display_name, one.e164, one.match) == ("Jan Żak", STRANGER, "one")
    assert floor.rows("SELECT actor, action FROM changes") == [("call", "create")]
    again = replace(over, id="pbx1/2", uniqueids=("pbx1/2",))
    floor.tell(again)
    assert {row.id for row in strangers(floor)} == {one.id}


@pytest.mark.parametrize(
    "changes",
    [
        {"caller_number": ""},
        {"caller_number": "anonymous"},
        {"caller_number": "105", "direction": "internal"},
        {"direction": "outbound", "dialed": STRANGER},
        {"result": "missed"},
        {"started_at": NOW - timedelta(days=900), "ended_at": NOW - timedelta(days=900)},
    ],
)
def test_no_card_begins_without_a_stranger_to_speak_with(
    floor: Floor, changes: dict[str, Any]
) -> None:
    over = replace(call(leg("1001", 5, 10, 60), over=60), caller_number=STRANGER, result="answered")
    floor.pass_by(61)
    floor.tell(replace(over, **changes))
    assert floor.rows("SELECT id FROM customers") == []


def test_a_batch_without_strangers_asks_the_database_nothing(floor: Floor) -> None:
    asked: list[str] = []
    with floor.unit_of_work() as uow:
        event.listen(
            uow.connection, "before_cursor_execute", lambda _c, _u, sql, *_rest: asked.append(sql)
        )
        written = type("Written", (), {"records": {}, "identified": {}})()
        assert first_contacts.follow_calls(uow, written, floor.clock) == []
    assert asked == []


def test_a_pop_from_a_switchboard_names_the_organisation_and_takes_nobody(floor: Floor) -> None:
    with floor.unit_of_work() as uow:
        port = uow.organizations.add(OrganizationDraft(name="Port"), NOW)
        uow.organizations.replace_phones(port, [StoredSwitchboard(e164=RECEPTION)])
        ewa = uow.customers.add(CustomerDraft(display_name="Ewa"), (), port, NOW)
        uow.commit()
    ringing = replace(call(leg("1001", 5)), caller_number=RECEPTION)
    floor.tell(ringing)
    (pop,) = [one.payload for one in floor.publisher.messages if one.kind == "screen_pop"]
    assert (pop["match"], pop["organization"]) == ("several", "Port")
    assert [one["id"] for one in pop["customers"]] == [ewa]
    with floor.engine.connect() as connection:
        snapshot = desk_queries.snapshot(connection, floor.users["1001"], TODAY)
    assert [one.payload() for one in snapshot.pops] == [pop]


# --- the way here ---------------------------------------------------------------------------------

_BEFORE = (
    "env.py",
    "versions/0001_initial.py",
    "versions/0002_ledger.py",
    "versions/0003_desk.py",
)


def test_mail_addresses_of_old_are_contact_points_now(
    empty_database_url: str, tmp_path: Path
) -> None:
    migrate.upgrade(empty_database_url, migrations=history(tmp_path, *_BEFORE))
    engine = store_engine.create(empty_database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO customers (display_name, email, created_at, updated_at, sort_name) "
                "VALUES ('Anna', 'Anna@Example.org', :now, :now, 'anna'), "
                "('Jan', '', :now, :now, 'jan')"
            ),
            {"now": "2026-03-02 09:00:00.000000"},
        )
    migrate.upgrade(empty_database_url)
    with engine.connect() as connection:
        query = "SELECT customer_id, kind, value, value_key, is_primary FROM contact_points"
        assert connection.execute(text(query)).all() == [
            (1, "email", "Anna@Example.org", "anna@example.org", True)
        ]
        choices = field_queries.choices(connection)
        assert [one.key for one in choices["status"].choices][:2] == ["lead", "active"]
    engine.dispose()
