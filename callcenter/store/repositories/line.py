"""Keeps the messages between operators and supervisors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from callcenter.line.line import Head, LineKind, LineMessage
from callcenter.store import line_rows
from callcenter.store.tables import line_messages
from callcenter.store.team_rows import teams
from callcenter.store.text import clip


class LineRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(  # noqa: PLR0917 (one row)
        self,
        sender_id: int,
        recipients: Sequence[int | None],
        text: str,
        at: datetime,
        kind: LineKind = "text",
        call_id: str | None = None,
    ) -> list[int]:
        ids = []
        for recipient_id in recipients:
            row = {
                "sender_id": sender_id,
                "recipient_id": recipient_id,
                "text": clip(text, 2000),
                "at": at,
                "kind": kind,
                "call_id": call_id,
            }
            found = self._connection.scalar(
                line_messages.insert().values(row).returning(line_messages.c.id)
            )
            assert found is not None  # noqa: S101 (RETURNING of one inserted row)
            ids.append(int(found))
        return ids

    def get(self, message_id: int) -> LineMessage | None:
        query = line_rows.messages().where(line_messages.c.id == message_id)
        row = self._connection.execute(query).one_or_none()
        return line_rows.as_message(row) if row is not None else None

    def open_help_of(self, sender_id: int) -> LineMessage | None:
        mine = [one for one in line_rows.open_help(self._connection) if one.sender_id == sender_id]
        return mine[-1] if mine else None

    def read(self, user_id: int, other_id: int | None, up_to: int, at: datetime) -> int:
        told = [
            line_messages.c.recipient_id == user_id,
            line_messages.c.id <= up_to,
            line_messages.c.read_at.is_(None),
        ]
        if other_id is not None:
            told.append(line_messages.c.sender_id == other_id)
        done = self._connection.execute(update(line_messages).where(*told).values(read_at=at))
        return done.rowcount

    def read_for_leaders(self, sender_id: int, up_to: int, at: datetime) -> int:
        done = self._connection.execute(
            update(line_messages)
            .where(
                line_messages.c.recipient_id.is_(None),
                line_messages.c.sender_id == sender_id,
                line_messages.c.kind == "text",
                line_messages.c.id <= up_to,
                line_messages.c.read_at.is_(None),
            )
            .values(read_at=at)
        )
        return done.rowcount

    def resolve(self, message_id: int, user_id: int, at: datetime) -> bool:
        done = self._connection.execute(
            update(line_messages)
            .where(line_messages.c.id == message_id, line_messages.c.resolved_at.is_(None))
            .values(resolved_at=at, resolved_by=user_id)
        )
        return bool(done.rowcount)

    def put_away(self, message_id: int, at: datetime) -> None:
        self._connection.execute(
            update(line_messages).where(line_messages.c.id == message_id).values(read_at=at)
        )

    def heads(self, user_ids: Iterable[int]) -> dict[int, tuple[Head, ...]]:
        people = teams(self._connection).people
        return line_rows.heads(
            self._connection, [people[one] for one in sorted(set(user_ids)) if one in people]
        )
