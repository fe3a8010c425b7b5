"""Rows that are at hand as a table of one statement: what another store has, beside our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, Connection, Subquery, Text, func, literal, select, type_coerce
from sqlalchemy.types import TypeEngine

from callcenter.store.text import to_json

_AS_STORED = "%Y-%m-%d %H:%M:%S.%f"


def given(
    connection: Connection, types: Mapping[str, TypeEngine[Any]], rows: Sequence[Sequence[Any]]
) -> Subquery:
    """`rows` with columns of these names and types, in this order."""
    if connection.dialect.name == "sqlite":
        told = to_json([[_stored(value) for value in row] for row in rows])
        each = func.json_each(literal(told, Text)).table_valued("value")
        columns = [
            type_coerce(func.json_extract(each.c.value, f"$[{place}]"), of).label(name)
            for place, (name, of) in enumerate(types.items())
        ]
        return select(*columns).subquery("given")
    by_column = list(zip(*rows, strict=True)) or [()] * len(types)
    return select(
        *(
            func.unnest(literal(list(values), ARRAY(of)), type_=of).label(name)
            for (name, of), values in zip(types.items(), by_column, strict=True)
        )
    ).subquery("given")


def _stored(value: Any) -> Any:
    return value.astimezone(UTC).strftime(_AS_STORED) if isinstance(value, datetime) else value
