"""Pauses in the recordings of calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, text, update

from callcenter.ports.recordings import PauseCause, RecordingPause
from callcenter.store.repositories.base import insert
from callcenter.store.sets import among
from callcenter.store.tables import calls, recording_pauses

_table = recording_pauses.c
_OPEN = _table.resumed_at.is_(None)


class RecordingPauseRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(  # noqa: PLR0917 (one row)
        self,
        call_id: str,
        channel: str,
        user_id: int,
        cause: PauseCause,
        at: datetime,
        resume_at: datetime,
    ) -> RecordingPause:
        statement = insert(self._connection, recording_pauses).values(
            call_id=call_id,
            channel=channel,
            user_id=user_id,
            cause=cause,
            began_at=at,
            resume_at=resume_at,
        )
        later = statement.excluded.resume_at
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[_table.call_id, _table.channel],
                index_where=text("resumed_at IS NULL"),
                set_={"resume_at": later},
                where=_table.resume_at < later,
            )
        )
        (found,) = self._read(_table.call_id == call_id, _table.channel == channel)
        return found

    def open_of(self, call_ids: Sequence[str]) -> tuple[RecordingPause, ...]:
        return self._read(among(self._connection, _table.call_id, call_ids))

    def due(self, at: datetime, limit: int) -> tuple[RecordingPause, ...]:
        return self._read(_table.resume_at <= at, limit=limit)

    def of_ended_calls(self, limit: int) -> tuple[RecordingPause, ...]:
        live = select(calls.c.id).where(calls.c.id == _table.call_id, calls.c.live)
        return self._read(~live.exists(), limit=limit)

    def resume(self, pause_ids: Sequence[int], at: datetime) -> tuple[int, ...]:
        statement = (
            update(recording_pauses)
            .where(among(self._connection, _table.id, pause_ids), _OPEN)
            .values(resumed_at=at)
            .returning(_table.id)
        )
        return tuple(sorted(self._connection.scalars(statement)))

    def _read(
        self, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> tuple[RecordingPause, ...]:
        query: Select[Any] = select(recording_pauses).where(_OPEN, *conditions)
        query = query.order_by(_table.resume_at, _table.id).limit(limit)
        return tuple(RecordingPause(**row._mapping) for row in self._connection.execute(query))
