"""Which tables a bundle of the archive is made of, read off the tables themselves, and how their
rows become plain values and rows again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Float, Integer, LargeBinary, String, Table

from callcenter.archive.shapes import Kind, Plain, Shape
from callcenter.store.tables import metadata
from callcenter.store.types import UtcDateTime

OF_CALL: Final[tuple[str, ...]] = (
    "call_legs",
    "call_channels",
    "leg_quality",
    "recording_pauses",
    "call_repairs",
    "call_journal",
)
OF_INTERACTION: Final[tuple[str, ...]] = (
    "interaction_candidates",
    "notes",
    "interaction_outcomes",
    "outcome_drafts",
    "script_runs",
)
TABLES: Final[tuple[str, ...]] = tuple(
    name for name in ("calls", *OF_CALL, "interactions", *OF_INTERACTION) if name in metadata.tables
)
"""A bundle's tables, each after those that it points at."""

FREE_KEYS: Final[frozenset[str]] = frozenset(
    {"notes", "call_journal", "call_repairs", "recording_pauses"}
)
"""Nothing points at rows of these: one whose id was given again meanwhile gets a new one."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def link(table: str) -> str:
    """By which column a row is its bundle's."""
    return {"interactions": "id", "calls": "id"}.get(
        table, "call_id" if table in OF_CALL else "interaction_id"
    )


def referrers() -> tuple[tuple[Column[Any], Column[Any]], ...]:
    """(column of a table that stays, what it points at): such an interaction or call stays too."""
    return tuple(
        (key.parent, key.column)
        for table in metadata.sorted_tables
        if table.name not in TABLES
        for key in table.foreign_keys
        if key.column.table.name in TABLES
    )


def micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def instant(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def kind(column: Column[Any]) -> Kind:
    for type_, name in _KINDS:
        if isinstance(column.type, type_):
            return name
    raise TypeError(f"the archive cannot keep {column.table.name}.{column.name}")


_KINDS: Final[tuple[tuple[type, Kind], ...]] = (
    (UtcDateTime, "instant"),
    (JSON, "json"),
    (Boolean, "flag"),
    (Float, "real"),
    (Integer, "whole"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
_PLAIN: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    "instant": micros,
    "json": lambda value: json.dumps(value, ensure_ascii=False),
    "bytes": lambda value: base64.b64encode(value).decode("ascii"),
    "real": float,
}
_VALUE: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    "instant": instant,
    "json": json.loads,
    "bytes": base64.b64decode,
}


def shape(table: Table) -> Shape:
    return Shape(
        table.name,
        tuple((column.name, kind(column)) for column in table.columns),
        tuple(column.name for column in table.primary_key.columns),
    )


SHAPES: Final[tuple[Shape, ...]] = tuple(shape(metadata.tables[name]) for name in TABLES)
_BY_NAME: Final[Mapping[str, Shape]] = {one.table: one for one in SHAPES}


def plain(table: str, row: Mapping[str, Any]) -> Plain:
    return {name: _through(_PLAIN, of, row[name]) for name, of in _BY_NAME[table].columns}


def values(table: str, row: Plain) -> dict[str, Any]:
    """A column that came after the row was written is left to its default."""
    columns = metadata.tables[table].c
    return {
        name: _through(_VALUE, of, row.get(name))
        for name, of in _BY_NAME[table].columns
        if row.get(name) is not None or columns[name].nullable
    }


def _through(how: Mapping[Kind, Callable[[Any], Any]], of: Kind, value: Any) -> Any:
    return value if value is None or of not in how else how[of](value)
