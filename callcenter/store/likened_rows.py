"""Reads what is compared of cards, for any number of them in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, false, select

from callcenter.duplicates.likeness import Likened
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import customers, phone_numbers
from callcenter.store.tables.contacts import contact_points, memberships


def likened(connection: Connection, customer_ids: Sequence[int]) -> dict[int, Likened]:
    """Deleted ones are left out."""
    found: dict[int, Likened] = {}
    for ids in chunks(sorted(set(customer_ids))):
        phones = _gathered(connection, phone_numbers.c.e164, ids, phone_numbers.c.shared)
        points = _gathered(
            connection, contact_points.c.kind, ids, contact_points.c.invalid, "value_key"
        )
        places = _gathered(connection, memberships.c.organization_id, ids)
        query = select(
            customers.c.id,
            customers.c.display_name,
            customers.c.city,
            customers.c.organization_id,
        ).where(among(connection, customers.c.id, ids), customers.c.deleted_at.is_(None))
        for row in connection.execute(query):
            main = {row.organization_id} if row.organization_id is not None else set()
            found[row.id] = Likened(
                id=row.id,
                name=row.display_name,
                city=row.city,
                organization_ids=frozenset(main | places.get(row.id, set())),
                phones=frozenset(phones.get(row.id, set())),
                points=frozenset(points.get(row.id, set())),
            )
    return found


def _gathered(
    connection: Connection,
    column: Any,
    ids: Sequence[int],
    unless: Any = None,
    beside: str = "",
) -> dict[int, set[Any]]:
    """Customer → the values of `column` (with those of the column `beside`)."""
    table = column.table
    columns = [column, table.c[beside]] if beside else [column]
    query = select(table.c.customer_id, *columns).where(among(connection, table.c.customer_id, ids))
    if unless is not None:
        query = query.where(unless == false())
    found: dict[int, set[Any]] = {}
    for row in connection.execute(query):
        value = tuple(row[1:]) if beside else row[1]
        found.setdefault(row.customer_id, set()).add(value)
    return found
