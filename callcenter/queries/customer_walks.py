"""Walking customers in the order of a list: along the index of that order, from a cursor on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, null, or_, select

from callcenter.errors import Invalid
from callcenter.queries.paging import decode_cursor, encode_cursor
from callcenter.segments.columns import FIGURES, Sort
from callcenter.store.tables import customer_figures, customers

COLUMNS: Final[Mapping[str, Any]] = {
    "name": customers.c.sort_name,
    "city": customers.c.city,
    "status": customers.c.status,
    "segment": customers.c.segment,
    "created_at": customers.c.created_at,
    "updated_at": customers.c.updated_at,
    "lifetime": customer_figures.c.lifetime_minor,
    "overdue": customer_figures.c.overdue_minor,
    "orders": customer_figures.c.orders,
    "last_order_on": customer_figures.c.last_order_on,
    "last_talk_at": customer_figures.c.last_talk_at,
    "last_contact_at": customer_figures.c.last_contact_at,
}
_KINDS: Final[Mapping[str, type]] = {
    "created_at": datetime,
    "updated_at": datetime,
    "last_talk_at": datetime,
    "last_contact_at": datetime,
    "lifetime": int,
    "overdue": int,
    "orders": int,
}


def part(
    walk: Select[Any],
    where: Sequence[ColumnElement[bool]],
    limit: int,
    most: int | None,
    *,
    descending: bool,
) -> Select[Any]:
    if most is None:
        return walk.where(*where).limit(limit + 1)
    some = walk.limit(most).subquery()
    return (
        select(some.c.id, some.c.key)
        .select_from(some.join(customers, customers.c.id == some.c.id))
        .where(*where)
        .order_by(*(one.desc() if descending else one for one in (some.c.key, some.c.id)))
        .limit(limit + 1)
    )


def valued(sort: Sort, after: tuple[Any, int] | None) -> Select[Any]:
    column = COLUMNS[sort.column]
    figures = sort.column in FIGURES
    own_id = customer_figures.c.customer_id if figures else customers.c.id
    query = select(own_id.label("id"), column.label("key"))
    if figures:
        query = query.select_from(
            customer_figures.join(customers, customers.c.id == customer_figures.c.customer_id)
        ).where(column.is_not(None))
    if after is not None:
        query = query.where(_beyond(column, own_id, after, sort))
    order = (column, own_id)
    return query.order_by(*(one.desc() if sort.descending else one for one in order))


def _beyond(column: Any, own_id: Any, after: tuple[Any, int], sort: Sort) -> ColumnElement[bool]:
    key, last = after
    if sort.descending:
        return and_(column <= key, or_(column < key, own_id < last))
    return and_(column >= key, or_(column > key, own_id > last))


def valueless(sort: Sort, after: int) -> Select[Any]:
    with_value = (
        select(1)
        .where(customer_figures.c.customer_id == customers.c.id, COLUMNS[sort.column].is_not(None))
        .exists()
    )
    return (
        select(customers.c.id.label("id"), null().label("key"))
        .where(~with_value, customers.c.id > after)
        .order_by(customers.c.id)
    )


def cursor_of(key: Any, last: int) -> str:
    if key is None:
        return encode_cursor("", last, 0)
    told = key.isoformat() if isinstance(key, date) and not isinstance(key, datetime) else key
    return encode_cursor(told, last, 1)


def read_cursor(cursor: str, sort: Sort) -> tuple[Any, int]:
    try:
        _none, last, has_value = decode_cursor(cursor, str, int, int)
    except Invalid:
        has_value = 1
    if not has_value:
        return None, last
    key, last, _has_value = decode_cursor(cursor, _KINDS.get(sort.column, str), int, int)
    if sort.column == "last_order_on":
        try:
            key = date.fromisoformat(key)
        except ValueError as error:
            raise Invalid("cursor", "this is not a cursor given out by this list") from error
    return key, last
