"""What customers may buy, and the next step towards it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, Money, UtcDateTime

deals = Table(
    "deals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("title", String(160), nullable=False),
    Column("stage", String(40), nullable=False),
    Column("amount_minor", Money, nullable=False, server_default="0"),
    Column("currency", String(3), nullable=False),
    Column("state", String(8), nullable=False, server_default="open"),
    Column("next_step", String(255), nullable=False, server_default=""),
    Column("next_step_on", Date),
    Column("owner_id", Id, ForeignKey("users.id")),
    Column("loss_reason", String(255), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    one_of("state", "open", "won", "lost"),
    CheckConstraint("amount_minor >= 0", name="amount_minor"),
    Index("ix_deals_customer_id", "customer_id", "state"),
    Index("ix_deals_owner_id", "owner_id", "state", "next_step_on"),
)
