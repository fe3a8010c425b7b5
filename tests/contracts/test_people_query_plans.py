"""No question about people and organisations reads a large table through, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from callcenter.queries import consents as consent_queries
from callcenter.queries import customers as queries
from callcenter.queries import files as file_queries
from callcenter.queries import first_contacts as first_queries
from callcenter.queries import organizations as organization_queries
from callcenter.queries.routing_facts import facts_of
from callcenter.rights.viewer import EVERYTHING
from callcenter.store import tables
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

_MANY = 3000
_LARGE = frozenset(
    {
        "customers",
        "organizations",
        "phone_numbers",
        "organization_phones",
        "memberships",
        "contact_points",
        "addresses",
        "customer_tags",
        "consents",
        "files",
        "custom_values",
    }
)
QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "card": lambda c: queries.card(c, 17, TODAY),
    "a switchboard": lambda c: queries.briefs_by_number(c, "+48580000017", TODAY),
    "routing of a switchboard": lambda c: facts_of(c, ["+48580000017"], NOW),
    "organisation": lambda c: organization_queries.card(c, 17, TODAY),
    "organisations": lambda c: organization_queries.page(c, "", None, 20),
    "consents": lambda c: consent_queries.of_customer(c, 17),
    "files": lambda c: file_queries.of_customer(c, 17, None, 20),
    "new callers": lambda c: first_queries.page(c, None, 20, TODAY, EVERYTHING),
}


@pytest.fixture
def filled(store: Store) -> Iterator[Connection]:
    ids = range(1, _MANY + 1)
    base = {"created_at": NOW}
    with store.engine.begin() as connection:
        rows: dict[Any, list[dict[str, Any]]] = {
            tables.organizations: [
                {"id": n, "name": f"O{n}", "sort_name": f"o{n:05}", **base} for n in ids
            ],
            tables.customers: [
                {"id": n, "display_name": f"C{n}", "sort_name": f"c{n:05}", "updated_at": NOW}
                | {"organization_id": n, "confirmed": n % 500 != 2, **base}
                for n in ids
            ],
            tables.phone_numbers: [
                {"customer_id": n, "e164": f"+4822{n:07}", "reversed_digits": f"{n}"} for n in ids
            ],
            tables.organization_phones: [
                {"organization_id": n, "e164": f"+4858{n:07}", "reversed_digits": f"{n}"}
                for n in ids
            ],
            tables.memberships: [
                {"customer_id": n, "organization_id": _MANY + 1 - n, **base} for n in ids
            ],
            tables.contact_points: [
                {"customer_id": n, "kind": "email", "value": f"{n}@x.y", "value_key": f"{n}@x.y"}
                for n in ids
            ],
            tables.addresses: [{"customer_id": n, "city": "Gdynia"} for n in ids],
            tables.tags: [{"id": 1, "name": "a", "tag_key": "a"}],
            tables.customer_tags: [{"customer_id": n, "tag_id": 1} for n in ids],
            tables.consents: [
                {"customer_id": n, "channel": "sms", "given": True, "at": NOW} for n in ids
            ],
            tables.files: [
                {"customer_id": n, "name": "f", "size": 1, "sha256": "", "stored_as": "", **base}
                for n in ids
            ],
            tables.custom_values: [{"object_id": n, "field_id": 1, "text": "lead"} for n in ids],
        }
        for table, some in rows.items():
            connection.execute(insert(table), some)
        connection.execute(text("analyze"))
    with store.engine.connect() as connection:
        yield connection


def test_no_question_about_people_reads_a_large_table_through(filled: Connection) -> None:
    guilty = {}
    for name, ask in QUESTIONS.items():
        plans = Plans(filled)
        ask(filled)
        event.remove(filled, "before_cursor_execute", plans._explain)
        assert plans.lines, name
        if plans.full_scans(_LARGE):
            guilty[name] = plans.full_scans(_LARGE)
    assert guilty == {}
