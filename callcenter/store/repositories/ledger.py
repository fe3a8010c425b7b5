"""Keeps how far the ledger was read, what of it could not be, and what forwarders have sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select, update

from callcenter.calls.ledger import LedgerPosition, LedgerSource, SetAside
from callcenter.ports import InboxChunk
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import insert
from callcenter.store.tables import (
    ledger_inbox,
    ledger_positions,
    ledger_received,
    ledger_set_aside,
)
from callcenter.store.text import clip, clipped, text_limits

_SET_ASIDE_LIMITS: Final = text_limits(ledger_set_aside)
_POSITION_LIMITS: Final = text_limits(ledger_positions)
_POSITION_CHANGES: Final = [c.name for c in ledger_positions.columns if not c.primary_key]
_CHUNK: Final = [ledger_inbox.c[field.name] for field in fields(InboxChunk)]
_PATH: Final = 1024
_FILE_ID: Final = 255


class LedgerRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self, pbx: str, source: LedgerSource) -> LedgerPosition | None:
        table = ledger_positions.c
        query = select(ledger_positions).where(table.pbx == pbx, table.source == source)
        row = self._connection.execute(query).one_or_none()
        return LedgerPosition(**row._mapping) if row is not None else None

    def save_position(self, position: LedgerPosition) -> None:
        bulk.upsert(
            self._connection,
            ledger_positions,
            [clipped(asdict(position), _POSITION_LIMITS)],
            keys=["pbx", "source"],
            changes=_POSITION_CHANGES,
        )

    def set_aside(self, rows: Sequence[SetAside]) -> None:
        """Each line once: a file that is read again sets nothing aside a second time."""
        values = [clipped(asdict(row), _SET_ASIDE_LIMITS) for row in rows]
        bulk.insert_missing(self._connection, ledger_set_aside, values)

    def prune_set_aside(self, before: datetime, limit: int) -> int:
        table = ledger_set_aside.c
        oldest = select(table.id).where(table.at < before).order_by(table.at, table.id)
        statement = delete(ledger_set_aside).where(table.id.in_(oldest.limit(limit)))
        return self._connection.execute(statement).rowcount

    # -- what forwarders send --------------------------------------------------------------------

    def receive(  # noqa: PLR0917 (one row of the inbox)
        self, pbx: str, file_id: str, path: str, offset: int, data: bytes, at: datetime
    ) -> int:
        """Take the bytes from `offset` on that are not here yet; a gap is refused.

        Returns the offset that is expected next: a forwarder goes on from there whatever happened.
        """
        file_id = clip(file_id, _FILE_ID)
        expected = self._received_to(pbx, file_id, path, at)
        fresh = data[expected - offset :] if offset <= expected else b""
        if not fresh:
            return expected
        self._connection.execute(
            ledger_inbox.insert().values(
                pbx=pbx,
                file_id=file_id,
                path=clip(path, _PATH),
                offset=expected,
                data=fresh,
                received_at=at,
            )
        )
        table = ledger_received
        self._connection.execute(
            update(table)
            .where(table.c.pbx == pbx, table.c.file_id == file_id)
            .values(path=clip(path, _PATH), received_to=expected + len(fresh), last_at=at)
        )
        return expected + len(fresh)

    def _received_to(self, pbx: str, file_id: str, path: str, at: datetime) -> int:
        """Locked until the end of the transaction, so that two senders take turns."""
        row = {"pbx": pbx, "file_id": file_id, "path": clip(path, _PATH), "received_to": 0}
        self._connection.execute(
            insert(self._connection, ledger_received)
            .values(row | {"first_at": at, "last_at": at})
            .on_conflict_do_nothing()
        )
        table = ledger_received.c
        query = select(table.received_to).where(table.pbx == pbx, table.file_id == file_id)
        return int(self._connection.scalars(query.with_for_update()).one())

    def inbox(self, pbx: str, after_id: int, limit: int) -> tuple[InboxChunk, ...]:
        table = ledger_inbox.c
        query = (
            select(*_CHUNK)
            .where(table.pbx == pbx, table.id > after_id)
            .order_by(table.id)
            .limit(limit)
        )
        return tuple(InboxChunk(**row._mapping) for row in self._connection.execute(query))

    def drop_inbox(self, pbx: str, up_to_id: int) -> int:
        table = ledger_inbox.c
        statement = delete(ledger_inbox).where(table.pbx == pbx, table.id <= up_to_id)
        return self._connection.execute(statement).rowcount
