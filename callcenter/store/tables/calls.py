"""Calls. Names that the PBX gives (ids) are keys and never cut; other text is cut to its column."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, true

from callcenter.store.tables.base import metadata, partial
from callcenter.store.types import Id, UtcDateTime

calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("pbx", String, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("direction", String(8), nullable=False),
    Column("result", String(16), nullable=False),
    Column("started_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("caller_number", String(80), nullable=False),
    Column("caller_name", String(120), nullable=False),
    Column("dialed", String(80), nullable=False),
    Column("trunk", String(80), nullable=False),
    Column("route", String(80), nullable=False),
    Column("queue", String(80), nullable=False),
    Column("wait_seconds", Float),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    Column("park_seconds", Float, nullable=False, server_default="0"),
    Column("end_seen", Boolean, nullable=False, server_default=true()),
    Column("hangup_by", String(120), nullable=False),
    Column("hangup_cause", Integer),
    Column("record", JSON, nullable=False),
    Column("merged_into", String),
    # When the ledger had its say: it confirmed the call or corrected it.
    Column("settled_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    partial("ix_calls_live", "live", "pbx", "started_at", sqlite="live = 1"),
    Index("ix_calls_started_at", "started_at"),
    # How many calls of a day the ledger has confirmed, counted without opening a row.
    Index("ix_calls_settled_at", "started_at", "merged_into", "settled_at"),
)

call_channels = Table(
    "call_channels",
    metadata,
    # In this order: a look-up by uniqueids must not read every channel of a PBX. The call is part
    # of the key, since a PBX that was made anew gives its old uniqueids again, years later.
    Column("uniqueid", String, primary_key=True),
    Column("pbx", String, primary_key=True),
    Column("call_id", String, ForeignKey("calls.id"), primary_key=True, index=True),
    # When that call was, roughly: tells apart the calls of two lives of a PBX.
    Column("at", UtcDateTime, nullable=False),
)

call_legs = Table(
    "call_legs",
    metadata,
    Column("call_id", String, ForeignKey("calls.id"), primary_key=True),
    Column("uniqueid", String, primary_key=True),
    Column("channel", String(120), nullable=False),
    Column("endpoint", String(80), nullable=False),
    Column("number", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("user_id", Id),
    Column("ringing_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("result", String(16), nullable=False),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    Column("wrap_up_seconds", Float, nullable=False, server_default="0"),
    # Of the queue's visit (else the call) that it rang for: where reports count it.
    Column("half", UtcDateTime),
    Column("queue", String(80), nullable=False, server_default=""),
    Index("ix_call_legs_user_id", "user_id", "ringing_at"),
    partial("ix_call_legs_half", "user_id IS NOT NULL", "half", "user_id"),
)
