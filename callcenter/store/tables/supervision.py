"""Who steps into whose calls, whether operators see it, and who works elsewhere for a while."""

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
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

# Whether operators of a role see that somebody listens. Role '': of the whole centre.
supervision_policy = Table(
    "supervision_policy",
    metadata,
    Column("role", String(40), primary_key=True),
    Column("visible", Boolean, nullable=False, server_default=true()),
)

# One row for each stretch in one mode. `channel`: the Uniqueid of the supervisor's own channel.
# Without a beginning: asked for, and the phone was not lifted (yet).
supervision_sessions = Table(
    "supervision_sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("supervisor_id", Id, ForeignKey("users.id"), nullable=False),
    Column("operator_id", Id, ForeignKey("users.id")),
    Column("call_id", String, nullable=False),
    Column("channel", String(149), nullable=False, server_default=""),
    Column("mode", String(16), nullable=False),
    Column("source", String(8), nullable=False, server_default="screen"),
    Column("visible", Boolean, nullable=False, server_default=true()),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("began_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    one_of("mode", "listen", "whisper", "barge", "take_over"),
    one_of("source", "screen", "keys"),
    partial("ix_supervision_sessions_open", "ended_at IS NULL", "call_id", "supervisor_id"),
    Index("ix_supervision_sessions_supervisor_id", "supervisor_id", "asked_at"),
    Index("ix_supervision_sessions_operator_id", "operator_id", "asked_at"),
    Index("ix_supervision_sessions_asked_at", "asked_at", "id"),
    Index("ix_supervision_sessions_channel", "channel"),
)

# Who takes a call over, or has its waiting caller called up: until then nobody else does, and no
# second caller is sent to the same phone.
call_claims = Table(
    "call_claims",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("deed", String(16), nullable=False),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("to_id", Id, ForeignKey("users.id"), nullable=False),
    Column("command_id", String(64), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    one_of("deed", "take_over", "pull"),
    Index("ix_call_claims_command_id", "command_id", unique=True),
    partial("ix_call_claims_to_id", "deed = 'pull'", "to_id", unique=True),
)

# A skill that somebody has, or has not (level 0), for a while instead of what they are kept with.
skill_loans = Table(
    "skill_loans",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("skill", String(80), primary_key=True),
    Column("level", Integer, nullable=False),
    # Without one: until somebody ends it.
    Column("until", UtcDateTime),
    Column("made_by", Id, ForeignKey("users.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    CheckConstraint("level BETWEEN 0 AND 9", name="level"),
)
