"""What calls leave behind: one interaction each, whose it may be, and notes."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from callcenter.store.tables.base import metadata, partial
from callcenter.store.types import Id, UtcDateTime, code_text

interactions = Table(
    "interactions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False, server_default="call"),
    # One call, one interaction: the constraint, not the code, is the last word.
    Column("call_id", String, ForeignKey("calls.id"), unique=True),
    # What another system calls it that told us of it: told again, it is the same.
    Column("external_id", String(120)),
    Column("direction", String(8), nullable=False),
    Column("result", String(16), nullable=False),
    Column("number", code_text(16), nullable=False),
    Column("number_raw", String(80), nullable=False),
    Column("number_kind", String(16), nullable=False),
    Column("dialed", String(80), nullable=False),
    Column("queue", String(80), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("match", String(16), nullable=False),
    Column("operator_id", Id, ForeignKey("users.id")),
    Column("started_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("wait_seconds", Float),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    # Conversations in it that were handed to somebody else; a queue's are told by its visits.
    Column("transfers", Integer, nullable=False, server_default="0"),
    # How many fields of its call the ledger has mended.
    Column("repairs", Integer, nullable=False, server_default="0"),
    # Of a mail, a meeting: what it was about. Of any conversation: how long somebody worked on it.
    Column("subject", String(255), nullable=False, server_default=""),
    Column("handle_seconds", Float),
    Column("explanation", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_interactions_customer_id", "customer_id", "started_at", "id"),
    Index("ix_interactions_number", "number", "started_at", "id"),
    # With whom, so that contacts of many customers are counted from the index alone.
    Index("ix_interactions_started_at", "started_at", "id", "customer_id"),
    Index("ix_interactions_operator_id", "operator_id", "started_at", "id"),
    Index("ix_interactions_result", "result", "started_at", "id", "customer_id"),
    Index("ix_interactions_queue", "queue", "started_at", "id", "customer_id"),
    Index("ix_interactions_channel", "channel", "started_at", "id"),
    Index("ix_interactions_external_id", "external_id", unique=True),
    partial("ix_interactions_repaired", "repairs > 0", "started_at", "id"),
)

interaction_candidates = Table(
    "interaction_candidates",
    metadata,
    Column(
        "interaction_id", Id, ForeignKey("interactions.id"), primary_key=True, autoincrement=False
    ),
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("author_id", Id, ForeignKey("users.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # Folded, for the full text; its index is made by the migration.
    Column("words", Text, nullable=False, server_default=""),
    Index("ix_notes_customer_id", "customer_id", "created_at", "id"),
)
