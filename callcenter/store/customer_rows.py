"""Reads customers in brief, for any number of them in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, func, select

from callcenter.customers.customer import CustomerBrief, in_order
from callcenter.store.owed import OPEN_MINOR, overdue
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import customers, invoices, organizations, phone_numbers

_BRIEF: Final = select(
    customers.c.id,
    customers.c.display_name,
    func.coalesce(organizations.c.name, "").label("organization"),
    customers.c.position,
    customers.c.vip_level,
    customers.c.blocked,
    customers.c.city,
    customers.c.language,
    customers.c.confirmed,
).select_from(customers.outerjoin(organizations))


def briefs(
    connection: Connection, customer_ids: Iterable[int], today: date
) -> dict[int, CustomerBrief]:
    """Those that exist, deleted ones left out."""
    found: dict[int, CustomerBrief] = {}
    for ids in chunks(sorted(set(customer_ids))):
        owed = _overdue(connection, ids, today)
        numbers = _numbers(connection, ids)
        query = _BRIEF.where(
            among(connection, customers.c.id, ids), customers.c.deleted_at.is_(None)
        )
        for row in connection.execute(query):
            amount, currency = owed.get(row.id, (0, ""))
            found[row.id] = CustomerBrief(
                **row._mapping,
                overdue_minor=amount,
                currency=currency,
                phones=numbers.get(row.id, ()),
            )
    return found


def briefs_by_numbers(
    connection: Connection, e164s: Iterable[str], today: date
) -> dict[str, tuple[CustomerBrief, ...]]:
    """E.164 → who has it, by name. Numbers that nobody has are left out."""
    owners: dict[str, set[int]] = {}
    for part in chunks(sorted(set(filter(None, e164s)))):
        query = select(phone_numbers.c.e164, phone_numbers.c.customer_id).where(
            among(connection, phone_numbers.c.e164, part)
        )
        for e164, customer_id in connection.execute(query):
            owners.setdefault(e164, set()).add(customer_id)
    people = briefs(connection, set().union(*owners.values()), today) if owners else {}
    found = {
        e164: in_order(people[one] for one in ids if one in people) for e164, ids in owners.items()
    }
    return {e164: people for e164, people in found.items() if people}


def _overdue(connection: Connection, ids: Sequence[int], today: date) -> dict[int, tuple[int, str]]:
    """The currency in which most is owed speaks for all: sums of different money do not add up."""
    amount = func.sum(OPEN_MINOR)
    query = (
        select(invoices.c.customer_id, amount, invoices.c.currency)
        .where(
            among(connection, invoices.c.customer_id, ids),
            *overdue(today),
        )
        .group_by(invoices.c.customer_id, invoices.c.currency)
        .order_by(amount, invoices.c.currency)
    )
    return {row[0]: (int(row[1]), row[2]) for row in connection.execute(query)}


def _numbers(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(phone_numbers.c.customer_id, phone_numbers.c.e164)
        .where(among(connection, phone_numbers.c.customer_id, ids))
        .order_by(phone_numbers.c.is_primary.desc(), phone_numbers.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for customer_id, e164 in connection.execute(query):
        found[customer_id] = (*found.get(customer_id, ()), e164)
    return found
