"""Keeps webhooks, and the outbox that is the log of what they were told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, func, literal_column, select, update

from callcenter.store.repositories.base import chunks, insert
from callcenter.store.sets import among
from callcenter.store.tables import webhook_deliveries as deliveries
from callcenter.store.tables import webhooks
from callcenter.webhooks.webhook import Answer, Outgoing, Webhook

_PENDING = deliveries.c.state == literal_column("'pending'")
_LONGEST_ERROR = 255


class OutboxRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asked: dict[int, frozenset[str]] | None = None

    def wanted(self) -> frozenset[str]:
        return frozenset().union(*self._webhooks().values())

    def _webhooks(self) -> dict[int, frozenset[str]]:
        if self._asked is None:
            query = select(webhooks.c.id, webhooks.c.events).where(webhooks.c.active)
            rows = self._connection.execute(query)
            self._asked = {row.id: frozenset(row.events) for row in rows}
        return self._asked

    def tell(
        self,
        event: str,
        object_type: str,
        object_id: int | str,
        payload: Mapping[str, Any],
        at: datetime,
    ) -> None:
        self.tell_many(event, object_type, [(object_id, payload)], at)

    def tell_many(
        self,
        event: str,
        object_type: str,
        payloads: Sequence[tuple[int | str, Mapping[str, Any]]],
        at: datetime,
        *,
        once: bool = False,
    ) -> None:
        listening = [one for one, asked in self._webhooks().items() if event in asked]
        rows = [
            _row(webhook_id, event, (object_type, str(object_id)), payload, at)
            for object_id, payload in payloads
            for webhook_id in listening
        ]
        if once:
            rows = [row | {"message_id": _only_id(row)} for row in rows]
        if rows:
            statement = insert(self._connection, deliveries).on_conflict_do_nothing(
                index_elements=["webhook_id", "message_id"]
            )
            self._connection.execute(statement, rows)


class WebhookRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        title: str,
        url: str,
        secret: str,
        events: Sequence[str],
        *,
        created_by: int | None,
        at: datetime,
    ) -> int:
        row = {
            "title": title,
            "url": url,
            "secret": secret,
            "events": list(events),
            "created_by": created_by,
            "created_at": at,
        }
        found = self._connection.scalar(webhooks.insert().values(row).returning(webhooks.c.id))
        return int(found or 0)

    def count(self) -> int:
        return int(self._connection.scalar(select(func.count()).select_from(webhooks)) or 0)

    def get(self, webhook_id: int) -> Webhook | None:
        query = select(webhooks).where(webhooks.c.id == webhook_id)
        row = self._connection.execute(query).one_or_none()
        return webhook_of(row) if row is not None else None

    def update(self, webhook_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(
            update(webhooks).where(webhooks.c.id == webhook_id).values(**values)
        )

    def remove(self, webhook_id: int) -> None:
        of = deliveries.c.webhook_id == webhook_id
        self._connection.execute(delete(deliveries).where(of))
        self._connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))

    def ping(self, webhook_id: int, event: str, payload: Mapping[str, Any], at: datetime) -> int:
        row = _row(webhook_id, event, ("webhook", str(webhook_id)), payload, at)
        found = self._connection.scalar(deliveries.insert().values(row).returning(deliveries.c.id))
        return int(found or 0)

    def take_due(self, now: datetime, until: datetime, limit: int) -> list[Outgoing]:
        """Whoever moves `next_at` first has it: several senders may ask at once."""
        query = (
            select(deliveries.c.id, deliveries.c.next_at)
            .where(_PENDING, deliveries.c.next_at <= now)
            .order_by(deliveries.c.next_at, deliveries.c.id)
            .limit(limit)
        )
        taken = [
            row.id
            for row in self._connection.execute(query).all()
            if self._connection.execute(
                update(deliveries)
                .where(deliveries.c.id == row.id, _PENDING, deliveries.c.next_at == row.next_at)
                .values(next_at=until)
            ).rowcount
        ]
        return self._outgoing(taken)

    def _outgoing(self, ids: Sequence[int]) -> list[Outgoing]:
        if not ids:
            return []
        columns = deliveries.c
        query = (
            select(
                columns.id,
                columns.webhook_id,
                columns.message_id,
                webhooks.c.url,
                webhooks.c.secret,
                columns.payload,
                columns.attempts,
            )
            .join(webhooks, webhooks.c.id == columns.webhook_id)
            .where(among(self._connection, columns.id, ids))
            .order_by(columns.id)
        )
        return [Outgoing(**row._mapping) for row in self._connection.execute(query)]

    def note(
        self, delivery_id: int, answer: Answer, at: datetime, next_at: datetime | None
    ) -> None:
        state = "done" if answer.arrived else "pending" if next_at is not None else "failed"
        row = self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery_id)
            .values(
                state=state,
                attempts=deliveries.c.attempts + 1,
                next_at=next_at,
                last_status=answer.status or None,
                last_error=answer.error[:_LONGEST_ERROR],
                delivered_at=at if answer.arrived else None,
            )
            .returning(deliveries.c.webhook_id)
        ).one_or_none()
        if row is not None:
            self._note_health(row.webhook_id, answer.arrived, at)

    def _note_health(self, webhook_id: int, arrived: bool, at: datetime) -> None:
        """Written only when it changes: a webhook's row is read by every transaction that tells."""
        since = webhooks.c.failing_since
        changes = since.is_not(None) if arrived else since.is_(None)
        self._connection.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook_id, changes)
            .values(failing_since=None if arrived else at)
        )

    def send_again(
        self, webhook_id: int, at: datetime, delivery_id: int | None = None, limit: int = 1_000
    ) -> int:
        columns = deliveries.c
        asked = (
            columns.id == delivery_id
            if delivery_id is not None
            else columns.id.in_(
                select(columns.id)
                .where(columns.webhook_id == webhook_id, columns.state == "failed")
                .order_by(columns.id.desc())
                .limit(limit)
            )
        )
        # The attempts count anew, or the next failure would be the last one at once.
        again = {"state": "pending", "attempts": 0, "next_at": at, "delivered_at": None}
        found = self._connection.execute(
            update(deliveries).where(columns.webhook_id == webhook_id, asked).values(**again)
        )
        return found.rowcount

    def prune(self, before: datetime, limit: int) -> int:
        old = (
            select(deliveries.c.id)
            .where(deliveries.c.created_at < before)
            .order_by(deliveries.c.created_at)
            .limit(limit)
        )
        ids = self._connection.scalars(old).all()
        for part in chunks(ids):
            self._connection.execute(
                delete(deliveries).where(among(self._connection, deliveries.c.id, part))
            )
        return len(ids)

    def forget(self, object_type: str, object_ids: Sequence[str]) -> None:
        columns = deliveries.c
        for part in chunks(object_ids):
            theirs = (
                columns.object_type == object_type,
                among(self._connection, columns.object_id, part),
            )
            self._connection.execute(
                update(deliveries).where(*theirs, _PENDING).values(state="failed", next_at=None)
            )
            self._connection.execute(
                update(deliveries).where(*theirs).values(payload={"erased": True})
            )


def _only_id(row: Mapping[str, Any]) -> str:
    about = f"{row['event']} {row['object_type']} {row['object_id']}"
    return f"msg_{hashlib.sha256(about.encode()).hexdigest()[:32]}"


def webhook_of(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        title=row.title,
        url=row.url,
        events=tuple(row.events),
        active=row.active,
        created_at=row.created_at,
        failing_since=row.failing_since,
        disabled_why=row.disabled_why,
    )


def _row(
    webhook_id: int,
    event: str,
    about: tuple[str, str],
    payload: Mapping[str, Any],
    at: datetime,
) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "message_id": f"msg_{uuid4().hex}",
        "event": event,
        "object_type": about[0],
        "object_id": about[1],
        "payload": {"type": event, "timestamp": at.isoformat(), "data": dict(payload)},
        "created_at": at,
        "next_at": at,
    }
