"""Pages of customers that a filter holds for, in any order, and how many they are.

Two ways, whichever is right for the filter: few are gathered by their own index and sorted; of
many, the list is walked in its order until the page is full. Either costs little at any size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
)

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
"""Up to so many are gathered and sorted."""
MANY: Final = 1_000
"""Of what is found often, no more are counted while somebody waits."""
WALKED: Final = 3_000
"""A page that is not full after so many customers is of something rare, or far down the list."""
_ROOM: Final = (text("SET LOCAL work_mem = '64MB'"), text("SET LOCAL random_page_cost = 1.1"))
"""Sets of many customers are joined in memory; and to look up ten thousand of a million, most of
whose pages are in memory, is cheaper than to read them all."""

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
    """A page; and how many there are in all, where that was found on the way."""

    page: Page[CustomerBrief]
    total: int | None = None
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
    total: int | None = None
    by_row = everybody(replace(context, by_row=True), viewer, group)
    narrows = len(by_row) > 1
    found = _walked(context.connection, by_row, sort, cursor, limit, WALKED if narrows else None)
    if found is None:
        as_sets = everybody(context, viewer, group)
        few = _few(context.connection, as_sets)
        if few is not None:
            total = len(few)
            found = _sorted(context.connection, few, sort, cursor, limit)
        else:
            found = _picked(context.connection, as_sets, sort, cursor, limit)
    rows, following = found
    people = customer_rows.briefs(context.connection, rows, context.today)
    page = Page(tuple(people[one] for one in rows if one in people), following)
    return Listed(page=page, total=total, ids=tuple(rows))


def counted(context: Context, viewer: Viewer, group: Group) -> tuple[int, bool]:
    """How many, and whether that is all of them: beyond a number nobody counts while they wait."""
    by_row = replace(context, by_row=True)
    dense = _first(context.connection, everybody(by_row, viewer, group), MANY + 1, WALKED)
    if len(dense) > MANY:
        return MANY, False
    few = _few(context.connection, everybody(context, viewer, group))
    return (FEW, False) if few is None else (len(few), True)


def _first(
    connection: Connection, where: Sequence[ColumnElement[bool]], limit: int, walked: int
) -> list[int]:
    """Of the first so many customers those that it holds for."""
    last = select(customers.c.id).order_by(customers.c.id).offset(walked).limit(1)
    query = select(customers.c.id).where(*where).order_by(customers.c.id).limit(limit)
    end = connection.scalar(last)
    return list(connection.scalars(query if end is None else query.where(customers.c.id < end)))


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
    if connection.dialect.name == "postgresql":
        for setting in _ROOM:
            connection.execute(setting)
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


def _walked(  # noqa: PLR0917 (where, what, in which order, which part)
    connection: Connection,
    where: Sequence[ColumnElement[bool]],
    sort: Sort,
    cursor: str | None,
    limit: int,
    most: int | None,
) -> tuple[list[int], str | None] | None:
    """Along the index of the order; after those with a value, those without, by id. None when the
    page was not full after `most` customers: then they are rare, and better looked for."""
    key, last = _read_cursor(cursor, sort) if cursor else (None, 0)
    found: list[tuple[Any, int]] = []
    if not cursor or key is not None:
        query = _valued(sort, (key, last) if cursor else None)
        part = _part(query, where, limit, most, descending=sort.descending)
        found = [(row.key, row.id) for row in connection.execute(part)]
    if len(found) <= limit and sort.column in FIGURES:
        query = _valueless(sort, last if cursor and key is None else 0)
        rest = _part(query, where, limit - len(found), most, descending=False)
        found += [(None, row.id) for row in connection.execute(rest)]
    shown = found[:limit]
    if most is not None and len(found) <= limit:
        return None
    return [one for _key, one in shown], _cursor(*shown[-1]) if len(found) > limit else None


def _picked(
    connection: Connection,
    where: Sequence[ColumnElement[bool]],
    sort: Sort,
    cursor: str | None,
    limit: int,
) -> tuple[list[int], str | None]:
    """Many, but none near the beginning of the order: all are looked through, the first kept. The
    inner query has a fence (OFFSET 0), or a planner would walk the order's index in the belief
    that they are spread evenly."""
    key, last = _read_cursor(cursor, sort) if cursor else (None, 0)
    found: list[tuple[Any, int]] = []
    if not cursor or key is not None:
        walk = _valued(sort, (key, last) if cursor else None).order_by(None)
        found = _kept(connection, walk.where(*where), limit, descending=sort.descending)
    if len(found) <= limit and sort.column in FIGURES:
        walk = _valueless(sort, last if cursor and key is None else 0).order_by(None)
        found += _kept(connection, walk.where(*where), limit - len(found), descending=False)
    shown = found[:limit]
    return [one for _key, one in shown], _cursor(*shown[-1]) if len(found) > limit else None


def _kept(
    connection: Connection, walk: Select[Any], limit: int, *, descending: bool
) -> list[tuple[Any, int]]:
    inner = walk.offset(literal_column("0")).subquery()
    order = [one.desc() if descending else one for one in (inner.c.key, inner.c.id)]
    query = select(inner.c.id, inner.c.key).order_by(*order).limit(limit + 1)
    return [(row.key, row.id) for row in connection.execute(query)]


def _part(
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


def _valued(sort: Sort, after: tuple[Any, int] | None) -> Select[Any]:
    column = _COLUMNS[sort.column]
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


def _valueless(sort: Sort, after: int) -> Select[Any]:
    valued = (
        select(1)
        .where(customer_figures.c.customer_id == customers.c.id, _COLUMNS[sort.column].is_not(None))
        .exists()
    )
    return (
        select(customers.c.id.label("id"), null().label("key"))
        .where(~valued, customers.c.id > after)
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
