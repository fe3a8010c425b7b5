"""Customers as screens and routing ask for them. Every question is answered from an index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Select,
    String,
    Subquery,
    bindparam,
    func,
    select,
    true,
    union_all,
)

from callcenter.customers.customer import CustomerBrief, NumberOwners
from callcenter.customers.organization import MOST_BEHIND
from callcenter.customers.phone import NumberPlan
from callcenter.queries import finding
from callcenter.queries.card import card
from callcenter.queries.paging import bounded
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.routing.facts import CustomerFacts
from callcenter.store import customer_rows
from callcenter.store.owed import OPEN_MINOR
from callcenter.store.owed import overdue as overdue_invoices
from callcenter.store.tables import (
    customer_figures,
    customers,
    invoices,
    memberships,
    organization_phones,
    phone_numbers,
)

__all__ = [
    "CustomerBrief",
    "briefs_by_number",
    "briefs_by_numbers",
    "card",
    "routing_facts",
    "search",
]


def briefs_by_number(connection: Connection, e164: str, today: date | None = None) -> NumberOwners:
    return briefs_by_numbers(connection, [e164], today).get(e164, NumberOwners())


def briefs_by_numbers(
    connection: Connection, e164s: Iterable[str], today: date | None = None
) -> dict[str, NumberOwners]:
    return customer_rows.briefs_by_numbers(connection, e164s, today or _today())


def routing_facts(connection: Connection, e164: str, today: date) -> tuple[CustomerFacts, ...]:
    """What routing must know of whoever has this number: one read, by indexes alone."""
    rows = connection.execute(_ROUTING_FACTS, {"number": e164, "today": today}).all()
    shared = any(row.shared for row in rows)
    return tuple(
        CustomerFacts(
            customer_id=row.id,
            vip_level=row.vip_level,
            blocked=row.blocked,
            language=row.language,
            overdue_minor=int(row.overdue),
            shared=shared,
            **_worth(row, today),
        )
        for row in {row.id: row for row in rows}.values()
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


_WORTH = ("overdue_since", "lifetime_minor", "currency", "abc", "rfm_r", "rfm_f", "rfm_m")


def _routing_facts_query() -> Select[Any]:
    overdue = (
        select(func.coalesce(func.sum(OPEN_MINOR), 0))
        .where(
            invoices.c.customer_id == customers.c.id,
            *overdue_invoices(bindparam("today", type_=Date)),
        )
        .scalar_subquery()
    )
    owners = _owners()
    return (
        select(
            customers.c.id,
            customers.c.vip_level,
            customers.c.blocked,
            customers.c.language,
            overdue.label("overdue"),
            owners.c.shared,
            *(customer_figures.c[name] for name in _WORTH),
        )
        .select_from(
            owners.join(customers, customers.c.id == owners.c.customer_id).outerjoin(
                customer_figures, customer_figures.c.customer_id == customers.c.id
            )
        )
        .where(customers.c.deleted_at.is_(None))
        .order_by(customers.c.id)
    )


def _worth(row: Any, today: date) -> dict[str, Any]:
    """What is overdue since today only has no date yet, and is one day old."""
    since = row.overdue_since or today
    return {
        "overdue_days": max(1, (today - since).days) if row.overdue else 0,
        "lifetime_minor": row.lifetime_minor or 0,
        "currency": row.currency or "",
        "abc": row.abc or "",
        "rfm": f"{row.rfm_r}{row.rfm_f}{row.rfm_m}" if row.rfm_r else "",
    }


def _owners() -> Subquery:
    """Whose number it is, and who is behind it where it is a switchboard's."""
    house = organization_phones
    number = bindparam("number", type_=String)
    own = select(phone_numbers.c.customer_id, phone_numbers.c.shared).where(
        phone_numbers.c.e164 == number
    )
    behind = [
        select(column.label("customer_id"), true().label("shared"))
        .select_from(house.join(column.table, of == house.c.organization_id))
        .where(house.c.e164 == number)
        .limit(MOST_BEHIND)
        .subquery()
        for column, of in (
            (customers.c.id, customers.c.organization_id),
            (memberships.c.customer_id, memberships.c.organization_id),
        )
    ]
    return union_all(own, *map(select, behind)).subquery()


_ROUTING_FACTS = _routing_facts_query()


def _today() -> date:
    return datetime.now(UTC).date()
