"""Keeps a company's own fields, and what records have in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from callcenter.errors import Conflict
from callcenter.fields.definition import Choice, FieldDef, FieldDraft, FieldObject, Value
from callcenter.fields.values import to_columns
from callcenter.store import field_rows
from callcenter.store.repositories import bulk
from callcenter.store.sets import among
from callcenter.store.tables import custom_fields, custom_values
from callcenter.store.text import storable


class CustomFieldRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def defs(
        self, of: FieldObject, *, active: bool | None = True, builtin: bool | None = False
    ) -> tuple[FieldDef, ...]:
        return field_rows.defs(self._connection, of, active=active, builtin=builtin)

    def get(self, field_id: int) -> FieldDef | None:
        return field_rows.one(self._connection, field_id)

    def add(self, draft: FieldDraft) -> int:
        table = custom_fields.c
        taken = select(table.id).where(table.object == draft.object, table.key == draft.key)
        if self._connection.scalar(taken) is not None:
            raise Conflict("key", "there is a field of that key already")
        last = self._connection.scalar(
            select(func.max(table.position)).where(table.object == draft.object)
        )
        row = {
            "object": draft.object,
            "key": draft.key,
            "label": draft.label,
            "labels": dict(draft.labels),
            "kind": draft.kind,
            "choices": choices_json(draft.choices, draft.currency),
            "required": draft.required,
            "sensitive": draft.sensitive,
            "position": (last or 0) + 1,
        }
        made = self._connection.scalar(custom_fields.insert().values(row).returning(table.id))
        assert made is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(made)

    def change(self, field_id: int, values: Mapping[str, Any]) -> None:
        row = dict(values)
        if "choices" in row:
            row["choices"] = choices_json(row["choices"], "")
        self._connection.execute(
            update(custom_fields).where(custom_fields.c.id == field_id).values(row)
        )

    def values(self, of: FieldObject, ids: Sequence[int]) -> dict[int, dict[str, Value]]:
        return field_rows.values(self._connection, self.defs(of, active=None), ids)

    def store(self, of: FieldObject, object_id: int, values: Mapping[str, Value | None]) -> None:
        self.store_many(of, {object_id: values})

    def store_many(self, of: FieldObject, values: Mapping[int, Mapping[str, Value | None]]) -> None:
        """Two statements for any number of records: those without a value go, the others come."""
        fields = {field.key: field.id for field in self.defs(of, active=None)}
        rows: list[dict[str, Any]] = []
        gone: dict[int, list[int]] = {}
        for object_id, told in values.items():
            for key, value in told.items():
                if value is None:
                    gone.setdefault(fields[key], []).append(object_id)
                else:
                    rows.append(_row(object_id, fields[key], value))
        for field_id, ids in gone.items():
            self._connection.execute(
                delete(custom_values).where(
                    custom_values.c.field_id == field_id,
                    among(self._connection, custom_values.c.object_id, ids),
                )
            )
        bulk.upsert(
            self._connection,
            custom_values,
            rows,
            keys=["object_id", "field_id"],
            changes=["text", "number", "day"],
        )


def choices_json(choices: Sequence[Choice], currency: str) -> list[dict[str, Any]]:
    if currency:
        return [{"key": currency}]
    return [{**asdict(one), "labels": dict(one.labels)} for one in choices]


def _row(object_id: int, field_id: int, value: Value) -> dict[str, Any]:
    columns = to_columns(value)
    return {
        "object_id": object_id,
        "field_id": field_id,
        "text": storable(columns.text)[:255],
        "number": columns.number,
        "day": columns.day,
    }
