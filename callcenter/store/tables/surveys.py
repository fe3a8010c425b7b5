"""What callers are asked after a call, and what they answer."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime, code_text

surveys = Table(
    "surveys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(31), nullable=False, unique=True),
    Column("title", String(80), nullable=False),
    Column("questions", JSON, nullable=False),
    Column("queues", JSON, nullable=False),
    Column("ways", JSON, nullable=False),
    Column("language", String(8), nullable=False, server_default="en"),
    Column("comment", Boolean, nullable=False, server_default=true()),
    Column("every_nth", Integer, nullable=False, server_default="1"),
    Column("quiet_days", Integer, nullable=False, server_default="30"),
    Column("delay_minutes", Integer, nullable=False, server_default="5"),
    Column("valid_hours", Integer, nullable=False, server_default="72"),
    Column("needs_consent", Boolean, nullable=False, server_default=false()),
    Column("low_task_for", Id, ForeignKey("users.id")),
    Column("active", Boolean, nullable=False, server_default=false()),
    CheckConstraint("every_nth >= 1", name="every_nth"),
    CheckConstraint("quiet_days >= 0", name="quiet_days"),
)

# `call_id`: `<pbx>/<uniqueid>` of the caller's channel, which is there before the contact is.
# `message`: the file of what was said after the tone; `message_id`: the text that took the link.
survey_answers = Table(
    "survey_answers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("survey_id", Id, ForeignKey("surveys.id"), nullable=False),
    Column("pbx", String(80), nullable=False, server_default=""),
    Column("call_id", String, nullable=False, unique=True),
    Column("interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("operator_id", Id, ForeignKey("users.id")),
    Column("number", code_text(16), nullable=False, server_default=""),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("way", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("token_digest", String(64), unique=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("score", Integer),
    Column("answers", JSON, nullable=False, server_default=text("'{}'")),
    Column("comment", String(1000), nullable=False, server_default=""),
    Column("message", String(160), nullable=False, server_default=""),
    Column("message_id", Id),
    Column("problem", String(255), nullable=False, server_default=""),
    one_of("way", "keys", "sms", "email"),
    one_of("state", "asked", "answered", "refused"),
    CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    partial("ix_survey_answers_unlinked", "interaction_id IS NULL", "asked_at", "id"),
    Index("ix_survey_answers_survey_id", "survey_id", "asked_at", "id"),
    Index("ix_survey_answers_operator_id", "operator_id", "asked_at"),
    Index("ix_survey_answers_customer_id", "customer_id", "asked_at"),
    Index("ix_survey_answers_number", "number", "asked_at"),
)
