"""Writes many rows in one statement, on the way that is cheapest for each database.

PostgreSQL gets one array for each column (`INSERT … SELECT unnest(…), unnest(…)`): the text is
the same for any number of rows, so that driver and server parse it once. SQLite gets the rows one
after the other inside the driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from callcenter.store import copying

Rows = Sequence[Mapping[str, Any]]


def upsert(
    connection: Connection,
    table: Table,
    rows: Rows,
    *,
    keys: Sequence[str],
    changes: Sequence[str],
    instead: Mapping[str, ColumnElement[Any]] | None = None,
    unless_same: str = "",
    returning: Sequence[Column[Any]] = (),
) -> list[Any]:
    """Insert `rows`, which all name the same columns; where `keys` exist, update `changes`.

    `instead` gives some columns another expression than the value offered (see `offered`).
    With `unless_same`, a row whose column of that name would not change is left untouched.
    """
    if not rows:
        return []
    statement = _upsert(
        connection.dialect.name,
        table,
        tuple(rows[0]),
        tuple(keys),
        tuple(changes),
        tuple((instead or {}).items()),
        unless_same,
        tuple(returning),
    )
    result = connection.execute(statement, _parameters(connection, rows))
    return list(result.all()) if returning else []


# Making a statement costs more than running it (`excluded` copies every column of the table), and
# there are few of them: each caller has its own constant columns.
@lru_cache(maxsize=256)
def _upsert(  # noqa: PLR0917 (all that tells two statements apart)
    dialect: str,
    table: Table,
    names: tuple[str, ...],
    keys: tuple[str, ...],
    changes: tuple[str, ...],
    instead: tuple[tuple[str, ColumnElement[Any]], ...],
    unless_same: str,
    returning: tuple[Column[Any], ...],
) -> Any:
    statement = _insert(dialect, table, names)
    new = statement.excluded
    updates = {name: new[name] for name in changes} | dict(instead)
    where = table.c[unless_same] != new[unless_same] if unless_same else None
    statement = statement.on_conflict_do_update(
        index_elements=list(keys), set_=updates, where=where
    )
    return statement.returning(*returning) if returning else statement


def offered(table: Table, name: str) -> ColumnElement[Any]:
    """The value that a row to be written offers for this column, inside an `instead`."""
    return sqlite.insert(table).excluded[name]


def insert_missing(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert those rows whose keys do not exist yet."""
    if rows:
        statement = _insert_missing(connection.dialect.name, table, tuple(rows[0]))
        connection.execute(statement, _parameters(connection, rows))


@lru_cache(maxsize=256)
def _insert_missing(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    return _insert(dialect, table, names).on_conflict_do_nothing()


def _insert(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    if dialect == "sqlite":
        return sqlite.insert(table)
    source = select(*(_column_of_all(table.c[name]) for name in names))
    return postgresql.insert(table).from_select(list(names), source)


def _parameters(connection: Connection, rows: Rows) -> Any:
    if connection.dialect.name == "sqlite":
        return list(rows)
    return {f"all_{name}": [row[name] for row in rows] for name in rows[0]}


def _column_of_all(target: Column[Any]) -> ColumnElement[Any]:
    """One column of all rows; in a SELECT list such functions advance together.

    JSON travels as one document: quoting each of its quotes for an array costs more than the rest.
    """
    name = f"all_{target.name}"
    if isinstance(target.type, JSON):
        return func.json_array_elements(bindparam(name, type_=JSON))
    return func.unnest(bindparam(name, type_=ARRAY(target.type)))


def add_new(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that nothing there can contradict, by the thousand: PostgreSQL's COPY takes them
    at a third of the cost of arrays. Texts must be storable already; those in JSON are made so.
    """
    if rows:
        add_columns(connection, table, {name: [row[name] for row in rows] for name in rows[0]})


def add_columns(connection: Connection, table: Table, columns: copying.Columns) -> None:
    """`add_new` for what is at hand by columns, all of one length."""
    if connection.dialect.name == "postgresql":
        copying.copy(connection, table, columns)
        return
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if rows:
        connection.execute(table.insert(), rows)
