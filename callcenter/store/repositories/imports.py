"""Keeps files being taken in and given out: whose turn each is, how far it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    literal_column,
    or_,
    select,
    update,
)

from callcenter.imports.job import Export, Import, RowError, attempt_of
from callcenter.store.repositories import bulk
from callcenter.store.tables import exports, import_errors, import_mappings, imports
from callcenter.store.text import clip, storable_json

HAS_FILE: Final[ColumnElement[bool]] = literal_column("exports.stored_as") != literal_column("''")
"""Of files given out; written as their index has it."""
_WITH_FILE = ("draft", "paused", "done", "failed", "undone")


class ImportRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, kind: str, name: str, *, stored_as: str, size: int, user_id: int | None, at: datetime
    ) -> int:
        row = {
            "kind": kind,
            "name": clip(name, 255),
            "stored_as": stored_as,
            "size": size,
            "user_id": user_id,
            "plan": {},
            "created_at": at,
            "updated_at": at,
        }
        made = self._connection.scalar(imports.insert().values(row).returning(imports.c.id))
        assert made is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(made)

    def get(self, import_id: int) -> Import | None:
        row = self._connection.execute(select(imports).where(imports.c.id == import_id)).first()
        return Import(**row._mapping) if row is not None else None

    def set(self, import_id: int, values: Mapping[str, Any]) -> None:
        row = storable_json(dict(values))
        self._connection.execute(update(imports).where(imports.c.id == import_id).values(row))

    def move(self, import_id: int, states: Sequence[str], values: Mapping[str, Any]) -> bool:
        changed = self._connection.execute(
            update(imports)
            .where(imports.c.id == import_id, imports.c.state.in_(list(states)))
            .values(dict(values))
        )
        return changed.rowcount > 0

    def claim(
        self, turn: str, now: datetime, stale: datetime, *, only: int | None = None
    ) -> Import | None:
        claimed = _claim(self._connection, imports, turn, now, stale, only=only)
        return self.get(claimed) if claimed is not None else None

    def hold(self, import_id: int, turn: str, position: int, now: datetime) -> Import | None:
        table = imports.c
        theirs = (table.id == import_id, table.turn == turn, table.position == position)
        held = self._connection.execute(
            update(imports).where(*theirs, table.state == "running").values(updated_at=now)
        )
        return self.get(import_id) if held.rowcount else None

    def add_errors(self, import_id: int, errors: Sequence[RowError]) -> None:
        rows = [
            {
                "import_id": import_id,
                "record": one.record,
                "line": one.line,
                "cells": storable_json(list(one.cells)),
                "problems": storable_json([list(problem) for problem in one.problems]),
            }
            for one in errors
        ]
        bulk.insert_missing(self._connection, import_errors, rows)

    def forget_errors(self, import_id: int) -> None:
        self._connection.execute(
            delete(import_errors).where(import_errors.c.import_id == import_id)
        )

    def remove(self, import_id: int) -> None:
        self.forget_errors(import_id)
        self._connection.execute(delete(imports).where(imports.c.id == import_id))

    def old_files(self, before: datetime) -> list[Import]:
        query = select(imports).where(
            imports.c.state.in_(_WITH_FILE),
            imports.c.updated_at < before,
            imports.c.stored_as != "",
        )
        return [Import(**row._mapping) for row in self._connection.execute(query)]

    def remember(
        self, kind: str, signature: str, plan: Mapping[str, Any], user_id: int | None, at: datetime
    ) -> None:
        row = {
            "kind": kind,
            "signature": signature,
            "plan": storable_json(dict(plan)),
            "user_id": user_id,
            "used_at": at,
        }
        bulk.upsert(
            self._connection,
            import_mappings,
            [row],
            keys=["kind", "signature"],
            changes=["plan", "user_id", "used_at"],
        )

    def recall(self, kind: str, signature: str) -> Mapping[str, Any] | None:
        query = select(import_mappings.c.plan).where(
            import_mappings.c.kind == kind, import_mappings.c.signature == signature
        )
        found = self._connection.scalar(query)
        return dict(found) if found is not None else None


class ExportRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, kind: str, form: str, plan: Mapping[str, Any], user_id: int | None, at: datetime
    ) -> int:
        row = {
            "kind": kind,
            "format": form,
            "plan": storable_json(dict(plan)),
            "user_id": user_id,
            "created_at": at,
            "updated_at": at,
        }
        made = self._connection.scalar(exports.insert().values(row).returning(exports.c.id))
        assert made is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(made)

    def get(self, export_id: int) -> Export | None:
        row = self._connection.execute(select(exports).where(exports.c.id == export_id)).first()
        return Export(**row._mapping) if row is not None else None

    def set(self, export_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(
            update(exports).where(exports.c.id == export_id).values(dict(values))
        )

    def hold(self, export_id: int, turn: str, values: Mapping[str, Any]) -> bool:
        ours = (exports.c.id == export_id) & (exports.c.turn == turn)
        held = update(exports).where(ours, exports.c.state == "running").values(dict(values))
        return self._connection.execute(held).rowcount > 0

    def end_open(self, export_id: int, values: Mapping[str, Any]) -> bool:
        is_open = (exports.c.id == export_id) & exports.c.state.in_(("queued", "running"))
        ended = update(exports).where(is_open).values(dict(values))
        return self._connection.execute(ended).rowcount > 0

    def claim(
        self, turn: str, now: datetime, stale: datetime, *, only: int | None = None
    ) -> Export | None:
        claimed = _claim(self._connection, exports, turn, now, stale, only=only, counted=True)
        return self.get(claimed) if claimed is not None else None

    def old_files(self, before: datetime) -> list[Export]:
        query = select(exports).where(
            exports.c.state.in_(("done", "failed")),
            exports.c.updated_at < before,
            HAS_FILE,
        )
        return [Export(**row._mapping) for row in self._connection.execute(query)]


def _claim(
    connection: Connection,
    table: Table,
    turn: str,
    now: datetime,
    stale: datetime,
    *,
    only: int | None = None,
    counted: bool = False,
) -> int | None:
    left = (table.c.state == "running") & (table.c.updated_at < stale)
    waits = table.c.state == "queued"
    if counted:  # one that was put back with its turn waits for a while
        waits &= or_(table.c.turn == "", table.c.updated_at < stale)
    free = or_(waits, left)
    query = select(table.c.id, table.c.turn).where(free).order_by(table.c.id).limit(1)
    if only is not None:
        query = query.where(table.c.id == only)
    waiting = connection.execute(query).first()
    if waiting is None:
        return None
    turn = f"{attempt_of(waiting.turn) + 1}-{turn}" if counted else turn
    taken = connection.execute(
        update(table)
        .where(table.c.id == waiting.id, free)
        .values(state="running", turn=turn, updated_at=now)
    )
    return int(waiting.id) if taken.rowcount else None
