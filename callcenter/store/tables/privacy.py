"""How long things are kept, what people asked of their data, and bytes that still have to go."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from callcenter.store.tables.base import metadata, partial
from callcenter.store.types import Id, UtcDateTime

# A kind without days is kept for good.
retention_rules = Table(
    "retention_rules",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("days", Integer),
    # What is older was gone through: nobody looks at it again each night.
    Column("done_until", UtcDateTime),
)

# An erasure, or the export of what we know of one person: proof that it was done, and by whom.
# Of the person it holds the id of an empty card alone.
privacy_jobs = Table(
    "privacy_jobs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("user_id", Id, ForeignKey("users.id")),
    Column("state", String(16), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("taken_at", UtcDateTime),
    Column("stored_as", String(255), nullable=False, server_default=""),
    Column("detail", JSON, nullable=False),
    Index("ix_privacy_jobs_customer_id", "customer_id", "id"),
    Index("ix_privacy_jobs_kind", "kind", "id"),
    partial("ix_privacy_jobs_open", "state IN ('waiting', 'running')", "id"),
)

# Bytes on disk cannot be part of a transaction: they go after it, as often as it takes.
doomed_files = Table(
    "doomed_files",
    metadata,
    Column("id", Id, primary_key=True),
    # Which folder: 'file', 'recording', 'import' or 'export'.
    Column("kind", String(16), nullable=False),
    Column("stored_as", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
