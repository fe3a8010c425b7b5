"""The sound of calls: how good it was on a leg, and when its recording was paused."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

leg_quality = Table(
    "leg_quality",
    metadata,
    Column("call_id", String, ForeignKey("calls.id"), primary_key=True),
    Column("uniqueid", String, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("mos", Float),
    Column("mos_worst", Float),
    Column("loss_percent", Float),
    Column("jitter_ms", Float),
    Column("round_trip_ms", Float),
    Column("codec", String(40), nullable=False, server_default=""),
    Column("samples", Integer, nullable=False, server_default="0"),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_leg_quality_user_id", "user_id", "at"),
)

# A channel has one open pause at most; whoever resumes it first has done it.
recording_pauses = Table(
    "recording_pauses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("call_id", String, ForeignKey("calls.id"), nullable=False, index=True),
    Column("channel", String(120), nullable=False),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("cause", String(8), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("resume_at", UtcDateTime, nullable=False),
    Column("resumed_at", UtcDateTime),
    one_of("cause", "button", "field", "script"),
    partial("ix_recording_pauses_resume_at", "resumed_at IS NULL", "resume_at"),
    partial("ix_recording_pauses_open", "resumed_at IS NULL", "call_id", "channel", unique=True),
)
