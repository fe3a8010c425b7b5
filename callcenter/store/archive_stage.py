"""Some archived contacts as rows of a database in memory, asked with the statements that the
database is asked with: a page of them costs what it shows, not what the month's files hold.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    Result,
    Select,
    Table,
    create_engine,
    nulls_first,
    nulls_last,
    select,
)
from sqlalchemy.sql import operators

from callcenter.archive.pages import LEFT_OUT, Row
from callcenter.archive.shapes import Kind
from callcenter.ports.archive import ArchiveFiles, Part
from callcenter.store.archive_shapes import TABLES, instant, kind
from callcenter.store.sets import among
from callcenter.store.tables import metadata, outcomes, users

_STAGED: Final = tuple(metadata.tables[name] for name in TABLES if name not in LEFT_OUT)
_BESIDE: Final[Mapping[str, tuple[Table, tuple[str, ...]]]] = {
    # What statements about contacts join, as far as these contacts point at it.
    "users": (users, ("id", "display_name")),
    "outcomes": (outcomes, ("id", "label", "labels", "kind", "parent_id")),
}
_DDL: Final = ";".join(
    ["PRAGMA case_sensitive_like = ON"]
    + [
        f"CREATE TABLE {table.name} ({', '.join(columns)})"
        for table, columns in (
            *((one, tuple(f'"{name}"' for name in one.c.keys())) for one in _STAGED),  # noqa: SIM118
            *_BESIDE.values(),
        )
    ]
)


class Stage:
    """Reads as a Connection does. `connection`: the database, for what stands beside contacts."""

    def __init__(self, connection: Connection, files: ArchiveFiles, parts: Sequence[Part]) -> None:
        self.connection, self._files, self._parts = connection, files, parts
        self._nulls_last = connection.dialect.name == "postgresql"
        self._memory = _engine().connect()
        self.dialect = self._memory.dialect
        self._known: dict[str, set[int]] = {name: set() for name in _BESIDE}
        self._wanted: dict[str, set[int]] = {name: set() for name in _BESIDE}
        weakref.finalize(self, self._memory.close)

    def add(self, interaction_ids: Iterable[int], *, whole: bool = False) -> None:
        """Those of these that are in the parts. Raises ValueError where one is harmed."""
        found: dict[str, Rows] = {}
        for part in self._parts:
            for name, columns, row in self._files.contacts(part, interaction_ids, whole=whole):
                if name not in found or found[name].columns != columns:
                    self._keep(found.pop(name, None))
                    found[name] = Rows(metadata.tables[name], columns)
                found[name].add(row)
        for rows in found.values():
            self._keep(rows)
        self._add_beside()

    def execute(self, query: Select[Any]) -> Result[Any]:
        return self._memory.execute(_ordered(query) if self._nulls_last else query)

    def scalars(self, query: Select[Any]) -> Any:
        return self.execute(query).scalars()

    def scalar(self, query: Select[Any]) -> Any:
        return self.execute(query).scalar()

    def _keep(self, rows: Rows | None) -> None:
        if rows is None:
            return
        _insert(self._memory, rows.table, rows.columns, rows.stored())
        for name in _BESIDE:
            self._wanted[name] |= rows.pointed_at(name)

    def _add_beside(self) -> None:
        for name, (table, columns) in _BESIDE.items():
            wanted = self._wanted[name] - self._known[name]
            if not wanted:
                continue
            self._known[name] |= wanted
            query = select(*(table.c[one] for one in columns)).where(
                among(self.connection, table.c.id, wanted)
            )
            found = [[_told(one) for one in row] for row in self.connection.execute(query)]
            _insert(self._memory, table, columns, found)


class Rows:
    """Some rows of a table, with the columns that it had when they were written."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self.table, self.columns = table, columns
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        self._rows.append(row)

    def stored(self) -> list[Row]:
        """As SQLite has them: of what JSON says, instants and bytes alone are written otherwise."""
        ways = _ways(self.table, tuple(self.columns))
        for row in self._rows:
            for place, way in ways:
                if row[place] is not None:
                    row[place] = way(row[place])
        return self._rows

    def pointed_at(self, target: str) -> set[int]:
        places = [
            self.columns.index(one) for one in _keys(self.table.name, target) if one in self.columns
        ]
        return {row[one] for row in self._rows for one in places if row[one] is not None}


@lru_cache(maxsize=1)
def _engine() -> Engine:
    """A database of its own for each connection, gone with it."""
    return create_engine("sqlite://", poolclass=NullPool, creator=_fresh)


def _fresh() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.executescript(_DDL)
    return connection


def _insert(memory: Connection, table: Table, columns: Sequence[str], rows: Sequence[Any]) -> None:
    known = [place for place, name in enumerate(columns) if name in table.c]
    told = ", ".join(f'"{columns[place]}"' for place in known)
    if rows:
        memory.exec_driver_sql(
            f"INSERT INTO {table.name} ({told}) VALUES ({', '.join('?' * len(known))})",  # noqa: S608 (names of our own)
            [tuple(row[place] for place in known) for row in rows],
        )


@lru_cache(maxsize=64)
def _ways(table: Table, columns: tuple[str, ...]) -> Sequence[tuple[int, Callable[[Any], Any]]]:
    """(place, how) of the values that are stored otherwise than JSON says them."""
    return [
        (place, _STORED[kind(table.c[name])])
        for place, name in enumerate(columns)
        if name in table.c and kind(table.c[name]) in _STORED
    ]


def _told(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _moment(at: int) -> str:
    return instant(at).isoformat(" ", "microseconds")[:26]


_STORED: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    "instant": _moment,
    "bytes": base64.b64decode,
}


@lru_cache(maxsize=64)
def _keys(table: str, target: str) -> Collection[str]:
    """Columns of a table that point at rows of the other, with a foreign key or without."""
    columns = metadata.tables[table].c
    told = {
        one.name for one in columns for key in one.foreign_keys if key.column.table.name == target
    }
    return told | ({"user_id"} & set(columns.keys()) if target == "users" else set())


def _ordered(query: Select[Any]) -> Select[Any]:
    """What is unknown stands where PostgreSQL puts it."""
    order = query._order_by_clauses
    if not order:
        return query
    return query.order_by(None).order_by(*map(_with_nulls, order))


def _with_nulls(clause: Any) -> Any:
    falling = getattr(clause, "modifier", None) is operators.desc_op
    return nulls_first(clause) if falling else nulls_last(clause)
