"""What customers' figures are made from, for any number of them in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, case, false, func, select

from callcenter.ports.trade import Facts
from callcenter.store.owed import OPEN_MINOR, overdue
from callcenter.store.sets import among
from callcenter.store.tables import archive_contacts, interactions, invoices, orders, visits
from callcenter.trade.figures import YEAR_DAYS, Debt, Purchases, Visits


def facts(connection: Connection, customer_ids: Sequence[int], today: date) -> dict[int, Facts]:
    bought = _purchases(connection, customer_ids)
    owed = _debts(connection, customer_ids, today)
    came = _visits(connection, customer_ids, today)
    return {
        one: Facts(
            purchases=tuple(bought.get(one, ())),
            debts=tuple(owed.get(one, ())),
            visits=came.get(one, Visits()),
        )
        for one in customer_ids
    }


def contacts(
    connection: Connection, customer_ids: Sequence[int]
) -> dict[int, tuple[datetime | None, datetime | None]]:
    """When the last contact began, and the last in which somebody spoke."""
    spoken = case((interactions.c.talk_seconds > 0, interactions.c.started_at))
    query = (
        select(interactions.c.customer_id, func.max(interactions.c.started_at), func.max(spoken))
        .where(among(connection, interactions.c.customer_id, customer_ids))
        .group_by(interactions.c.customer_id)
    )
    found = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    table = archive_contacts.c
    old = (
        select(table.customer_id, func.max(table.last_at), func.max(table.spoken_at))
        .where(among(connection, table.customer_id, customer_ids))
        .group_by(table.customer_id)
    )
    for customer_id, at, spoke in connection.execute(old):
        last, spoken = found.get(customer_id, (None, None))
        found[customer_id] = (_later(last, at), _later(spoken, spoke))
    return found


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _purchases(connection: Connection, ids: Sequence[int]) -> dict[int, list[Purchases]]:
    """Invoices stand for orders in a currency in which the customer has none."""
    day = func.coalesce(invoices.c.issued_on, invoices.c.due_on)
    of_orders = (
        select(*_sums(orders.c, orders.c.placed_on))
        .where(among(connection, orders.c.customer_id, ids), orders.c.status != "cancelled")
        .group_by(orders.c.customer_id, orders.c.currency)
    )
    of_invoices = (
        select(*_sums(invoices.c, day))
        .where(among(connection, invoices.c.customer_id, ids), invoices.c.cancelled == false())
        .group_by(invoices.c.customer_id, invoices.c.currency)
    )
    found: dict[tuple[int, str], Purchases] = {}
    for query in (of_orders, of_invoices):
        for row in connection.execute(query):
            found.setdefault((row[0], row[1]), _purchase(row))
    by_customer: dict[int, list[Purchases]] = {}
    for (customer_id, _), one in sorted(found.items()):
        by_customer.setdefault(customer_id, []).append(one)
    return by_customer


def _sums(columns: Any, day: Any) -> Iterable[Any]:
    amount = func.sum(columns.amount_minor)
    return (
        columns.customer_id,
        columns.currency,
        func.count(),
        amount,
        func.min(day),
        func.max(day),
    )


def _purchase(row: Any) -> Purchases:
    return Purchases(
        currency=row[1],
        count=row[2],
        total_minor=int(row[3]),
        first_on=row[4],
        last_on=row[5],
    )


def _debts(connection: Connection, ids: Sequence[int], today: date) -> dict[int, list[Debt]]:
    query = (
        select(
            invoices.c.customer_id,
            invoices.c.currency,
            func.sum(OPEN_MINOR),
            func.min(invoices.c.due_on),
        )
        .where(among(connection, invoices.c.customer_id, ids), *overdue(today))
        .group_by(invoices.c.customer_id, invoices.c.currency)
    )
    found: dict[int, list[Debt]] = {}
    for customer_id, currency, open_minor, since in connection.execute(query):
        debt = Debt(currency=currency, open_minor=int(open_minor), since=since)
        found.setdefault(customer_id, []).append(debt)
    return found


def _visits(connection: Connection, ids: Sequence[int], today: date) -> dict[int, Visits]:
    year_ago = datetime.combine(today - timedelta(days=YEAR_DAYS), time(), UTC)
    query = (
        select(
            visits.c.customer_id,
            func.count(),
            func.sum(case((visits.c.at >= year_ago, 1), else_=0)),
            func.max(visits.c.at),
        )
        .where(among(connection, visits.c.customer_id, ids), visits.c.cancelled == false())
        .group_by(visits.c.customer_id)
    )
    return {
        row[0]: Visits(count=row[1], within_year=int(row[2]), last_on=row[3].date())
        for row in connection.execute(query)
    }
