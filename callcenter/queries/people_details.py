"""What a card shows of a customer beside the row itself, each in one indexed read."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.customers.tags import Tag
from callcenter.fields.definition import FieldObject, Value
from callcenter.queries.views import AddressView, ContactView, MembershipView
from callcenter.store import field_rows
from callcenter.store.tables import (
    addresses,
    contact_points,
    custom_fields,
    custom_values,
    customer_tags,
    customers,
    memberships,
    organizations,
    tags,
)


def contacts(connection: Connection, customer_id: int) -> tuple[ContactView, ...]:
    """The main ones first, mails before messengers."""
    columns = (c for c in contact_points.columns if c.name not in ("customer_id", "value_key"))
    table = contact_points.c
    query = (
        select(*columns)
        .where(table.customer_id == customer_id)
        .order_by((table.kind != "email"), table.is_primary.desc(), table.id)
    )
    return tuple(ContactView(**row._mapping) for row in connection.execute(query))


def addresses_of(
    connection: Connection, *, customer_id: int | None = None, organization_id: int | None = None
) -> tuple[AddressView, ...]:
    table = addresses.c
    columns = (c for c in addresses.columns if c.name not in ("customer_id", "organization_id"))
    theirs = (
        table.customer_id == customer_id
        if customer_id is not None
        else table.organization_id == organization_id
    )
    query = select(*columns).where(theirs).order_by(table.is_primary.desc(), table.id)
    return tuple(AddressView(**row._mapping) for row in connection.execute(query))


def memberships_of(connection: Connection, customer_id: int) -> tuple[MembershipView, ...]:
    query = (
        select(organizations.c.id, organizations.c.name, memberships.c.role)
        .select_from(memberships.join(organizations))
        .where(memberships.c.customer_id == customer_id, organizations.c.deleted_at.is_(None))
        .order_by(organizations.c.sort_name, organizations.c.id)
    )
    return tuple(MembershipView(**row._mapping) for row in connection.execute(query))


def tags_of(connection: Connection, customer_id: int) -> tuple[Tag, ...]:
    query = (
        select(tags.c.id, tags.c.name, tags.c.tone)
        .select_from(customer_tags.join(tags))
        .where(customer_tags.c.customer_id == customer_id)
        .order_by(tags.c.tag_key)
    )
    return tuple(Tag(**row._mapping) for row in connection.execute(query))


def custom(connection: Connection, of: FieldObject, object_id: int) -> dict[str, Value]:
    """Values of fields in use; those of a field that was put away wait for its return."""
    query = (
        select(custom_fields, custom_values.c.text, custom_values.c.number, custom_values.c.day)
        .select_from(custom_values.join(custom_fields))
        .where(
            custom_values.c.object_id == object_id,
            custom_fields.c.object == of,
            custom_fields.c.active,
        )
        .order_by(custom_fields.c.position, custom_fields.c.id)
    )
    return field_rows.with_values(connection.execute(query))


def merged_into(connection: Connection, customer_id: int) -> int | None:
    """The card that this one became part of, at the end of the chain."""
    table = customers.c
    seen = {customer_id}
    found: int | None = customer_id
    while found is not None:
        into: int | None = connection.scalar(select(table.merged_into).where(table.id == found))
        if into is None or into in seen:
            return found if found != customer_id else None
        seen.add(into)
        found = into
    return None
