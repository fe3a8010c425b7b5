"""Organisations, by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, tuple_

from callcenter.customers.names import fold
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import OrganizationView
from callcenter.store.tables import customers, organizations

_PEOPLE = (
    select(func.count())
    .where(customers.c.organization_id == organizations.c.id, customers.c.deleted_at.is_(None))
    .correlate(organizations)
    .scalar_subquery()
)


def page(
    connection: Connection, text: str, cursor: str | None, limit: int
) -> Page[OrganizationView]:
    """Those whose folded name contains `text`, in any case and with or without accents."""
    limit = bounded(limit)
    key = (organizations.c.sort_name, organizations.c.id)
    query = _query().order_by(*key).limit(limit + 1)
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


def get(connection: Connection, organization_id: int) -> OrganizationView | None:
    row = connection.execute(_query().where(organizations.c.id == organization_id)).one_or_none()
    return _view(row) if row is not None else None


def _query() -> Select[Any]:
    columns = (c for c in organizations.columns if c.name != "created_at")
    return select(*columns, _PEOPLE.label("people"))


def _view(row: Row[Any]) -> OrganizationView:
    values = dict(row._mapping)
    values.pop("sort_name")
    return OrganizationView(**values)
