"""Reads customers in brief, for any number of them in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import CompoundSelect, Connection, cast, func, null, select, true, union_all

from callcenter.customers.customer import CustomerBrief, NumberOwners, in_order
from callcenter.customers.organization import MOST_BEHIND
from callcenter.store.owed import OPEN_MINOR, overdue
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import (
    customers,
    invoices,
    memberships,
    organization_phones,
    organizations,
    phone_numbers,
)
from callcenter.store.types import Id

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
) -> dict[str, NumberOwners]:
    """E.164 → who may be behind it, by name. Numbers that nobody has are left out."""
    numbers = _Numbers()
    for part in chunks(sorted(set(filter(None, e164s)))):
        numbers.read(connection, part)
    everybody = set().union(*numbers.owners.values()) if numbers.owners else set()
    people = briefs(connection, everybody, today) if everybody else {}
    found = {
        e164: NumberOwners(
            in_order(people[one] for one in ids if one in people),
            shared=e164 in numbers.shared,
            organization=numbers.organizations.get(e164, ""),
        )
        for e164, ids in numbers.owners.items()
    }
    return {e164: owners for e164, owners in found.items() if owners}


class _Numbers:
    """Who has each number, and whether it is one of several people's."""

    def __init__(self) -> None:
        self.owners: dict[str, set[int]] = {}
        self.shared: set[str] = set()
        self.organizations: dict[str, str] = {}

    def read(self, connection: Connection, e164s: Sequence[str]) -> None:
        """One statement; another only for the switchboards among them."""
        houses: dict[int, list[str]] = {}
        for e164, customer_id, organization_id, shared in connection.execute(
            _owners_of(connection, e164s)
        ):
            if customer_id is not None:
                self.owners.setdefault(e164, set()).add(customer_id)
            else:
                houses.setdefault(organization_id, []).append(e164)
            if shared:
                self.shared.add(e164)
        for organization_id, called in houses.items():
            name, ids = people_behind(connection, organization_id)
            for e164 in called:
                self.owners.setdefault(e164, set()).update(ids)
                self.organizations.setdefault(e164, name)


def _owners_of(connection: Connection, e164s: Sequence[str]) -> CompoundSelect[Any]:
    own, house = phone_numbers.c, organization_phones.c
    of_people = select(
        own.e164, own.customer_id, cast(null(), Id).label("organization_id"), own.shared
    ).where(among(connection, own.e164, e164s))
    of_houses = select(
        house.e164, cast(null(), Id), house.organization_id, true().label("shared")
    ).where(among(connection, house.e164, e164s))
    return union_all(of_people, of_houses)


def people_behind(connection: Connection, organization_id: int) -> tuple[str, list[int]]:
    """An organisation's name and whoever may call from its switchboard; nobody of one put away."""
    house = organizations.c
    name = connection.scalar(
        select(house.name).where(house.id == organization_id, house.deleted_at.is_(None))
    )
    if name is None:
        return "", []
    further = (
        select(memberships.c.customer_id)
        .where(memberships.c.organization_id == organization_id)
        .limit(MOST_BEHIND)
    )
    main = (
        select(customers.c.id)
        .where(customers.c.organization_id == organization_id, customers.c.deleted_at.is_(None))
        .order_by(customers.c.sort_name, customers.c.id)
        .limit(MOST_BEHIND)
    )
    ids = [*connection.scalars(main), *connection.scalars(further)]
    return name, list(dict.fromkeys(ids))[:MOST_BEHIND]


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
