"""How far the ledger was read, what of it could not be, and what forwarders have sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, UniqueConstraint

from callcenter.store.tables.base import metadata
from callcenter.store.types import Id, UtcDateTime

ledger_positions = Table(
    "ledger_positions",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("source", String(8), primary_key=True),
    Column("file_id", String(255), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("read_to", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

ledger_set_aside = Table(
    "ledger_set_aside",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pbx", String(80), nullable=False),
    Column("source", String(8), nullable=False),
    Column("file", String(512), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("line", String(2000), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("pbx", "source", "file", "position"),
    Index("ix_ledger_set_aside_at", "at", "id"),
)

# How far each file of a forwarder has come here; its chunks go when they are read, this stays.
ledger_received = Table(
    "ledger_received",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("file_id", String(255), primary_key=True),
    Column("path", String(1024), nullable=False),
    Column("received_to", BigInteger, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)

ledger_inbox = Table(
    "ledger_inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pbx", String(80), nullable=False),
    Column("file_id", String(255), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_ledger_inbox_pbx", "pbx", "id"),
)
