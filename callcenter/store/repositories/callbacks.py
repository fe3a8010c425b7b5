"""Keeps call-backs that callers asked for, and messages they left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, or_, select, update

from callcenter.callbacks.request import CallbackRequest
from callcenter.calls.record import CallRecord
from callcenter.store import callback_counts
from callcenter.store.call_json import decode
from callcenter.store.callback_counts import OPEN_CALLBACK
from callcenter.store.repositories import bulk
from callcenter.store.sets import among
from callcenter.store.tables import call_channels, callback_requests, calls, voicemails
from callcenter.store.team_rows import teams
from callcenter.store.text import clipped, text_limits
from callcenter.voicemail.message import Voicemail

_REQUEST: Final = tuple(callback_requests.c[one.name] for one in fields(CallbackRequest))
_VOICEMAIL: Final = tuple(voicemails.c[one.name] for one in fields(Voicemail))
_REQUEST_LIMITS: Final = text_limits(callback_requests)
_VOICEMAIL_LIMITS: Final = text_limits(voicemails)


class CallbackRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, request_id: int) -> CallbackRequest | None:
        found = self._read(select(*_REQUEST).where(callback_requests.c.id == request_id))
        return found[0] if found else None

    def open_of(self, number: str, queue: str) -> CallbackRequest | None:
        row = callback_requests.c
        query = select(*_REQUEST).where(OPEN_CALLBACK, row.number == number, row.queue == queue)
        found = self._read(query)
        return found[0] if found else None

    def of_command(self, command_ids: Collection[str]) -> Sequence[CallbackRequest]:
        these = among(self._connection, callback_requests.c.command_id, sorted(command_ids))
        return self._read(select(*_REQUEST).where(these, OPEN_CALLBACK))

    def open_for(
        self, numbers: Iterable[str], customer_ids: Iterable[int]
    ) -> Sequence[CallbackRequest]:
        row = callback_requests.c
        theirs = or_(
            among(self._connection, row.number, sorted(set(numbers))),
            among(self._connection, row.customer_id, sorted(set(customer_ids))),
        )
        return self._read(select(*_REQUEST).where(OPEN_CALLBACK, theirs))

    def of_calls(self, call_ids: Collection[str]) -> Sequence[CallbackRequest]:
        row = callback_requests.c
        asked = among(self._connection, row.call_id, sorted(call_ids))
        return self._read(select(*_REQUEST).where(asked, row.interaction_id.is_(None)))

    def call_of(self, uniqueid: str) -> CallRecord | None:
        query = (
            select(calls.c.record)
            .select_from(call_channels.join(calls, calls.c.id == call_channels.c.call_id))
            .where(call_channels.c.uniqueid == uniqueid)
            .order_by(call_channels.c.at.desc())
            .limit(1)
        )
        record = self._connection.scalar(query)
        return decode(record) if record is not None else None

    def due(self, now: datetime, limit: int) -> Sequence[CallbackRequest]:
        row = callback_requests.c
        query = (
            select(*_REQUEST)
            .where(OPEN_CALLBACK, or_(row.next_at <= now, row.expires_at <= now))
            .order_by(row.place_at, row.id)
            .limit(limit)
        )
        return self._read(query)

    def add(self, values: Mapping[str, Any]) -> int:
        request_id = self._connection.scalar(
            callback_requests.insert()
            .values(clipped(dict(values), _REQUEST_LIMITS))
            .returning(callback_requests.c.id)
        )
        assert request_id is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(request_id)

    def change(self, request: CallbackRequest, values: Mapping[str, Any]) -> bool:
        row = callback_requests.c
        changed = self._connection.execute(
            update(callback_requests)
            .where(
                row.id == request.id,
                row.state == request.state,
                row.command_id == request.command_id,
                row.attempts == request.attempts,
            )
            .values(clipped(dict(values), _REQUEST_LIMITS))
        )
        return bool(changed.rowcount)

    def _read(self, query: Select[Any]) -> list[CallbackRequest]:
        return [CallbackRequest(**row._mapping) for row in self._connection.execute(query)]


class VoicemailRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, voicemail_id: int) -> Voicemail | None:
        found = self._read(select(*_VOICEMAIL).where(voicemails.c.id == voicemail_id))
        return found[0] if found else None

    def add_missing(self, rows: Sequence[Mapping[str, Any]]) -> int:
        known = self.of_calls({str(one["call_id"]) for one in rows})
        there = {(one.pbx, one.file) for one in known}
        fresh = [one for one in rows if (one["pbx"], one["file"]) not in there]
        kept = [clipped(dict(one), _VOICEMAIL_LIMITS) for one in fresh]
        bulk.insert_missing(self._connection, voicemails, kept)
        return len(kept)

    def of_calls(self, call_ids: Collection[str]) -> Sequence[Voicemail]:
        these = among(self._connection, voicemails.c.call_id, sorted(call_ids))
        return self._read(select(*_VOICEMAIL).where(these))

    def unmeasured(self, limit: int) -> Sequence[Voicemail]:
        row = voicemails.c
        query = (
            select(*_VOICEMAIL)
            .where(row.done_at.is_(None), row.seconds == 0)
            .order_by(row.due_at, row.id)
            .limit(limit)
        )
        return self._read(query)

    def open_for(self, numbers: Iterable[str], customer_ids: Iterable[int]) -> Sequence[Voicemail]:
        row = voicemails.c
        theirs = or_(
            among(self._connection, row.number, sorted(set(numbers))),
            among(self._connection, row.customer_id, sorted(set(customer_ids))),
        )
        return self._read(select(*_VOICEMAIL).where(row.done_at.is_(None), theirs))

    def change(self, voicemail_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(
            update(voicemails)
            .where(voicemails.c.id == voicemail_id)
            .values(clipped(dict(values), _VOICEMAIL_LIMITS))
        )

    def counts(self) -> dict[int, dict[str, int]]:
        known = teams(self._connection)
        return callback_counts.counted(self._connection, known, known.people)

    def _read(self, query: Select[Any]) -> list[Voicemail]:
        return [Voicemail(**row._mapping) for row in self._connection.execute(query)]
