"""What a caller waits for before they are asked for their PIN is answered from indexes, however
many tries a month had."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from callcenter.store import tables
from callcenter.store.repositories.pins import PinRepository
from tests.support.plans import Plans
from tests.support.store import NOW, Store

_MANY = 3000


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    """A month of tries, a tenth of them wrong, and a long audit log."""
    people = range(1, 101)
    named = {"sort_name": "a", "created_at": NOW, "updated_at": NOW}
    with shared_store.engine.begin() as connection:
        customers = [{"id": n, "display_name": "A"} | named for n in people]
        connection.execute(insert(tables.customers), customers)
        pins = [{"customer_id": n, "digest": "x", "set_at": NOW - timedelta(90)} for n in people]
        connection.execute(insert(tables.caller_pins), pins)
        tries = [
            {"number": f"+4860000{n % 100:04}", "customer_id": n % 100 + 1, "ok": n % 10 > 0}
            | {"at": NOW - timedelta(minutes=14 * n)}
            for n in range(_MANY)
        ]
        connection.execute(insert(tables.identifications), tries[::-1])
        done = {"user_id": None, "action": "customer_changed", "object_type": "customer"}
        audit = [
            done | {"object_id": f"{n}", "detail": {}, "at": NOW - timedelta(minutes=10 * n)}
            for n in range(_MANY)
        ]
        connection.execute(insert(tables.audit_log), audit[::-1])
        connection.execute(text("ANALYZE"))
    return shared_store


def test_tries_of_a_month_are_not_read_through(filled: Store) -> None:
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        pins = PinRepository(connection)
        found = pins.tries("+48600000009", 10, NOW)
        pins.tries("+48600000009", None, NOW)
        pins.halt(50, NOW)
        assert found.proven
        assert plans.full_scans(["identifications", "audit_log"]) == []
        assert plans.lines
