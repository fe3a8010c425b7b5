"""A statement made ready once and handed to the driver as it is, for the few that callers wait for.

SQLAlchemy's own work of a statement, and psycopg's search for placeholders in a long one, take
longer than the database needs for an indexed read. No transaction is begun: for connections in
autocommit. What goes wrong is the driver's own error; `broke` says whether the connection is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg as postgresql

_Processor = Callable[[Any], Any]
_DIALECTS: Final[Mapping[str, tuple[Callable[..., Dialect], str]]] = {
    "postgresql": (postgresql.dialect, "numeric_dollar"),
    "sqlite": (sqlite.dialect, "qmark"),
}


class Prepared:
    """Thread-safe: nothing in it changes."""

    def __init__(self, statement: Select[Any], dialect_name: str) -> None:
        make, placeholders = _DIALECTS[dialect_name]
        dialect = make(paramstyle=placeholders)
        compiled = statement.compile(dialect=dialect)
        fixed = compiled.construct_params(_check=False)
        names: Sequence[str] = compiled.positiontup or ()
        kinds = {one: bind.type.dialect_impl(dialect) for one, bind in compiled.binds.items()}
        self._text = str(compiled)
        self._bytes = self._text.encode()
        self._fixed = [fixed[name] for name in names]
        self._given = [
            (place, name, kinds[name].bind_processor(dialect))
            for place, name in enumerate(names)
            if fixed[name] is None
        ]
        self._postgresql = dialect_name == "postgresql"
        self.columns = tuple(str(one.key) for one in statement.selected_columns)
        results = [
            one.type.dialect_impl(dialect).result_processor(dialect, None)
            for one in statement.selected_columns
        ]
        self._results = [(place, one) for place, one in enumerate(results) if one is not None]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        given = self._fixed.copy()
        for place, name, process in self._given:
            given[place] = values[name] if process is None else process(values[name])
        found = self._run(connection.connection.driver_connection, given)
        return [self._read(row) for row in found] if self._results else found

    def _run(self, driver: Any, given: list[Any]) -> list[Sequence[Any]]:
        if not self._postgresql:
            cursor = driver.execute(self._text, given)
            try:
                found: list[Sequence[Any]] = cursor.fetchall()
            finally:
                cursor.close()
            return found
        with psycopg.RawCursor(driver) as raw:
            return list(raw.execute(self._bytes, given, prepare=True).fetchall())

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        read = list(row)
        for place, process in self._results:
            read[place] = process(read[place])
        return read


def broke(connection: Connection, error: Exception) -> bool:
    """Whether this error of the driver means that the connection is lost; then it is put away."""
    dialect = connection.dialect
    driver = connection.connection.driver_connection
    if not isinstance(error, dialect.loaded_dbapi.Error) or driver is None:
        return False
    if not dialect.is_disconnect(error, connection.connection.dbapi_connection, None):
        return False
    connection.invalidate(error)
    return True
