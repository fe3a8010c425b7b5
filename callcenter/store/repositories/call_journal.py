"""Keeps what calls were made from (the raw events, compressed) and what the ledger mended."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, update

from callcenter.calls.journal import JournalPart
from callcenter.calls.repair import Repair
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks, now
from callcenter.store.sets import among
from callcenter.store.tables import call_journal, call_repairs, interactions
from callcenter.store.text import clip, clipped, storable, text_limits

_LEVEL: Final = 3  # half the time of the usual level, for a sixth more bytes
_KEYS: Final = ("call_id", "source", "digest")
_CHANGES: Final = ("pbx", "started_at", "dated_at", "events", "data", "size")
_REPAIR_LIMITS: Final = text_limits(call_repairs)


class JournalRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, parts: Sequence[JournalPart]) -> None:
        """A part of source "ledger" replaces the one its call has; a "live" one is kept once."""
        moment = now()
        rows = {tuple(row[k] for k in _KEYS): row for row in (_row(p, moment) for p in parts)}
        ordered = [rows[key] for key in sorted(rows)]
        live = [row for row in ordered if row["source"] == "live"]
        ledger = [row for row in ordered if row["source"] != "live"]
        bulk.insert_missing(self._connection, call_journal, live)
        bulk.upsert(self._connection, call_journal, ledger, keys=_KEYS, changes=_CHANGES)

    def of_call(self, call_id: str) -> tuple[JournalPart, ...]:
        return self.of_calls([call_id]).get(call_id, ())

    def of_calls(self, call_ids: Sequence[str]) -> dict[str, tuple[JournalPart, ...]]:
        """Call id → its parts in the order in which they were written; without those of none."""
        found: dict[str, tuple[JournalPart, ...]] = {}
        for ids in chunks(sorted(set(call_ids))):
            query = (
                select(call_journal)
                .where(among(self._connection, call_journal.c.call_id, ids))
                .order_by(call_journal.c.id)
            )
            for row in self._connection.execute(query):
                found[row.call_id] = (*found.get(row.call_id, ()), _part(row))
        return found

    def merge(self, absorbed_id: str, into_id: str) -> None:
        """The parts of `absorbed_id` explain `into_id` now; of the ledger one part stays, whole."""
        parts = self.of_call(absorbed_id) if absorbed_id != into_id else ()
        if not parts:
            return
        self.forget([absorbed_id])
        moved = [replace(part, call_id=into_id) for part in parts]
        ledger = [one for one in self.of_call(into_id) if one.source == "ledger"]
        ledger += [one for one in moved if one.source == "ledger"]
        live = [one for one in moved if one.source == "live"]
        self.add([*live, *([_joined(ledger)] if ledger else ())])

    def forget(self, call_ids: Sequence[str]) -> None:
        for ids in chunks(sorted(set(call_ids))):
            self._connection.execute(
                delete(call_journal).where(among(self._connection, call_journal.c.call_id, ids))
            )

    def prune(self, before: datetime, limit: int) -> int:
        table = call_journal.c
        oldest = select(table.id).where(table.dated_at < before).order_by(table.dated_at)
        statement = delete(call_journal).where(table.id.in_(oldest.limit(limit)))
        return self._connection.execute(statement).rowcount


class RepairRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, repairs: Sequence[Repair]) -> None:
        """Each once, and counted on the interaction of its call."""
        rows = {(one.call_id, _digest(one)): one for one in repairs}
        bulk.insert_missing(
            self._connection, call_repairs, [_repair_row(*key, rows[key]) for key in sorted(rows)]
        )
        self._count(sorted({call_id for call_id, _ in rows}))

    def of_call(self, call_id: str) -> tuple[Repair, ...]:
        query = (
            select(*(c for c in call_repairs.columns if c.name not in ("id", "digest")))
            .where(call_repairs.c.call_id == call_id)
            .order_by(call_repairs.c.at, call_repairs.c.id)
        )
        return tuple(Repair(**row._mapping) for row in self._connection.execute(query))

    def merge(self, absorbed_id: str, into_id: str) -> None:
        moved = self.of_call(absorbed_id) if absorbed_id != into_id else ()
        if moved:
            self.forget([absorbed_id])
            self.record([replace(one, call_id=into_id) for one in moved])

    def forget(self, call_ids: Sequence[str]) -> None:
        for ids in chunks(sorted(set(call_ids))):
            self._connection.execute(
                delete(call_repairs).where(among(self._connection, call_repairs.c.call_id, ids))
            )

    def _count(self, call_ids: Sequence[str]) -> None:
        count = (
            select(func.count())
            .select_from(call_repairs)
            .where(call_repairs.c.call_id == interactions.c.call_id)
            .scalar_subquery()
        )
        for ids in chunks(call_ids):
            self._connection.execute(
                update(interactions)
                .where(among(self._connection, interactions.c.call_id, ids))
                .values(repairs=count)
            )


def _row(part: JournalPart, moment: datetime) -> dict[str, Any]:
    data = zlib.compress(part.data, _LEVEL)
    return {
        "call_id": part.call_id,
        "pbx": clip(part.pbx, 80),
        "source": part.source,
        # Of what is small: a writer that tries again has compressed it in the same way.
        "digest": hashlib.sha256(data).hexdigest() if part.source == "live" else "",
        "started_at": part.started_at,
        "dated_at": part.started_at or moment,
        "events": part.events,
        "data": data,
        "size": len(part.data),
    }


def _part(row: Row[Any]) -> JournalPart:
    return JournalPart(
        call_id=row.call_id,
        pbx=row.pbx,
        source=row.source,
        started_at=row.started_at,
        events=row.events,
        data=zlib.decompress(row.data),
    )


def _joined(parts: Sequence[JournalPart]) -> JournalPart:
    """Ledger parts of two halves of one call: the header once, then every line once."""
    header = parts[0].data.partition(b"\n")[0]
    lines = dict.fromkeys(line for part in parts for line in part.data.split(b"\n")[1:] if line)
    starts = [part.started_at for part in parts if part.started_at is not None]
    return replace(
        parts[0],
        started_at=min(starts, default=None),
        events=len(lines),
        data=b"\n".join((header, *lines, b"")),
    )


def _digest(repair: Repair) -> str:
    told = (repair.field, repair.before, repair.after, repair.at.timestamp())
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()


def _repair_row(call_id: str, digest: str, repair: Repair) -> dict[str, Any]:
    row = {
        "call_id": call_id,
        "digest": digest,
        "at": repair.at,
        "cause": repair.cause,
        "field": repair.field,
        "before": storable(repair.before),
        "after": storable(repair.after),
    }
    return clipped(row, _REPAIR_LIMITS)
