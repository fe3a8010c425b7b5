"""Keeps messages, and the outbox that those of ours stand in until they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, literal_column, or_, select, update

from callcenter.channels.message import Message
from callcenter.channels.words import indexed
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import insert
from callcenter.store.tables import attachments, conversations, files, messages
from callcenter.store.text import clipped, storable, storable_json, text_limits

_LIMITS: Final = text_limits(messages)
_NAMES: Final = tuple(field.name for field in fields(Message))
_COLUMNS: Final = tuple(messages.c[name] for name in _NAMES)
QUEUED: Final = messages.c.state == literal_column("'queued'")  # as the index has it


class MessageRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message: Message) -> int | None:
        row = asdict(message)
        del row["id"]
        row["text"] = storable(message.text)
        row["recipients"] = storable_json({k: list(v) for k, v in message.recipients.items()})
        row["words"] = indexed(message.subject, message.text)
        statement = insert(self._connection, messages).values(clipped(row, _LIMITS))
        added: int | None = self._connection.scalar(
            statement.on_conflict_do_nothing(index_elements=["external_id"]).returning(
                messages.c.id
            )
        )
        return added

    def get(self, message_id: int) -> Message | None:
        return self._one(messages.c.id == message_id)

    def by_external(self, external_id: str) -> Message | None:
        return self._one(messages.c.external_id == external_id)

    def of(self, conversation_id: int, limit: int = 200) -> tuple[Message, ...]:
        query = select(*_COLUMNS).where(messages.c.conversation_id == conversation_id)
        query = query.order_by(messages.c.at.desc(), messages.c.id.desc()).limit(limit)
        return tuple(message_of(row) for row in self._connection.execute(query))[::-1]

    def due(self, channel: str, now: datetime, limit: int) -> tuple[Message, ...]:
        query = (
            select(*_COLUMNS)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                QUEUED,
                conversations.c.channel == channel,
                or_(messages.c.next_at.is_(None), messages.c.next_at <= now),
            )
            .order_by(messages.c.next_at, messages.c.id)
            .limit(limit)
        )
        return tuple(message_of(row) for row in self._connection.execute(query))

    def update(self, message_id: int, values: Mapping[str, Any]) -> None:
        row = clipped(dict(values), _LIMITS)
        self._connection.execute(update(messages).where(messages.c.id == message_id).values(row))

    def claim(self, message_id: int, attempts: int, until: datetime) -> bool:
        mine = update(messages).where(
            messages.c.id == message_id, QUEUED, messages.c.attempts == attempts
        )
        values = {"attempts": attempts + 1, "next_at": until}
        return self._connection.execute(mine.values(values)).rowcount == 1

    def attach(self, message_id: int, file_ids: Sequence[int]) -> None:
        rows = [{"message_id": message_id, "file_id": one} for one in dict.fromkeys(file_ids)]
        bulk.insert_missing(self._connection, attachments, rows)

    def files_of(self, message_id: int) -> tuple[tuple[str, str, str], ...]:
        query = (
            select(files.c.name, files.c.media_type, files.c.stored_as)
            .join(attachments, attachments.c.file_id == files.c.id)
            .where(attachments.c.message_id == message_id, files.c.deleted_at.is_(None))
            .order_by(files.c.id)
        )
        return tuple((row[0], row[1], row[2]) for row in self._connection.execute(query))

    def _one(self, condition: Any) -> Message | None:
        row = self._connection.execute(select(*_COLUMNS).where(condition)).one_or_none()
        return message_of(row) if row is not None else None


def message_of(row: Row[Any]) -> Message:
    return Message(**{name: getattr(row, name) for name in _NAMES})
