"""Customers as screens and routing ask for them. Every question is answered from an index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    String,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)

from callcenter.customers.customer import CustomerBrief, NumberOwners
from callcenter.customers.phone import NumberPlan
from callcenter.queries import finding
from callcenter.queries.card import card
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.routing.facts import CustomerFacts
from callcenter.store import customer_rows
from callcenter.store.owed import OPEN_MINOR
from callcenter.store.owed import overdue as overdue_invoices
from callcenter.store.tables import customers, invoices, phone_numbers

__all__ = [
    "CustomerBrief",
    "CustomerFilters",
    "briefs_by_number",
    "briefs_by_numbers",
    "card",
    "page",
    "routing_facts",
    "search",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilters:
    """None asks nothing. `text` is words of the name or organisation."""

    vip: bool | None = None
    blocked: bool | None = None
    debtor: bool | None = None
    confirmed: bool | None = None
    organization_id: int | None = None
    owner_id: int | None = None


def briefs_by_number(connection: Connection, e164: str, today: date | None = None) -> NumberOwners:
    return briefs_by_numbers(connection, [e164], today).get(e164, NumberOwners())


def briefs_by_numbers(
    connection: Connection, e164s: Iterable[str], today: date | None = None
) -> dict[str, NumberOwners]:
    return customer_rows.briefs_by_numbers(connection, e164s, today or _today())


def routing_facts(connection: Connection, e164: str, today: date) -> tuple[CustomerFacts, ...]:
    """What routing must know of whoever has this number: one read, by indexes alone."""
    return tuple(
        CustomerFacts(
            customer_id=row[0],
            vip_level=row[1],
            blocked=row[2],
            language=row[3],
            overdue_minor=int(row[4]),
        )
        for row in connection.execute(_ROUTING_FACTS, {"number": e164, "today": today})
    )


def search(  # noqa: PLR0917 (where, what, how many, when, for whom)
    connection: Connection,
    text: str,
    plan: NumberPlan,
    limit: int,
    today: date | None = None,
    viewer: Viewer = EVERYTHING,
) -> list[CustomerBrief]:
    """The best first (`queries.finding` says why each was found)."""
    found = finding.find(connection, text, plan, bounded(limit), today or _today(), viewer)
    return [one.customer for one in found]


def page(
    connection: Connection,
    filters: CustomerFilters,
    cursor: str | None,
    limit: int,
    today: date | None = None,
) -> Page[CustomerBrief]:
    """By family name, from where `cursor` ended."""
    limit, today = bounded(limit), today or _today()
    key = (customers.c.sort_name, customers.c.id)
    query = select(*key).where(*_conditions(filters, today)).order_by(*key).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(*key) > decode_cursor(cursor, str, int))
    rows = connection.execute(query).all()
    people = customer_rows.briefs(connection, [row.id for row in rows[:limit]], today)
    more = len(rows) > limit
    return Page(
        tuple(people[row.id] for row in rows[:limit] if row.id in people),
        encode_cursor(*rows[limit - 1]) if more else None,
    )


def _conditions(filters: CustomerFilters, today: date) -> list[ColumnElement[bool]]:
    """Constants are written out where a partial index must recognise its own condition."""
    columns = customers.c
    zero: ColumnElement[int] = literal_column("0")
    offered: list[tuple[bool | int | None, ColumnElement[bool], ColumnElement[bool]]] = [
        (filters.vip, columns.vip_level > zero, columns.vip_level == zero),
        (filters.blocked, columns.blocked, ~columns.blocked),
        (filters.confirmed, columns.confirmed, ~columns.confirmed),
        (filters.debtor, _owes(today), ~_owes(today)),
    ]
    conditions: list[ColumnElement[bool]] = [columns.deleted_at.is_(None)]
    conditions += [yes if asked else no for asked, yes, no in offered if asked is not None]
    if filters.organization_id is not None:
        conditions.append(columns.organization_id == filters.organization_id)
    if filters.owner_id is not None:
        conditions.append(columns.owner_id == filters.owner_id)
    return conditions


def _owes(today: date) -> ColumnElement[bool]:
    return exists().where(
        invoices.c.customer_id == customers.c.id,
        *overdue_invoices(today),
    )


def _routing_facts_query() -> Select[Any]:
    overdue = (
        select(func.coalesce(func.sum(OPEN_MINOR), 0))
        .where(
            invoices.c.customer_id == customers.c.id,
            *overdue_invoices(bindparam("today", type_=Date)),
        )
        .scalar_subquery()
    )
    return (
        select(
            customers.c.id,
            customers.c.vip_level,
            customers.c.blocked,
            customers.c.language,
            overdue,
        )
        .select_from(phone_numbers.join(customers))
        .where(
            phone_numbers.c.e164 == bindparam("number", type_=String),
            customers.c.deleted_at.is_(None),
        )
        .distinct()
        .order_by(customers.c.id)
    )


_ROUTING_FACTS = _routing_facts_query()


def _today() -> date:
    return datetime.now(UTC).date()
