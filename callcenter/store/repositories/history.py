"""Keeps what records were: their changes, and what was done to many of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from callcenter.history.batch import Batch, BatchKind, BatchState
from callcenter.history.change import DELETED, Change, ChangeDraft
from callcenter.store import customer_links, documents, record_kinds
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks
from callcenter.store.repositories.customers import CustomerRepository
from callcenter.store.sets import among
from callcenter.store.tables import batches, changes, customers, metadata
from callcenter.store.text import clip, storable_json, text_limits

_NAMES: Final = frozenset({"display_name", "given_name", "family_name", "organization_id"})
_LATEST: Final = 200
_TITLE: Final = text_limits(batches)["title"]
_COLUMNS: Final = tuple(one.name for one in fields(ChangeDraft))


class HistoryRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keeps(self, object_type: str) -> bool:
        return record_kinds.known(object_type)

    def documents(self, object_type: str, ids: Sequence[int | str]) -> dict[str, dict[str, Any]]:
        return documents.read(self._connection, object_type, [str(one) for one in ids])

    def write(
        self, object_type: str, object_id: int | str, values: Mapping[str, Any], at: datetime
    ) -> None:
        documents.write(self._connection, object_type, str(object_id), values, at)
        if object_type == "customer" and _NAMES & values.keys():
            CustomerRepository(self._connection).index_words(int(object_id))

    def remove(self, object_type: str, object_id: int | str, at: datetime) -> None:
        kind = record_kinds.KINDS[object_type]
        if "deleted_at" in metadata.tables[kind.table].c:
            self.write(object_type, object_id, {DELETED: True}, at)
            return
        documents.delete_row(self._connection, object_type, str(object_id))

    def add(self, changes_made: Sequence[ChangeDraft]) -> None:
        # Not asdict: it copies every value of every field.
        columns = {name: [getattr(one, name) for one in changes_made] for name in _COLUMNS}
        if self._connection.dialect.name == "sqlite":
            columns["fields"] = [storable_json(dict(one)) for one in columns["fields"]]
        bulk.add_columns(self._connection, changes, columns)

    def change(self, change_id: int) -> Change | None:
        row = self._connection.execute(select(changes).where(changes.c.id == change_id)).first()
        return _change(row) if row is not None else None

    def since(self, object_type: str, object_id: int | str, change_id: int) -> list[Change]:
        query = (
            select(changes)
            .where(
                changes.c.object_type == object_type,
                changes.c.object_id == str(object_id),
                changes.c.id > change_id,
            )
            .order_by(changes.c.id.desc())
        )
        return [_change(row) for row in self._connection.execute(query)]

    def of_batch(self, batch_id: int, below_id: int | None, limit: int) -> list[Change]:
        query = select(changes).where(changes.c.batch_id == batch_id)
        if below_id is not None:
            query = query.where(changes.c.id < below_id)
        query = query.order_by(changes.c.id.desc()).limit(limit)
        return [_change(row) for row in self._connection.execute(query)]

    def used(self, object_type: str, ids: Sequence[int | str]) -> frozenset[str]:
        if object_type == "customer":
            found = customer_links.used(self._connection, [int(one) for one in ids])
            return frozenset(map(str, found))
        if object_type == "organization":
            return frozenset(map(str, self._with_people([int(one) for one in ids])))
        return frozenset()

    def _with_people(self, ids: Sequence[int]) -> set[int]:
        query = select(customers.c.organization_id).where(
            among(self._connection, customers.c.organization_id, ids),
            customers.c.deleted_at.is_(None),
        )
        return set(self._connection.scalars(query.distinct()))

    def forget(self, object_type: str, ids: Sequence[int | str]) -> None:
        for some in chunks([str(one) for one in ids]):
            theirs = among(self._connection, changes.c.object_id, some)
            self._connection.execute(
                update(changes)
                .where(changes.c.object_type == object_type, theirs)
                .values(fields={})
            )


class BatchRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        kind: BatchKind,
        title: str,
        *,
        user_id: int | None,
        at: datetime,
        total: int = 0,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        row = {
            "kind": kind,
            "title": clip(title, _TITLE),
            "user_id": user_id,
            "at": at,
            "total": total,
            "detail": storable_json(dict(detail or {})),
        }
        batch_id = self._connection.scalar(batches.insert().values(row).returning(batches.c.id))
        return int(batch_id or 0)

    def hold(self, batch_id: int) -> Batch | None:
        query = select(batches).where(batches.c.id == batch_id).with_for_update()
        row = self._connection.execute(query).first()
        return Batch(**row._mapping) if row is not None else None

    def get(self, batch_id: int) -> Batch | None:
        row = self._connection.execute(select(batches).where(batches.c.id == batch_id)).first()
        return Batch(**row._mapping) if row is not None else None

    def update(
        self,
        batch_id: int,
        *,
        state: BatchState | None = None,
        done: int | None = None,
        total: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        named = {"state": state, "done": done, "total": total}
        values: dict[str, Any] = {name: one for name, one in named.items() if one is not None}
        if detail:
            known = self._connection.scalar(
                select(batches.c.detail).where(batches.c.id == batch_id)
            )
            values["detail"] = {**(known or {}), **storable_json(dict(detail))}
        if values:
            self._set(batch_id, values)

    def asked(self) -> list[Batch]:
        query = (
            select(batches)
            .where(batches.c.state.in_(("done", "failed")))
            .order_by(batches.c.id.desc())
            .limit(_LATEST)
        )
        rows = self._connection.execute(query)
        found = (Batch(**row._mapping) for row in rows)
        return [
            one
            for one in found
            if "undo_wanted" in one.detail and not one.detail.get("undo_refused")
        ]

    def mark_undone(self, batch_id: int, *, user_id: int | None, at: datetime) -> None:
        self._set(batch_id, {"state": "undone", "undone_at": at, "undone_by": user_id})

    def _set(self, batch_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(update(batches).where(batches.c.id == batch_id).values(**values))


def _change(row: Row[Any]) -> Change:
    return Change(**row._mapping)
