"""Pages by name of customers whose language, status or segment is any of several: of those, too,
who stand far from the beginning of the whole list. Each value has its own index by name; what each
begins with is put together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, func, select

from callcenter.queries.customer_walks import part, read_cursor, valued
from callcenter.segments.columns import Sort
from callcenter.segments.tree import Condition, Group
from callcenter.store.tables import customers

_MOST_VALUES: Final = 20
_WALKED: Final = 1_000
"""Of each value so many customers are looked at; a page that is not sure by then is not found."""
_COLUMNS: Final[Mapping[str, Column[Any]]] = {
    "language": customers.c.language,
    "status": customers.c.status,
    "segment": customers.c.segment,
}
_HOLDS: Final[Mapping[str, Callable[[str, Any], bool]]] = {
    "is": lambda value, told: value == told,
    "is_not": lambda value, told: value != told,
    "in": lambda value, told: value in told,
    "not_in": lambda value, told: value not in told,
    "filled": lambda value, _told: value != "",
    "empty": lambda value, _told: value == "",
}


def first(  # noqa: PLR0917 (where, what, in which order, which part)
    connection: Connection,
    group: Group,
    where: Sequence[ColumnElement[bool]],
    sort: Sort,
    cursor: str | None,
    limit: int,
) -> list[tuple[Any, int]] | None:
    """Of the page, and one more: (key, id). None when this is no way to find it."""
    one = _condition(group) if sort.column == "name" else None
    values = _values(connection, _COLUMNS[one.field]) if one is not None else None
    if one is None or values is None:
        return None
    found: list[tuple[Any, int]] = []
    for value in values:
        if _HOLDS[one.op](value, one.value):
            walk = valued(sort, read_cursor(cursor, sort) if cursor else None)
            walk = walk.where(_COLUMNS[one.field] == value)
            rows = connection.execute(
                part(walk, where, limit, _WALKED, descending=sort.descending)
            ).all()
            if len(rows) <= limit and _goes_on(connection, walk):
                return None
            found += [(row.key, row.id) for row in rows]
    return sorted(found, reverse=sort.descending)[: limit + 1]


def _condition(group: Group) -> Condition | None:
    if group.how != "all":
        return None
    plain = (one for one in group.parts if isinstance(one, Condition))
    return next((one for one in plain if one.field in _COLUMNS and one.op in _HOLDS), None)


def _values(connection: Connection, column: Column[Any]) -> list[str] | None:
    """All that there are, each found behind the one before; None if they are many."""
    known = select(func.min(column).label("value")).cte("known", recursive=True)
    following = select(func.min(column)).where(column > known.c.value).scalar_subquery()
    known = known.union_all(select(following).where(known.c.value.is_not(None)))
    query = select(known.c.value).where(known.c.value.is_not(None)).limit(_MOST_VALUES + 1)
    values = list(connection.scalars(query))
    return values if len(values) <= _MOST_VALUES else None


def _goes_on(connection: Connection, walk: Select[Any]) -> bool:
    return connection.execute(walk.offset(_WALKED).limit(1)).first() is not None
