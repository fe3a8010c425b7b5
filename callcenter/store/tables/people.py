"""People who work here, their programs, and what they did."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, true

from callcenter.store.tables.base import metadata
from callcenter.store.types import Id, UtcDateTime

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("display_name", String(120), nullable=False),
    Column("password_hash", String(255), nullable=False),
    # The built-in role that decides which pages there are; `role_code` is the role itself.
    Column("role", String(16), nullable=False),
    Column("endpoint", String(80), nullable=False, server_default=""),
    Column("extension", String(16), nullable=False, server_default=""),
    Column("locale", String(8), nullable=False, server_default="en"),
    Column("time_zone", String(64), nullable=False, server_default="UTC"),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("session_epoch", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("role_code", String(40), nullable=False, server_default=""),
)

# `state` is what holds now; `chosen` is what the operator asked for, and comes back after a call.
# No foreign key from `wrap_up_of`: a call that was found to be part of another stays named.
agents = Table(
    "agents",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(80), nullable=False, server_default=""),
    Column("since", UtcDateTime, nullable=False),
    Column("chosen", String(16), nullable=False, server_default="offline"),
    Column("chosen_reason", String(80), nullable=False, server_default=""),
    Column("wrap_up_of", String),
    # Null while in wrap-up: until the operator says that it is done.
    Column("wrap_up_until", UtcDateTime),
    Column("device", String(8), nullable=False, server_default="desk"),
    # Calls that rang at them unanswered after this have not been seen by them yet.
    Column("missed_seen_at", UtcDateTime),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", String(255), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("user_id", Id),
    Column("action", String(40), nullable=False),
    Column("object_type", String(40), nullable=False),
    Column("object_id", String(120), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_log_object", "object_type", "object_id"),
)

# A POST carrying an Idempotency-Key is done once per user: `status` is null while it is under way.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("body", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)
