"""Reads definitions of fields and what records have in them; queries and repositories share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from callcenter.fields.definition import Choice, FieldDef, FieldObject, Value
from callcenter.fields.values import Columns, from_columns
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import custom_fields, custom_values


def defs(
    connection: Connection,
    of: FieldObject,
    *,
    active: bool | None = True,
    builtin: bool | None = False,
) -> tuple[FieldDef, ...]:
    """In the order in which they are shown. `active` or `builtin` of None: all alike."""
    query = select(custom_fields).where(custom_fields.c.object == of)
    if active is not None:
        query = query.where(custom_fields.c.active == active)
    if builtin is not None:
        query = query.where(custom_fields.c.builtin == builtin)
    rows = connection.execute(query.order_by(custom_fields.c.position, custom_fields.c.id))
    return tuple(_definition(row) for row in rows)


def one(connection: Connection, field_id: int) -> FieldDef | None:
    query = select(custom_fields).where(custom_fields.c.id == field_id)
    row = connection.execute(query).one_or_none()
    return _definition(row) if row is not None else None


def values(
    connection: Connection, fields: Sequence[FieldDef], ids: Sequence[int]
) -> dict[int, dict[str, Value]]:
    """Record → key → value, in the order of the fields."""
    found: dict[int, dict[int, Value]] = {}
    known = {field.id: field for field in fields}
    table = custom_values.c
    for part in chunks(sorted(set(ids))) if known else ():
        query = select(custom_values).where(
            among(connection, table.object_id, part), among(connection, table.field_id, known)
        )
        for row in connection.execute(query):
            columns = Columns(text=row.text, number=row.number, day=row.day)
            value = from_columns(known[row.field_id], columns)
            if value is not None:
                found.setdefault(row.object_id, {})[row.field_id] = value
    return {
        owner: {field.key: had[field.id] for field in fields if field.id in had}
        for owner, had in found.items()
    }


def _definition(row: Row[Any]) -> FieldDef:
    currency = row.choices[0].get("key", "") if row.kind == "money" and row.choices else ""
    choices = row.choices if row.kind == "choice" else []
    return FieldDef(
        id=row.id,
        object=row.object,
        key=row.key,
        label=row.label,
        kind=row.kind,
        labels=row.labels,
        choices=tuple(_choice(told) for told in choices),
        currency=currency,
        required=row.required,
        sensitive=row.sensitive,
        builtin=row.builtin,
        active=row.active,
        position=row.position,
    )


def _choice(told: Mapping[str, Any]) -> Choice:
    return Choice(key=told["key"], label=told["label"], labels=told.get("labels", {}))


def with_values(rows: Iterable[Row[Any]]) -> dict[str, Value]:
    """Rows of one record's fields, each beside its value."""
    found: dict[str, Value] = {}
    for row in rows:
        field = _definition(row)
        value = from_columns(field, Columns(text=row.text, number=row.number, day=row.day))
        if value is not None:
            found[field.key] = value
    return found
