"""A statement over our tables in the words of the archive's files: what DuckDB is asked, and its
rows as the database would have told them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Connection, LargeBinary, Select, Table, select
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import IdentifierPreparer

from callcenter.store.tables import outcomes, users
from callcenter.store.types import UtcDateTime


class _Quoted(IdentifierPreparer):
    """DuckDB keeps other words for itself than SQLAlchemy knows of."""

    def _requires_quotes(self, value: str) -> bool:  # noqa: ARG002
        return True


class _DuckDialect(DefaultDialect):
    preparer = _Quoted
    div_is_floordiv = False  # 7 / 2 is 3.5 there


_DIALECT: Final = _DuckDialect(paramstyle="numeric_dollar")
_BESIDE: Final[Mapping[str, tuple[Table, tuple[str, ...]]]] = {
    # Small tables of the database that statements about contacts join.
    "users": (users, ("id", "display_name")),
    "outcomes": (outcomes, ("id", "label", "labels", "kind", "parent_id")),
}


class Statement:
    """`sql` and `values` are what the files are asked. `connection`: the database, for what stands
    beside contacts."""

    def __init__(self, connection: Connection, query: Select[Any]) -> None:
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        told = [_bound(compiled.params[name]) for name in compiled.positiontup or ()]
        sql = re.sub(r"^WITH ", ", ", str(compiled))  # it stands after the files' own tables
        self.sql, self.values = _with_beside(connection, sql, told)
        self._columns = list(query.exported_columns)
        self.names = [str(column.key) for column in self._columns]

    def rows(self, told: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Raises ValueError or TypeError for what cannot be true."""
        return [
            tuple(_value(one.type, value) for one, value in zip(self._columns, row, strict=True))
            for row in told
        ]


def _with_beside(connection: Connection, sql: str, told: list[Any]) -> tuple[str, list[Any]]:
    beside = []
    for name, (table, columns) in _BESIDE.items():
        if f'"{name}".' not in sql:
            continue
        rows = connection.execute(select(*(table.c[one] for one in columns))).all()
        parts = []
        for place, column in enumerate(columns):
            kind = "BIGINT" if column in ("id", "parent_id") else "VARCHAR"
            told = [*told, [_plain(row[place]) for row in rows]]
            parts.append(f'unnest(${len(told)}::{kind}[]) AS "{column}"')
        beside.append(f"{name} AS (SELECT {', '.join(parts)})")
    return (f", {', '.join(beside)} {sql}" if beside else sql), told


def _bound(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    if isinstance(value, int | str) or value is None:
        return value
    return json.dumps(value, ensure_ascii=False)


def _value(type_: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(type_, UtcDateTime):
        return value.replace(tzinfo=UTC)
    if isinstance(type_, JSON):
        return json.loads(value)
    return bytes(value) if isinstance(type_, LargeBinary) else value
