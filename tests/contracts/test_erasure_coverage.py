"""Whoever is erased is found in no table any more, whatever tables there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
)

from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict
from callcenter.privacy import coverage
from callcenter.services import erased, erasure, trade
from callcenter.store import tables
from callcenter.store.tables import metadata
from tests.support.store import NOW, TODAY, Store, call

NAME, NUMBER, MAIL = "Zquorna Vlaxity", "+48600100101", "zquorna@example.com"
DIGITS = NUMBER[3:]
_HELD = {*coverage.GONE, *coverage.BLANKED, *coverage.SCRUBBED, *coverage.KEPT}
_TEXTS = (String, Text)
_CODES = (
    *("account", "action", "dialed", "file", "folder", "format", "kind", "pbx", "queue", "reason"),
    *("route", "rule", "source", "turn", "wanted"),
)
"""Words of the product's or the company's own."""
# Written by the world itself, or of a shape of its own.
_BY_HAND = {
    "customer_words",
    "calls",
    "call_legs",
    "call_channels",
    "interactions",
    "customers",
    "call_journal",
}


def erase(store: Store, customer_id: int) -> erasure.Erased:
    return erasure.erase_customer(
        customer_id,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        plan_for=lambda _: NumberPlan(),
    )


def test_of_every_table_it_is_said_what_an_erasure_does() -> None:
    assert set(metadata.tables) - coverage.ALL == set()
    assert coverage.ALL - set(metadata.tables) == {"alembic_version"}


def test_no_table_that_names_a_customer_is_called_nobody_s() -> None:
    named = {
        table.name
        for table in metadata.tables.values()
        if {"customer_id", "interaction_id", "conversation_id"} & set(table.c.keys())
        or any(key.target_fullname == "customers.id" for key in table.foreign_keys)
    }
    assert named & coverage.NOBODYS == set()


def test_what_is_scrubbed_is_there() -> None:
    for table, columns in coverage.SCRUBBED.items():
        assert set(columns) <= set(metadata.tables[table].c.keys())


class World:
    """One person in every table: each text says her name, number and mail."""

    def __init__(self, store: Store) -> None:
        self.store = store
        user = store.add_user()
        self.her = store.add_customer(NAME, NUMBER, "+48586201302", remarks=NAME)
        self.merged = store.add_customer(NAME, "+48600100102")
        (interaction,) = store.save(
            call(caller_number=NUMBER, caller_name=NAME), customer_id=self.her, number=NUMBER
        ).values()
        self.ids: dict[str, int] = {
            "customers.id": self.her,
            "users.id": user,
            "interactions.id": interaction,
        }
        with store.engine.begin() as connection:
            connection.execute(
                tables.customers.update()
                .where(tables.customers.c.id == self.merged)
                .values(merged_into=self.her, deleted_at=NOW)
            )
            for table in metadata.sorted_tables:
                if table.name in _HELD - _BY_HAND - {"erased", "privacy_jobs"}:
                    self._fill(connection, table)

    def _fill(self, connection: Any, table: Table) -> None:
        row = {column.name: self._value(column) for column in table.c if self._is_set(column)}
        row |= _SPECIAL.get(table.name, {})
        row |= {name: made(self) for name, made in _OF_WORLD.get(table.name, {}).items()}
        made = connection.execute(insert(table).values(row)).inserted_primary_key
        if len(table.primary_key.columns) == 1:
            key = next(iter(table.primary_key.columns))
            self.ids[f"{table.name}.{key.name}"] = made[0]

    def _is_set(self, column: Column[Any]) -> bool:
        own = column.primary_key and column.autoincrement is not False and not column.foreign_keys
        is_id = own and not isinstance(column.type, _TEXTS)
        return not (is_id and len(column.table.primary_key.columns) == 1)

    def _value(self, column: Column[Any]) -> Any:  # noqa: PLR0911 (one for each kind of value)
        for key in column.foreign_keys:
            if key.target_fullname in self.ids:
                return self.ids[key.target_fullname]
            if column.nullable:
                return None
        allowed = _allowed(column)
        if allowed is not None:
            return allowed
        if isinstance(column.type, JSON):
            return {"told": [NAME, {"number": NUMBER, MAIL: MAIL}]}
        if isinstance(column.type, _TEXTS) or hasattr(column.type, "length"):
            return self._text(column)
        if isinstance(column.type, Boolean):
            return False
        if isinstance(column.type, LargeBinary):
            return b""
        if isinstance(column.type, Date):
            return TODAY
        if isinstance(column.type, DateTime) or column.type.__class__.__name__ == "UtcDateTime":
            return NOW
        return 1

    def _text(self, column: Column[Any]) -> str:
        length = getattr(column.type, "length", None) or 1000
        if column.name in _CODES:
            return "x"
        if column.name in ("object_type", "object"):
            return "customer"
        if column.name == "object_id":
            return str(self.her)
        return next((one for one in (f"{NAME} {NUMBER}", NAME, "x") if len(one) <= length), "x")


def _allowed(column: Column[Any]) -> str | None:
    """The first value that a check of the table lets in."""
    for constraint in column.table.constraints:
        if isinstance(constraint, CheckConstraint):
            found = re.match(rf".*\b{column.name} IN \('([^']*)'", str(constraint.sqltext))
            if found:
                return found[1]
    return None


_SPECIAL: dict[str, dict[str, Any]] = {
    "addresses": {"organization_id": None},
    "imports": {"state": "done", "stored_as": "0" * 32},
    "exports": {"state": "done", "stored_as": "1" * 32},
    "files": {"stored_as": "2" * 32},
    "orders": {"title": "Truck", "number": "1182", "source": "", "status": "closed"},
    "invoices": {"number": "FV/1", "source": "", "currency": "PLN"},
    "payments": {"number": "", "source": "", "currency": "PLN", "method": ""},
    "contact_points": {"kind": "email", "value": MAIL, "value_key": MAIL, "label": "home"},
    "chat_offers": {"answer": ""},
    "leg_quality": {"call_id": "pbx/17.1", "uniqueid": "17.1", "codec": ""},
    "recording_pauses": {"call_id": "pbx/17.1", "channel": "17.1"},
    "supervision_sessions": {"call_id": "pbx/17.1", "channel": "17.9"},
    "call_repairs": {"call_id": "pbx/17.1", "digest": "3" * 64},
    "line_messages": {"call_id": "pbx/17.1"},
    "queue_visits": {"call_id": "pbx/17.1", "queue": "q", "dialed": "", "trunk": ""},
    "survey_answers": {"call_id": "pbx/17.1"},
    "alerts": {"metric": "waiting", "subject": "q", "subject_title": "q", "why": "cleared"},
    "assessments": {"channel": "call"},
    "assessment_answers": {"question": "greeting"},
    "calibrations": {"assessor_ids": []},
    "routing_decisions": {"pbx": "pbx", "uniqueid": "17.1", "number": NUMBER, "stage": "arrival"},
    "idempotency_keys": {"key": "k", "fingerprint": "f"},
    "user_settings": {"key": "seen"},
    "phone_numbers": {"e164": NUMBER, "extension": "7", "reversed_digits": DIGITS[::-1]},
    "customer_words": {"word": "zquorna"},
    "name_words": {"word": "zquorna"},
    "duplicate_keys": {"key": f"phone {NUMBER}"},
    "mail_set_aside": {"account": "a", "folder": "f"},
    "segments": {"frozen": False, "columns": []},
    "report_views": {"report": "service_level"},
    "report_schedules": {"report": "service_level", "zone": "UTC", "words": {}},
    "webhook_deliveries": {"message_id": "m", "event": "customer.updated"},
    "organizations": {"name": "Firm", "sort_name": "firm", "website": "", "email": "", "city": ""},
    "batches": {"kind": "bulk", "state": "done"},
    "external_ids": {"object": "customers", "external_id": "V-17"},
}
_OF_WORLD: dict[str, dict[str, Any]] = {
    "duplicate_pairs": {"a_id": lambda w: w.her, "b_id": lambda w: w.merged},
    "merges": {"survivor_id": lambda w: w.her, "loser_id": lambda w: w.merged},
    "external_ids": {"object_id": lambda w: w.her},
    "custom_values": {"object_id": lambda w: w.her},
    "audit_log": {"object_id": lambda w: str(w.her)},
    "organizations": {"tax_id": lambda _: "", "region": lambda _: ""},
    "assessments": {"interaction_id": lambda w: w.ids["interactions.id"]},
}


@pytest.fixture
def world(store: Store) -> World:
    with store.engine.begin() as connection:
        field = {"object": "customer", "key": "car", "label": "Car", "kind": "text"}
        connection.execute(insert(tables.custom_fields).values(**field))
        hook = {"title": "t", "url": "https://example.com", "secret": "s", "events": []}
        connection.execute(insert(tables.webhooks).values(**hook, active=True, created_at=NOW))
        connection.execute(insert(tables.tags).values(name="t", tag_key="t"))
        outcome = {"queue": "", "label": "o", "labels": {}, "kind": "good", "requires": []}
        connection.execute(insert(tables.outcomes).values(**outcome, position=1))
        script = {"title": "s", "queue": "", "steps": [], "updated_at": NOW}
        connection.execute(insert(tables.scripts).values(**script))
        survey = {"key": "k", "title": "t", "questions": [], "queues": [], "ways": []}
        connection.execute(insert(tables.surveys).values(**survey))
        _add_score_card(connection)
    return World(store)


def _add_score_card(connection: Any) -> None:
    user = tables.users.insert().values(
        username="q", display_name="q", role="operator", password_hash="", created_at=NOW
    )
    who = connection.execute(user).inserted_primary_key[0]
    connection.execute(insert(tables.score_cards).values(title="c"))
    version = {"card_id": 1, "number": 1, "sections": [], "made_at": NOW}
    connection.execute(insert(tables.score_card_versions).values(**version))
    drawn = {"card_id": 1, "week": TODAY, "zone": "UTC", "rules": {}, "seed": "s", "made_at": NOW}
    connection.execute(insert(tables.samples).values(**drawn, made_by=who))


def _dump(store: Store) -> Iterator[tuple[str, str]]:
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                yield table.name, repr(tuple(row))


def _found(store: Store, *words: str) -> set[str]:
    return {name for name, row in _dump(store) if any(word in row for word in words)}


def test_no_word_of_the_person_is_left_in_any_table(world: World) -> None:
    store = world.store
    before = _found(store, NAME, DIGITS, MAIL)
    assert len(before) > 25
    done = erase(store, world.her)
    left = _found(store, NAME, DIGITS, MAIL, "zquorna", DIGITS[::-1])
    assert left == set(), left
    assert done.interactions >= 1
    with store.engine.connect() as connection:
        kinds = set(connection.scalars(select(tables.doomed_files.c.kind)))
        assert {"file", "import", "export"} <= kinds
        assert connection.scalar(select(tables.invoices.c.number)) == "FV/1"


def test_a_hold_keeps_everything_as_it_is(store: Store) -> None:
    her = store.add_customer(NAME, NUMBER)
    with store.unit_of_work() as uow:
        uow.privacy.set_hold(her, "Court case 12/26", NOW)
        uow.commit()
    with pytest.raises(Conflict) as refused:
        erase(store, her)
    assert "Court case 12/26" in refused.value.message
    assert NAME in "".join(row for name, row in _dump(store) if name == "customers")


def test_numbers_mails_and_ids_of_an_erased_person_are_known_again(store: Store) -> None:
    her = store.add_customer(NAME, NUMBER, email=MAIL)
    with store.engine.begin() as connection:
        point = {"kind": "email", "value": MAIL, "value_key": MAIL, "label": "home"}
        connection.execute(tables.contact_points.delete())
        connection.execute(insert(tables.contact_points).values(customer_id=her, **point))
    trade.save_record(
        "order",
        her,
        {"number": "1", "amount_minor": 5, "currency": "PLN", "placed_on": TODAY},
        user_id=None,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
    )
    erase(store, her)
    store.clock.pass_by(60)
    keys = {erased.number_key(NUMBER), erased.point_key("email", MAIL), erased.number_key("+4811")}
    with store.unit_of_work() as uow:
        assert erased.erased_keys(uow, keys) == keys - {erased.number_key("+4811")}
        assert erased.erased_keys(uow, keys, NOW) == keys - {erased.number_key("+4811")}
        assert erased.erased_keys(uow, keys, store.clock.now()) == frozenset()
