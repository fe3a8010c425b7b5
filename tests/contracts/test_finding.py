"""Customers are found in spite of spelling, by whatever is known of them, the best first, and the
search says why. Every look-up is along an index.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from callcenter.customers.phone import NumberPlan
from callcenter.queries import finding, word_search
from callcenter.rights.objects import Access, Object
from callcenter.rights.policy import BUILTIN
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import tables, word_index
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

PLAN = NumberPlan(region="PL")
PEOPLE = {
    "Jan Kowalski": "+48221000001",
    "Пётр Ковальский": "+79160000001",
    "Anna Wiśniewska": "+48221000003",
    "Вячеслав Щербаков": "+79160000004",
    "Maria Nowak": "+48501234567",
}


def found(
    store: Store, typed: str, limit: int = 10, viewer: Viewer = EVERYTHING
) -> list[tuple[str, str, str]]:
    with store.engine.connect() as connection:
        return [
            (one.customer.display_name, one.why.kind, one.why.text)
            for one in finding.find(connection, typed, PLAN, limit, TODAY, viewer)
        ]


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    ids = {name: store.add_customer(name, number) for name, number in PEOPLE.items()}
    ids["Ewa Zając"] = store.add_customer("Ewa Zając", firm="Kowalski & Synowie")
    return ids


def test_names_are_found_in_any_alphabet_and_with_errors(
    store: Store, people: dict[str, int]
) -> None:
    for typed, expected in (
        ("kowalski", [("Jan Kowalski", "name"), ("Пётр Ковальский", "spelling")]),
        ("Ковальский", [("Пётр Ковальский", "name"), ("Jan Kowalski", "spelling")]),
        ("piotr kovalsky", [("Пётр Ковальский", "spelling")]),
        ("shcherbakov", [("Вячеслав Щербаков", "spelling")]),
        ("kowlaski jan", [("Jan Kowalski", "typo")]),
        ("wisniewksa", [("Anna Wiśniewska", "typo")]),
        ("noawk", [("Maria Nowak", "typo")]),
        ("4567", [("Maria Nowak", "number")]),
        ("501 234", [("Maria Nowak", "number")]),
    ):
        names = [(name, why) for name, why, _text in found(store, typed)]
        assert names[: len(expected)] == expected, typed
    assert found(store, "xyzzy") == []


def test_who_works_there_comes_after_who_is_called_so(store: Store, people: dict[str, int]) -> None:
    whole = found(store, "kowalski")
    assert whole[-1] == ("Ewa Zając", "organization", "Kowalski & Synowie")


def test_papers_mails_and_messengers_lead_to_their_customer(
    store: Store, people: dict[str, int]
) -> None:
    anna, maria = people["Anna Wiśniewska"], people["Maria Nowak"]
    with store.engine.begin() as connection:
        connection.execute(
            insert(tables.contact_points),
            [
                {"customer_id": anna, "kind": "email", "value": "Anna.W@Example.pl"}
                | {"value_key": "anna.w@example.pl"},
                {"customer_id": maria, "kind": "telegram", "value": "@mnowak"}
                | {"value_key": "mnowak"},
            ],
        )
        connection.execute(
            insert(tables.invoices).values(
                customer_id=maria,
                number="FV/2026/551",
                amount_minor=100,
                currency="PLN",
                due_on=TODAY,
            )
        )
        connection.execute(
            insert(tables.orders).values(
                customer_id=anna,
                number="ZAM-77",
                title="Truck",
                amount_minor=1,
                currency="PLN",
                status="open",
                placed_on=TODAY,
            )
        )
        connection.execute(
            text("UPDATE organizations SET tax_id = '5261040828' WHERE name LIKE 'Kowalski%'")
        )
    for typed, expected in (
        ("anna.w@", ("Anna Wiśniewska", "email", "Anna.W@Example.pl")),
        ("ANNA.W@example.PL", ("Anna Wiśniewska", "email", "Anna.W@Example.pl")),
        ("@mnow", ("Maria Nowak", "messenger", "@mnowak")),
        ("fv/2026/551", ("Maria Nowak", "invoice", "FV/2026/551")),
        ("FV/2026", ("Maria Nowak", "invoice", "FV/2026/551")),
        ("zam-77", ("Anna Wiśniewska", "order", "ZAM-77")),
        ("526-104-08-28", ("Ewa Zając", "tax_id", "5261040828")),
    ):
        assert found(store, typed)[0] == expected, typed


def test_nobody_is_found_by_what_the_searcher_may_not_see(
    store: Store, people: dict[str, int]
) -> None:
    maria = people["Maria Nowak"]
    with store.engine.begin() as connection:
        connection.execute(
            insert(tables.invoices).values(
                customer_id=maria, number="FV/1", amount_minor=1, currency="PLN", due_on=TODAY
            )
        )
        connection.execute(
            text("UPDATE organizations SET tax_id = '5261040828' WHERE name LIKE 'Kowalski%'")
        )
    assert found(store, "FV/1")[0][0] == "Maria Nowak"
    assert found(store, "5261040828")[0][0] == "Ewa Zając"
    base = BUILTIN["operator"]
    masks: dict[tuple[Object, str], Access] = {
        ("customer", "phones"): "masked",
        ("organization", "tax_id"): "masked",
    }
    policy = replace(
        base,
        scopes={**base.scopes, ("account", "read"): "none"},
        fields={**base.fields, **masks},
    )
    viewer = Viewer(1, "masked", "operator", frozenset({1}), policy)
    for typed in ("FV/1", "5261040828", "4567", "501 234"):
        assert found(store, typed, viewer=viewer) == [], typed
    assert found(store, "501 234 567", viewer=viewer)[0][0] == "Maria Nowak"


def test_the_companys_own_fields_of_text_are_searched(store: Store, people: dict[str, int]) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            insert(tables.custom_fields).values(
                id=900, object="customer", key="contract", label="Contract", kind="text"
            )
        )
        connection.execute(
            insert(tables.custom_values).values(
                object_id=people["Maria Nowak"], field_id=900, text="UM-2024-17"
            )
        )
    assert found(store, "um-2024") == [("Maria Nowak", "field", "UM-2024-17")]


def test_nobody_is_found_whom_somebody_deleted(store: Store, people: dict[str, int]) -> None:
    with store.engine.begin() as connection:
        connection.execute(tables.customers.update().values(deleted_at=NOW - timedelta(days=1)))
    assert found(store, "kowalski") == found(store, "501 234 567") == found(store, "kowlaski") == []


_LARGE = (
    "customers",
    "phone_numbers",
    "customer_words",
    "name_words",
    "name_variants",
    "contact_points",
    "invoices",
)


def test_common_words_that_few_share_are_met_with_room_for_both(
    store: Store, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it PostgreSQL went through all who have the one for each who has the other."""
    monkeypatch.setattr(word_search, "_RARE", 0)
    monkeypatch.setattr(word_search, "_MANY", 1)
    with store.engine.connect() as connection:
        wanted = word_search.wanted_words("wisn ann")
        assert word_search.customer_ids(connection, wanted, []) == [people["Anna Wiśniewska"]]
        if connection.dialect.name == "postgresql":
            assert connection.scalar(text("SHOW work_mem")) == "128MB"


