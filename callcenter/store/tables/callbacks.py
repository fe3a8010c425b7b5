"""Who does not want to wait: call-backs that callers asked for, and messages they left."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime, code_text

# `place_at`: since when they wait, so that a call-back keeps the place. `command_id`, `called_at`
# and `leased_until` are of the attempt under way: a process that died leaves it to be settled.
callback_requests = Table(
    "callback_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("pbx", String(80), nullable=False, server_default=""),
    # The channel that asked; the same one asking again changes its request.
    Column("call_id", String, nullable=False, server_default=""),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("number", code_text(16), nullable=False),
    Column("queue", String(80), nullable=False),
    Column("language", String(8), nullable=False, server_default=""),
    Column("place_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime, nullable=False),
    Column("assigned_to", Id, ForeignKey("users.id")),
    # To whom it is offered now, under which id, and until when nobody else may take it.
    Column("offered_to", Id, ForeignKey("users.id")),
    Column("declined_by", String(255), nullable=False, server_default=""),
    Column("command_id", String(64), nullable=False, server_default=""),
    Column("leased_until", UtcDateTime),
    Column("last_result", String(32), nullable=False, server_default=""),
    Column("note", String(255), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by", Id, ForeignKey("users.id")),
    Column("closed_interaction_id", Id, ForeignKey("interactions.id"), index=True),
    one_of("state", "waiting", "offered", "calling", "done", "failed", "expired", "cancelled"),
    CheckConstraint("attempts >= 0", name="attempts"),
    # One open request for each number and queue, whoever writes it.
    partial("ix_callback_requests_open", "closed_at IS NULL", "number", "queue", unique=True),
    partial("ix_callback_requests_next_at", "closed_at IS NULL", "next_at", "id"),
    partial("ix_callback_requests_place_at", "closed_at IS NULL", "place_at", "id"),
    Index("ix_callback_requests_closed_at", "closed_at", "id"),
    Index("ix_callback_requests_number", "number", "closed_at"),
    Index("ix_callback_requests_customer_id", "customer_id"),
    Index("ix_callback_requests_command_id", "command_id"),
    Index("ix_callback_requests_call_id", "call_id"),
)

# `file` is a name made of the call's own id: nothing a caller brings is part of it.
voicemails = Table(
    "voicemails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("call_id", String, nullable=False, server_default=""),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("number", code_text(16), nullable=False, server_default=""),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("user_id", Id, ForeignKey("users.id")),
    Column("pbx", String(80), nullable=False, server_default=""),
    Column("file", String(160), nullable=False),
    Column("seconds", Float, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False, server_default="new"),
    # Why nobody need hear it: too short, or nothing but silence.
    Column("set_aside", String(16), nullable=False, server_default=""),
    Column("assigned_to", Id, ForeignKey("users.id")),
    Column("due_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", Id, ForeignKey("users.id")),
    Column("result", String(255), nullable=False, server_default=""),
    one_of("state", "new", "taken", "done"),
    one_of("set_aside", "", "short", "silent"),
    Index("ix_voicemails_file", "pbx", "file", unique=True),
    partial("ix_voicemails_due_at", "done_at IS NULL", "due_at", "id"),
    Index("ix_voicemails_done_at", "done_at", "id"),
    Index("ix_voicemails_customer_id", "customer_id"),
    Index("ix_voicemails_call_id", "call_id"),
)
