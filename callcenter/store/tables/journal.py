"""What calls were made from, and what the ledger changed in them."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from callcenter.store.tables.base import metadata
from callcenter.store.types import Id, UtcDateTime

# The raw events of calls, compressed. No foreign key: what explains a call must never cost it.
# `digest` tells parts of source "live" apart and is '' for the one part of source "ledger";
# `dated_at` is what retention counts from.
call_journal = Table(
    "call_journal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("call_id", String, nullable=False),
    Column("pbx", String(80), nullable=False),
    Column("source", String(8), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("started_at", UtcDateTime),
    Column("dated_at", UtcDateTime, nullable=False, index=True),
    Column("events", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("call_id", "source", "digest"),
)

# `digest` stands for (field, before, after, at): the texts may be longer than an index takes.
call_repairs = Table(
    "call_repairs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("call_id", String, ForeignKey("calls.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("cause", String(16), nullable=False),
    Column("field", String(80), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    UniqueConstraint("call_id", "digest"),
)