def test_no_search_reads_a_large_table_through(store: Store) -> None:
    names = [
        f"{first}{n % 37} {family}{n}" for n in range(1500) for first, family in [("Ann", "Kowal")]
    ]
    names += [f"Jan{n}ski Wiśniew{n}" for n in range(1500)]
    with store.engine.begin() as connection:
        connection.execute(
            insert(tables.customers),
            [
                {"id": n, "display_name": name, "sort_name": name, "created_at": NOW}
                | {"updated_at": NOW}
                for n, name in enumerate(names, start=1)
            ],
        )
        connection.execute(
            insert(tables.phone_numbers),
            [
                {"customer_id": n, "e164": f"+4822{n:07d}"}
                | {"reversed_digits": f"4822{n:07d}"[::-1]}
                for n in range(1, len(names) + 1)
            ],
        )
        connection.execute(
            insert(tables.contact_points),
            [
                {"customer_id": n, "kind": "email", "value": f"p{n}@example.org"}
                | {"value_key": f"p{n}@example.org"}
                for n in range(1, len(names) + 1)
            ],
        )
        connection.execute(
            insert(tables.invoices),
            [
                {"customer_id": n, "number": f"FV/{n}", "amount_minor": 1, "currency": "PLN"}
                | {"due_on": TODAY}
                for n in range(1, len(names) + 1)
            ],
        )
        word_index.add_words(connection, {n: [name] for n, name in enumerate(names, start=1)})
        connection.execute(text("analyze"))
    guilty = {}
    for typed in ("k", "kow", "kowal1", "ann kowal7", "wisniew12 jan", "kwoal77", "ковал3",
                  "22000", "+48 22 000 01 23", "0123", "FV/12", "p12@ex", "jan12sky"):  # fmt: skip
        with store.engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # so few rows are read through for less
                connection.execute(text("set local enable_seqscan = off"))
            plans = Plans(connection)
            finding.find(connection, typed, PLAN, 10, TODAY)
            assert plans.lines
            if scans := plans.full_scans(_LARGE):
                guilty[typed] = scans
    assert guilty == {}
