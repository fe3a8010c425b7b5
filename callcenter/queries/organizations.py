"""Organisations: by name, whole with their people and numbers, and how many people each has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, tuple_

from callcenter.customers.customer import CustomerBrief
from callcenter.customers.names import fold
from callcenter.fields.definition import Value
from callcenter.queries import people_details, visibility
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import AddressView, OrganizationView, UserRef
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows
from callcenter.store.tables import (
    customers,
    memberships,
    organization_phones,
    organizations,
    users,
)

_MOST_PEOPLE = 200
_MAIN_PEOPLE = (
    select(func.count())
    .where(customers.c.organization_id == organizations.c.id, customers.c.deleted_at.is_(None))
    .correlate(organizations)
    .scalar_subquery()
)
_FURTHER_PEOPLE = (
    select(func.count())
    .select_from(memberships.join(customers, customers.c.id == memberships.c.customer_id))
    .where(memberships.c.organization_id == organizations.c.id, customers.c.deleted_at.is_(None))
    .correlate(organizations)
    .scalar_subquery()
)
_SAME = ("id", "name", "tax_id", "region", "city", "notes", "website", "email", "version", "people")


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchboardView:
    id: int
    e164: str
    extension: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOf:
    """Somebody of an organisation. `role` is what they are there; `main`: it is their first."""

    brief: CustomerBrief
    role: str
    main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCard:
    organization: OrganizationView
    phones: tuple[SwitchboardView, ...]
    addresses: tuple[AddressView, ...]
    custom: Mapping[str, Value]
    people: tuple[PersonOf, ...]

    @property
    def id(self) -> int:
        return self.organization.id

    @property
    def version(self) -> int:
        return self.organization.version


def page(
    connection: Connection,
    text: str,
    cursor: str | None,
    limit: int,
    viewer: Viewer = EVERYTHING,
) -> Page[OrganizationView]:
    """Those whose folded name contains `text`, in any case and with or without accents."""
    limit = bounded(limit)
    key = (organizations.c.sort_name, organizations.c.id)
    query = _query(viewer).order_by(*key).limit(limit + 1)
    if text.strip():
        query = query.where(organizations.c.sort_name.contains(fold(text.strip()), autoescape=True))
    if cursor:
        query = query.where(tuple_(*key) > decode_cursor(cursor, str, int))
    rows = connection.execute(query).all()
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(
        tuple(_view(row) for row in rows[:limit]),
        encode_cursor(last.sort_name, last.id) if last is not None else None,
    )


def get(
    connection: Connection, organization_id: int, viewer: Viewer = EVERYTHING
) -> OrganizationView | None:
    query = _query(viewer).where(organizations.c.id == organization_id)
    row = connection.execute(query).one_or_none()
    return _view(row) if row is not None else None


def card(
    connection: Connection, organization_id: int, today: date, viewer: Viewer = EVERYTHING
) -> OrganizationCard | None:
    found = get(connection, organization_id, viewer)
    if found is None:
        return None
    return OrganizationCard(
        organization=found,
        phones=_phones(connection, organization_id),
        addresses=people_details.addresses_of(connection, organization_id=organization_id),
        custom=people_details.custom(connection, "organization", organization_id),
        people=_people(connection, organization_id, today, viewer),
    )


def _phones(connection: Connection, organization_id: int) -> tuple[SwitchboardView, ...]:
    table = organization_phones.c
    query = (
        select(table.id, table.e164, table.extension, table.label)
        .where(table.organization_id == organization_id)
        .order_by(table.id)
    )
    return tuple(SwitchboardView(**row._mapping) for row in connection.execute(query))


def _people(
    connection: Connection, organization_id: int, today: date, viewer: Viewer
) -> tuple[PersonOf, ...]:
    """Those whose first organisation it is, then the others, each by name."""
    key = (customers.c.sort_name, customers.c.id)
    main = (
        select(customers.c.id, customers.c.position)
        .where(customers.c.organization_id == organization_id, customers.c.deleted_at.is_(None))
        .order_by(*key)
    )
    further = (
        select(customers.c.id, memberships.c.role)
        .select_from(memberships.join(customers, customers.c.id == memberships.c.customer_id))
        .where(memberships.c.organization_id == organization_id, customers.c.deleted_at.is_(None))
        .order_by(*key)
    )
    seen = visibility.customers_seen_by(viewer)
    told = [
        (row[0], row[1], is_main)
        for query, is_main in ((main, True), (further, False))
        for row in connection.execute(query.where(*seen).limit(_MOST_PEOPLE))
    ]
    people = customer_rows.briefs(connection, [one for one, *_ in told], today)
    return tuple(
        PersonOf(brief=people[one], role=role, main=is_main)
        for one, role, is_main in told
        if one in people
    )


def _query(viewer: Viewer) -> Select[Any]:
    people = (_MAIN_PEOPLE + _FURTHER_PEOPLE).label("people")
    query = (
        select(organizations, users.c.display_name.label("owner_name"), people)
        .select_from(organizations.outerjoin(users, users.c.id == organizations.c.owner_id))
        .where(organizations.c.deleted_at.is_(None))
    )
    return query.where(*visibility.organizations_seen_by(viewer))


def _view(row: Row[Any]) -> OrganizationView:
    owner = UserRef(id=row.owner_id, display_name=row.owner_name) if row.owner_id else None
    return OrganizationView(**{name: getattr(row, name) for name in _SAME}, owner=owner)
