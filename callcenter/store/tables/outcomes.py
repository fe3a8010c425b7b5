"""How conversations ended, and the scripts that lead through them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, true

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime

# A tree for each queue; '' is every queue's.
outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("parent_id", Id, ForeignKey("outcomes.id"), index=True),
    Column("label", String(120), nullable=False),
    Column("labels", JSON, nullable=False),
    Column("kind", String(8), nullable=False, server_default="neutral"),
    Column("requires", JSON, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=true()),
    one_of("kind", "good", "bad", "neutral"),
    Index("ix_outcomes_queue", "queue", "position"),
)

interaction_outcomes = Table(
    "interaction_outcomes",
    metadata,
    Column(
        "interaction_id", Id, ForeignKey("interactions.id"), primary_key=True, autoincrement=False
    ),
    Column("outcome_id", Id, ForeignKey("outcomes.id"), nullable=False),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("details", JSON, nullable=False),
    Index("ix_interaction_outcomes_outcome_id", "outcome_id", "at"),
    Index("ix_interaction_outcomes_user_id", "user_id", "at"),
)

# What an operator has typed and not given yet: one for each of a contact's operators.
outcome_drafts = Table(
    "outcome_drafts",
    metadata,
    Column(
        "interaction_id", Id, ForeignKey("interactions.id"), primary_key=True, autoincrement=False
    ),
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("fields", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

scripts = Table(
    "scripts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("steps", JSON, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)

script_runs = Table(
    "script_runs",
    metadata,
    Column(
        "interaction_id", Id, ForeignKey("interactions.id"), primary_key=True, autoincrement=False
    ),
    Column("script_id", Id, ForeignKey("scripts.id"), nullable=False, index=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("step", String(80), nullable=False, server_default=""),
    Column("answers", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
