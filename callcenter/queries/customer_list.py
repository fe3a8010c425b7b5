"""Pages of customers that a filter holds for, in any order, and how many they are.

Two ways, whichever is right for the filter: few are gathered by their own index and sorted; of
many, the list is walked in its order until the page is full. Either costs little at any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    literal_column,
    select,
    text,
)

from callcenter.customers.customer import CustomerBrief
from callcenter.queries import by_value
from callcenter.queries.customer_walks import (
    COLUMNS,
    cursor_of,
    part,
    read_cursor,
    valued,
    valueless,
)
from callcenter.queries.paging import Page, bounded
from callcenter.queries.segment_parts import Context
from callcenter.queries.segment_sql import conditions
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
            some = by_value.first(context.connection, group, by_row, sort, cursor, limit)
            found = (
                _shown(some, limit)
                if some is not None
                else _picked(context.connection, as_sets, sort, cursor, limit)
            )
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
    column = COLUMNS[sort.column]
    source = customers.outerjoin(customer_figures, customer_figures.c.customer_id == customers.c.id)
    query = (
        select(customers.c.id, column.label("key"))
        .select_from(source if sort.column in FIGURES else customers)
        .where(among(connection, customers.c.id, few))
    )
    rows = [(row.id, row.key) for row in connection.execute(query)]
    with_value = sorted(
        ((key, one) for one, key in rows if key is not None), reverse=sort.descending
    )
    rest = sorted(one for one, key in rows if key is None)
    places: list[tuple[Any, int]] = [*with_value, *((None, one) for one in rest)]
    start = _start(places, sort, cursor)
    shown = places[start : start + limit]
    more = len(places) > start + limit
    return [one for _key, one in shown], cursor_of(*shown[-1]) if more else None


def _start(places: Sequence[tuple[Any, int]], sort: Sort, cursor: str | None) -> int:
    """Where the page after the cursor's row begins, be that row there still or not."""
    if not cursor:
        return 0
    key, last = read_cursor(cursor, sort)

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
    key, last = read_cursor(cursor, sort) if cursor else (None, 0)
    found: list[tuple[Any, int]] = []
    if not cursor or key is not None:
        query = valued(sort, (key, last) if cursor else None)
        rows = part(query, where, limit, most, descending=sort.descending)
        found = [(row.key, row.id) for row in connection.execute(rows)]
    if len(found) <= limit and sort.column in FIGURES:
        query = valueless(sort, last if cursor and key is None else 0)
        rest = part(query, where, limit - len(found), most, descending=False)
        found += [(None, row.id) for row in connection.execute(rest)]
    return None if most is not None and len(found) <= limit else _shown(found, limit)


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
    key, last = read_cursor(cursor, sort) if cursor else (None, 0)
    found: list[tuple[Any, int]] = []
    if not cursor or key is not None:
        walk = valued(sort, (key, last) if cursor else None).order_by(None)
        found = _kept(connection, walk.where(*where), limit, descending=sort.descending)
    if len(found) <= limit and sort.column in FIGURES:
        walk = valueless(sort, last if cursor and key is None else 0).order_by(None)
        found += _kept(connection, walk.where(*where), limit - len(found), descending=False)
    return _shown(found, limit)


def _shown(found: Sequence[tuple[Any, int]], limit: int) -> tuple[list[int], str | None]:
    shown = found[:limit]
    return [one for _key, one in shown], cursor_of(*shown[-1]) if len(found) > limit else None


def _kept(
    connection: Connection, walk: Select[Any], limit: int, *, descending: bool
) -> list[tuple[Any, int]]:
    inner = walk.offset(literal_column("0")).subquery()
    order = [one.desc() if descending else one for one in (inner.c.key, inner.c.id)]
    query = select(inner.c.id, inner.c.key).order_by(*order).limit(limit + 1)
    return [(row.key, row.id) for row in connection.execute(query)]
