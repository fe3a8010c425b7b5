"""Webhooks and the log of what they were told, as administrators see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, literal_column, select

from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.store.repositories.webhooks import webhook_of
from callcenter.store.tables import webhook_deliveries as deliveries
from callcenter.store.tables import webhooks
from callcenter.webhooks.webhook import Delivery, Webhook

_PENDING = deliveries.c.state == literal_column("'pending'")


def is_due(connection: Connection, now: datetime) -> bool:
    query = select(deliveries.c.id).where(_PENDING, deliveries.c.next_at <= now).limit(1)
    return connection.scalar(query) is not None


def every(connection: Connection) -> list[Webhook]:
    """There are few: no page."""
    return [webhook_of(row) for row in connection.execute(select(webhooks).order_by(webhooks.c.id))]


def get(connection: Connection, webhook_id: int) -> Webhook | None:
    row = connection.execute(select(webhooks).where(webhooks.c.id == webhook_id)).one_or_none()
    return webhook_of(row) if row is not None else None


def waiting(connection: Connection) -> dict[int, int]:
    """Webhook → how many deliveries are still to be sent."""
    query = select(deliveries.c.webhook_id, func.count()).where(_PENDING).group_by("webhook_id")
    return {row[0]: row[1] for row in connection.execute(query)}


def log(
    connection: Connection,
    webhook_id: int,
    cursor: str | None,
    limit: int,
    state: str | None = None,
) -> Page[Delivery]:
    """What this webhook was told, the newest first."""
    limit = bounded(limit)
    columns = deliveries.c
    query = (
        select(deliveries)
        .where(columns.webhook_id == webhook_id)
        .order_by(columns.id.desc())
        .limit(limit + 1)
    )
    if state:
        query = query.where(columns.state == state)
    if cursor:
        query = query.where(columns.id < decode_cursor(cursor, int)[0])
    rows = connection.execute(query).all()
    more = len(rows) > limit
    items = tuple(_delivery_of(row) for row in rows[:limit])
    return Page(items, encode_cursor(items[-1].id) if more else None)


def _delivery_of(row: Row[Any]) -> Delivery:
    return Delivery(**row._mapping)
