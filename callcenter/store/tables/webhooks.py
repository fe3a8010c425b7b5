"""Other systems that are told, and what was told them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(120), nullable=False, server_default=""),
    Column("url", String(2000), nullable=False),
    Column("secret", String(120), nullable=False),
    Column("events", JSON, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("created_by", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("disabled_why", String(255), nullable=False, server_default=""),
)

# The outbox: written in the transaction that did what is told, sent after it, kept as a log.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("webhook_id", Id, ForeignKey("webhooks.id"), nullable=False),
    # The same for every attempt: a receiver knows by it what it has had already.
    Column("message_id", String(40), nullable=False),
    Column("event", String(40), nullable=False),
    Column("object_type", String(40), nullable=False),
    Column("object_id", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(8), nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),
    Column("last_status", Integer),
    Column("last_error", String(255), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    one_of("state", "pending", "done", "failed"),
    UniqueConstraint("webhook_id", "message_id"),
    partial("ix_webhook_deliveries_due", "state = 'pending'", "next_at", "id"),
    Index("ix_webhook_deliveries_webhook_id", "webhook_id", "id"),
    Index("ix_webhook_deliveries_object", "object_type", "object_id"),
    Index("ix_webhook_deliveries_created_at", "created_at"),
)
