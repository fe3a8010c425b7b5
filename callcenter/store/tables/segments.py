"""Saved conditions on customers, what is done to many of them at once, and what each user chose."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, false

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime

# A live segment is its filter; a frozen one is its members, and remembers the filter they came by.
segments = Table(
    "segments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("filter", JSON, nullable=False),
    Column("frozen", Boolean, nullable=False, server_default=false()),
    Column("shared", Boolean, nullable=False, server_default=false()),
    Column("owner_id", Id, ForeignKey("users.id"), nullable=False, index=True),
    Column("columns", JSON, nullable=False),
    # Of a frozen one; a live one's are counted when it is opened.
    Column("members", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)

segment_members = Table(
    "segment_members",
    metadata,
    Column("segment_id", Id, ForeignKey("segments.id"), primary_key=True, autoincrement=False),
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Index("ix_segment_members_customer_id", "customer_id"),
)

user_settings = Table(
    "user_settings",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("key", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

# Whom a bulk action is about: settled when it begins, so that a kill costs nothing but time.
bulk_targets = Table(
    "bulk_targets",
    metadata,
    Column("batch_id", Id, primary_key=True, autoincrement=False),
    Column("customer_id", Id, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False, server_default="waiting"),
    Column("why", String(255), nullable=False, server_default=""),
    one_of("state", "waiting", "done", "left"),
    Index("ix_bulk_targets_state", "batch_id", "state", "customer_id"),
)
