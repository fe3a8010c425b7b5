"""How operators work: their states over time, pauses, queues, skills, and what they may dial."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

# Everything an operator was, for reports. The row without an end is what they are now: one each.
agent_history = Table(
    "agent_history",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(80), nullable=False, server_default=""),
    Column("productive", Boolean, nullable=False, server_default=true()),
    Column("call_id", String),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_agent_history_user_id", "user_id", "began_at"),
    Index("ix_agent_history_began_at", "began_at"),
    partial("ix_agent_history_open", "ended_at IS NULL", "user_id", unique=True),
    # How long operators were busy with a call after its end.
    partial("ix_agent_history_wrap_up", "state = 'wrap_up'", "call_id"),
)

pause_reasons = Table(
    "pause_reasons",
    metadata,
    Column("code", String(80), primary_key=True),
    Column("title", String(80), nullable=False),
    Column("productive", Boolean, nullable=False, server_default=false()),
    Column("limit_seconds", Integer),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=true()),
    CheckConstraint("limit_seconds > 0", name="limit_seconds"),
)

queue_settings = Table(
    "queue_settings",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("title", String(80), nullable=False, server_default=""),
    # '': operators need the skill of the queue's own name.
    Column("skill", String(80), nullable=False, server_default=""),
    Column("wrap_up", String(16), nullable=False, server_default="none"),
    Column("wrap_up_seconds", Integer, nullable=False, server_default="30"),
    Column("auto_answer", Boolean, nullable=False, server_default=false()),
    Column("outcome_required", Boolean, nullable=False, server_default=false()),
    Column("script_id", Id, ForeignKey("scripts.id")),
    Column("short_abandon_seconds", Integer, nullable=False, server_default="5"),
    Column("return_minutes", Integer, nullable=False, server_default="60"),
    Column("position", Integer, nullable=False, server_default="0"),
    # What is said to who waits, and how often; 0: only before they wait.
    Column("announce_position", Boolean, nullable=False, server_default=false()),
    Column("announce_estimate", Boolean, nullable=False, server_default=false()),
    Column("announce_seconds", Integer, nullable=False, server_default="60"),
    # Keys of prompts, one after the other.
    Column("messages", String(400), nullable=False, server_default=""),
    # 0: the plan's own.
    Column("max_wait_seconds", Integer, nullable=False, server_default="0"),
    # A call-back instead of waiting: by key at any time, said after so long or with such a wait.
    Column("callback_offered", Boolean, nullable=False, server_default=false()),
    Column("callback_after_seconds", Integer, nullable=False, server_default="0"),
    Column("callback_over_minutes", Integer, nullable=False, server_default="0"),
    Column("callback_attempts", Integer, nullable=False, server_default="3"),
    Column("callback_retry_minutes", Integer, nullable=False, server_default="15"),
    Column("callback_hours", Integer, nullable=False, server_default="24"),
    # Key of the calendar within whose hours somebody may be called back; '': at any hour.
    Column("callback_calendar", String(80), nullable=False, server_default=""),
    # A route (CRM_ROUTE) for who waited too long: '' is the plan's.
    Column("overflow", String(80), nullable=False, server_default=""),
    Column("message_box", Boolean, nullable=False, server_default=false()),
    Column("message_due_minutes", Integer, nullable=False, server_default="240"),
    # The goal: so many per cent of the callers answered within so many seconds.
    Column("sl_seconds", Integer, nullable=False, server_default="20"),
    Column("sl_percent", Integer, nullable=False, server_default="80"),
    one_of("wrap_up", "none", "timed", "until_done"),
    CheckConstraint("wrap_up_seconds >= 0", name="wrap_up_seconds"),
    CheckConstraint("short_abandon_seconds >= 0", name="short_abandon_seconds"),
    CheckConstraint("return_minutes >= 0", name="return_minutes"),
    CheckConstraint("announce_seconds >= 0", name="announce_seconds"),
    CheckConstraint("max_wait_seconds >= 0", name="max_wait_seconds"),
    CheckConstraint("callback_attempts >= 1", name="callback_attempts"),
    CheckConstraint("callback_retry_minutes >= 1", name="callback_retry_minutes"),
    CheckConstraint("callback_hours >= 1", name="callback_hours"),
    CheckConstraint("sl_seconds >= 1", name="sl_seconds"),
    CheckConstraint("sl_percent BETWEEN 1 AND 99", name="sl_percent"),
)

user_skills = Table(
    "user_skills",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("skill", String(80), primary_key=True),
    Column("level", Integer, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 9", name="level"),
    Index("ix_user_skills_skill", "skill"),
)

outbound_rights = Table(
    "outbound_rights",
    metadata,
    Column("role", String(16), primary_key=True),
    Column("allowed", Boolean, nullable=False, server_default=true()),
    # '': whatever the dialplan lets through.
    Column("prefixes", String(400), nullable=False, server_default=""),
    Column("caller_id", String(80), nullable=False, server_default=""),
    # 0: as many as they like.
    Column("per_hour", Integer, nullable=False, server_default="0"),
    CheckConstraint("per_hour >= 0", name="per_hour"),
)
