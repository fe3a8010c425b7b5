"""Records and figures of a customer, and the lists of them, are answered from indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from callcenter.queries import personal_data, routing_facts, self_service
from callcenter.queries import trade as queries
from callcenter.queries.trade import RecordFilters
from callcenter.store import figure_facts, tables
from callcenter.store.repositories.figures import FigureRepository
from callcenter.store.repositories.pins import PinRepository
from callcenter.store.repositories.trade import TradeRepository
from callcenter.trade.records import KINDS
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

_MANY = 3000
_LARGE = (
    "orders",
    "invoices",
    "payments",
    "visits",
    "customer_figures",
    "customers",
)


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    with shared_store.engine.begin() as connection:
        people = range(1, _MANY + 1)
        named = {"display_name": "A", "sort_name": "a", "created_at": NOW, "updated_at": NOW}
        connection.execute(insert(tables.customers), [{"id": n} | named for n in people])
        connection.execute(
            insert(tables.phone_numbers),
            [{"customer_id": n, "e164": f"+48{n:09d}", "reversed_digits": f"{n}"} for n in people],
        )
        money: dict[str, Any] = {"amount_minor": 5, "currency": "PLN"}
        connection.execute(
            insert(tables.orders),
            [
                {"customer_id": n, "number": f"{n}", "title": "", "status": "closed"}
                | {"placed_on": TODAY}
                | money
                for n in people
            ],
        )
        connection.execute(
            insert(tables.invoices),
            [
                {"customer_id": n, "number": f"{n}", "due_on": TODAY - timedelta(days=n % 50 - 10)}
                | {"paid_on": None if n % 20 == 0 else TODAY}
                | money
                for n in people
            ],
        )
        connection.execute(
            insert(tables.payments),
            [
                {"customer_id": n, "invoice_id": n, "number": f"{n}", "paid_on": TODAY}
                | {"created_at": NOW}
                | money
                for n in people
            ],
        )
        connection.execute(
            insert(tables.visits), [{"customer_id": n, "at": NOW, "number": f"{n}"} for n in people]
        )
        connection.execute(
            insert(tables.customer_figures),
            [
                {"customer_id": n, "abc": "ABC"[n % 3], "orders": n % 9, "lifetime_minor": n}
                | {
                    "updated_at": NOW,
                    "visits_year": int(n % 40 == 0),
                    "overdue_minor": int(n % 50 == 0),
                }
                for n in people
            ],
        )
    with shared_store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("analyze"))
    return shared_store


def _pages(connection: Connection) -> None:
    for kind in KINDS:
        queries.page(connection, kind, RecordFilters(customer_id=9), None, 50, TODAY)
        queries.page(connection, kind, RecordFilters(number="9"), None, 50, TODAY)
        queries.of_customer(connection, kind, 9, TODAY)
        TradeRepository(connection).by_number(kind, "9", "")
        queries.get(connection, kind, 9, TODAY)


def _card(connection: Connection) -> None:
    queries.figures_of(connection, 9, TODAY)
    queries.turnover_by_month(connection, 9, "PLN", TODAY)
    queries.worth(connection, 9)
    figure_facts.facts(connection, [9, 10], TODAY)
    figure_facts.contacts(connection, [9, 10])
    personal_data.jobs_of(connection, 9)


def _ring(connection: Connection) -> None:
    routing_facts.facts_of(connection, ["+48000000009"], NOW)


def _night(connection: Connection) -> None:
    FigureRepository(connection).aged(TODAY, _later(), 0, 50)
    FigureRepository(connection).classed(0, 50)


def _by_phone(connection: Connection) -> None:
    """What a caller hears of themselves, and by what they prove who they are."""
    self_service.owed(connection, 9)
    self_service.last_order(connection, 9)
    self_service.next_appointment(connection, 9, NOW)
    pins = PinRepository(connection)
    pins.customer_of("9")
    pins.of(9)
    pins.tries("+48000000009", 9, NOW)
    pins.halt(50, NOW)


def _later() -> datetime:
    return NOW + timedelta(days=1)


@pytest.mark.parametrize(
    "asked", [_pages, _card, _ring, _night, _by_phone], ids=lambda one: one.__name__
)
def test_nothing_is_read_through(filled: Store, asked: Callable[[Connection], None]) -> None:
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        asked(connection)
        assert plans.full_scans(_LARGE) == []
        assert plans.lines


def test_lists_by_a_figure_go_along_its_index(filled: Store) -> None:
    table = tables.customer_figures.c
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        for condition, order in (
            (table.abc == "A", table.customer_id),
            (table.lifetime_minor > 2900, table.lifetime_minor),
            (table.overdue_minor > 0, table.overdue_minor),
        ):
            query = select(table.customer_id).where(condition).order_by(order).limit(50)
            connection.execute(query).all()
        assert plans.full_scans(_LARGE) == []
