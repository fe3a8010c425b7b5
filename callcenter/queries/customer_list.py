"""Pages of customers that a filter holds for, in any order, and how many they are.

Two ways, whichever is right for the filter: few are gathered by their own index and sorted; of
many, the list is walked in its order until the page is full. Either costs little at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from callcenter.customers.customer import CustomerBrief
from callcenter.errors import Invalid
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.segment_sql import Context, conditions
from callcenter.queries.visibility import customers_seen_by
from callcenter.rights.viewer import Viewer
from callcenter.segments.columns import FIGURES, Sort
from callcenter.segments.tree import Group
from callcenter.store import customer_rows
from callcenter.store.sets import among
from callcenter.store.tables import customer_figures, customers

FEW: Final = 5_000
"""Up to so many are counted while somebody waits; beyond, it is "more than"."""

_COLUMNS: Final[Mapping[str, Any]] = {
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page, how many there are in all as far as they were counted, and whether that is all."""

    page: Page[CustomerBrief]
    total: int
    counted: bool
    ids: tuple[int, ...] = field(default=(), repr=False)


def listed(  # noqa: PLR0917 (whose question, what, in which order, which part)
    context: Context,
    viewer: Viewer,
    group: Group,
    sort: Sort,
    cursor: str | None,
    limit: int,
) -> Listed:
    limit = bounded(limit)
    where = everybody(context, viewer, group)
    asks = bool(group) or len(where) > 1
    few = _few(context.connection, where) if asks else None
    if few is not None:
        rows, following = _sorted(context.connection, few, sort, cursor, limit)
        total, counted = len(few), True
    else:
        rows, following = _walked(context.connection, where, sort, cursor, limit)
        total, counted = FEW, False
    people = customer_rows.briefs(context.connection, rows, context.today)
    page = Page(tuple(people[one] for one in rows if one in people), following)
    return Listed(page=page, total=total, counted=counted, ids=tuple(rows))


def everybody(context: Context, viewer: Viewer, group: Group) -> list[ColumnElement[bool]]:
    return [
        customers.c.deleted_at.is_(None),
        *customers_seen_by(viewer),
        *conditions(context, group),
    ]


def count(context: Context, viewer: Viewer, group: Group) -> int:
    """All of them, however many: not while somebody types."""
    query = select(func.count()).select_from(customers).where(*everybody(context, viewer, group))
    return int(context.connection.scalar(query) or 0)


def ids(context: Context, viewer: Viewer, group: Group, after: int, limit: int) -> list[int]:
    """Those a filter holds for, by id: for whoever goes through all of them."""
    query = (
        select(customers.c.id)
        .where(*everybody(context, viewer, group), customers.c.id > after)
        .order_by(customers.c.id)
        .limit(limit)
    )
    return list(context.connection.scalars(query))


def _few(connection: Connection, where: Sequence[ColumnElement[bool]]) -> list[int] | None:
    """All of them, in no order; None when they are many."""
    found = list(connection.scalars(select(customers.c.id).where(*where).limit(FEW + 1)))
    return found if len(found) <= FEW else None


def _sorted(
    connection: Connection, few: Sequence[int], sort: Sort, cursor: str | None, limit: int
) -> tuple[list[int], str | None]:
    """Those without a value come last, whichever way it goes."""
    column = _COLUMNS[sort.column]
    source = customers.outerjoin(customer_figures, customer_figures.c.customer_id == customers.c.id)
    query = (
        select(customers.c.id, column.label("key"))
        .select_from(source if sort.column in FIGURES else customers)
        .where(among(connection, customers.c.id, few))
    )
    rows = [(row.id, row.key) for row in connection.execute(query)]
    valued = sorted(((key, one) for one, key in rows if key is not None), reverse=sort.descending)
    rest = sorted(one for one, key in rows if key is None)
    places: list[tuple[Any, int]] = [*valued, *((None, one) for one in rest)]
    start = _start(places, sort, cursor)
    shown = places[start : start + limit]
    more = len(places) > start + limit
    return [one for _key, one in shown], _cursor(*shown[-1]) if more else None


def _start(places: Sequence[tuple[Any, int]], sort: Sort, cursor: str | None) -> int:
    """Where the page after the cursor's row begins, be that row there still or not."""
    if not cursor:
        return 0
    key, last = _read_cursor(cursor, sort)

    def is_after(place: tuple[Any, int]) -> bool:
        if key is None:
            return place[0] is None and place[1] > last
        if place[0] is None:
            return True
        return place < (key, last) if sort.descending else place > (key, last)

    return next((n for n, place in enumerate(places) if is_after(place)), len(places))


def _walked(
    connection: Connection,
    where: Sequence[ColumnElement[bool]],
    sort: Sort,
    cursor: str | None,
    limit: int,
) -> tuple[list[int], str | None]:
    """Along the index of the order; after those with a value, those without, by id."""
    key, last = _read_cursor(cursor, sort) if cursor else (None, 0)
    found: list[tuple[Any, int]] = []
    if not cursor or key is not None:
        query = _valued(where, sort, (key, last) if cursor else None).limit(limit + 1)
        found = [(row.key, row.id) for row in connection.execute(query)]
    if len(found) <= limit and sort.column in FIGURES:
        after = last if cursor and key is None else 0
        query = _valueless(where, sort, after).limit(limit + 1 - len(found))
        found += [(None, one) for one in connection.scalars(query)]
    shown = found[:limit]
    return [one for _key, one in shown], _cursor(*shown[-1]) if len(found) > limit else None


def _valued(
    where: Sequence[ColumnElement[bool]], sort: Sort, after: tuple[Any, int] | None
) -> Select[Any]:
    column = _COLUMNS[sort.column]
    figures = sort.column in FIGURES
    own_id = customer_figures.c.customer_id if figures else customers.c.id
    query = select(own_id.label("id"), column.label("key")).where(*where)
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


def _valueless(where: Sequence[ColumnElement[bool]], sort: Sort, after: int) -> Select[Any]:
    valued = (
        select(1)
        .where(customer_figures.c.customer_id == customers.c.id, _COLUMNS[sort.column].is_not(None))
        .exists()
    )
    return (
        select(customers.c.id)
        .where(*where, ~valued, customers.c.id > after)
        .order_by(customers.c.id)
    )


def _cursor(key: Any, last: int) -> str:
    if key is None:
        return encode_cursor("", last, 0)
    told = key.isoformat() if isinstance(key, date) and not isinstance(key, datetime) else key
    return encode_cursor(told, last, 1)


def _read_cursor(cursor: str, sort: Sort) -> tuple[Any, int]:
    try:
        _none, last, valued = decode_cursor(cursor, str, int, int)
    except Invalid:
        valued = 1
    if not valued:
        return None, last
    key, last, _valued = decode_cursor(cursor, _KINDS.get(sort.column, str), int, int)
    if sort.column == "last_order_on":
        try:
            key = date.fromisoformat(key)
        except ValueError as error:
            raise Invalid("cursor", "this is not a cursor given out by this list") from error
    return key, last


def figures_of(connection: Connection, customer_ids: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """For the columns that show them."""
    wanted = list(customer_ids)
    if not wanted:
        return {}
    query = select(customer_figures).where(
        among(connection, customer_figures.c.customer_id, wanted)
    )
    return {row.customer_id: dict(row._mapping) for row in connection.execute(query)}
