"""What conditions of filters are made of: who asks, belonging to a set of customers that an index
finds, and a column compared with a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    literal_column,
    not_,
    or_,
    select,
)

from callcenter.customers.names import prefix_end
from callcenter.segments.tree import Condition, Group
from callcenter.segments.values import Me
from callcenter.store.sets import among
from callcenter.store.tables import customers

Set = Select[tuple[int]]


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, and when. `own`: the company's fields by key, as (id, kind)."""

    connection: Connection
    now: datetime
    today: date
    user_id: int = 0
    own: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    live: Mapping[int, Group] = field(default_factory=dict)
    """The filters of live segments that the filter speaks of."""
    by_row: bool = False
    """Whether sets are looked up for each customer (right where many are found), or made once."""


def member(context: Context, people: Set) -> ColumnElement[bool]:
    """Belonging to a set: looked up for each customer, or made once and joined with. SQLite makes
    it once when asked by IN; PostgreSQL joins when asked by EXISTS, and under NOT it leaves it out
    however large it is."""
    column = people.selected_columns[0]
    if context.by_row:
        return people.where(column == customers.c.id).limit(1).scalar_subquery().is_not(None)
    if context.connection.dialect.name == "sqlite":
        return customers.c.id.in_(people)
    found = people.subquery()
    return select(1).where(found.c[0] == customers.c.id).exists()


def has(context: Context, condition: Condition, people: Set) -> ColumnElement[bool]:
    """`people` are those who have it; for the operators that ask the contrary, all others."""
    inside = member(context, people)
    return not_(inside) if condition.op in ("no", "not_in", "is_not", "empty") else inside


def of_column(column: Column[Any]) -> Callable[[Context, Condition], ColumnElement[bool]]:
    def compiled(context: Context, one: Condition) -> ColumnElement[bool]:
        return compared(context, column, one)

    return compiled


def compared(context: Context, column: Any, one: Condition) -> ColumnElement[bool]:
    return _COMPARED[one.op](context, column, one.value)


def among_told(context: Context, column: Any, values: tuple[Any, ...]) -> ColumnElement[bool]:
    plain = [context.user_id if isinstance(value, Me) else value for value in values]
    return among(context.connection, column, plain)


_COMPARED: Final[Mapping[str, Callable[[Context, Any, Any], ColumnElement[bool]]]] = {
    "is": lambda _c, column, value: column == value,
    "is_not": lambda _c, column, value: column != value,
    "begins": lambda _c, column, value: and_(column >= value, column < prefix_end(value)),
    "in": among_told,
    "not_in": lambda context, column, values: or_(
        column.is_(None), not_(among_told(context, column, values))
    ),
    "at_least": lambda _c, column, value: column >= value,
    "at_most": lambda _c, column, value: column <= value,
    "after": lambda _c, column, day: column >= _moment(column, day),
    "before": lambda _c, column, day: column < _moment(column, day),
    "between": lambda _c, column, two: and_(
        column >= _moment(column, two[0]), column <= _end(column, two[1])
    ),
    "within_days": lambda context, column, days: column >= _ago(context, column, days),
    "days_ago": lambda context, column, days: column < _ago(context, column, days),
    "filled": lambda _c, column, _value: filled(column),
    "empty": lambda _c, column, _value: not_(filled(column)),
}


def filled(column: Any) -> ColumnElement[bool]:
    if column.nullable:
        return column.is_not(None)  # type: ignore[no-any-return]
    return column != literal_column("''")  # type: ignore[no-any-return]


def _is_moment(column: Any) -> bool:
    return str(column.name).endswith("_at")


def _moment(column: Any, value: Any) -> Any:
    """A day, where the column is of moments: its beginning."""
    if _is_moment(column) and isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return value


def _end(column: Any, value: Any) -> Any:
    if _is_moment(column) and isinstance(value, date):
        return datetime.combine(value, time.max, UTC)
    return value


def _ago(context: Context, column: Any, days: int) -> Any:
    past = timedelta(days=min(days, context.today.toordinal() - 1))
    return context.now - past if _is_moment(column) else context.today - past
