"""Bounds that figures are watched by, what came of them, and the goals of a day."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

# `metric` is one of `callcenter.alerts.metrics`. Each of `queues` is watched by itself.
thresholds = Table(
    "thresholds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(80), nullable=False, server_default=""),
    Column("metric", String(32), nullable=False),
    Column("scope", String(8), nullable=False, server_default="overall"),
    Column("queues", JSON, nullable=False, server_default=text("'[]'")),
    Column("team_id", Id, ForeignKey("teams.id", ondelete="SET NULL"), index=True),
    Column("comparison", String(8), nullable=False),
    Column("amber", Float),
    Column("red", Float),
    # 0: at once.
    Column("sustained_minutes", Integer, nullable=False, server_default="0"),
    Column("clear_by", Float, nullable=False, server_default="0"),
    # Key of the calendar within whose hours it counts; '': at any hour.
    Column("calendar", String(80), nullable=False, server_default=""),
    # Whose clock says when a day begins.
    Column("zone", String(64), nullable=False, server_default="UTC"),
    Column("browser", Boolean, nullable=False, server_default=true()),
    Column("mails", JSON, nullable=False, server_default=text("'[]'")),
    Column("webhook", Boolean, nullable=False, server_default=false()),
    Column("active", Boolean, nullable=False, server_default=true()),
    # How its mails speak, as `callcenter.reporting.language` keeps it; {}: English.
    Column("words", JSON, nullable=False, server_default=text("'{}'")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Id, ForeignKey("users.id")),
    one_of("scope", "overall", "queues", "team"),
    one_of("comparison", "at_least", "at_most"),
    CheckConstraint("sustained_minutes >= 0", name="sustained_minutes"),
    CheckConstraint("clear_by >= 0", name="clear_by"),
    CheckConstraint("amber IS NOT NULL OR red IS NOT NULL", name="bound"),
)

# How long each subject (a queue, a team's number, '' for everything) has been beyond which bound,
# so that a restarted worker goes on with it. There is no row where all is well.
threshold_states = Table(
    "threshold_states",
    metadata,
    Column(
        "threshold_id",
        Id,
        ForeignKey("thresholds.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("subject", String(80), primary_key=True),
    Column("level", String(8), nullable=False, server_default="ok"),
    Column("amber_since", UtcDateTime),
    Column("red_since", UtcDateTime),
    one_of("level", "ok", "amber", "red"),
)

# What it was keeps its words: a threshold may be changed or deleted afterwards.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("threshold_id", Id, ForeignKey("thresholds.id", ondelete="SET NULL")),
    Column("title", String(80), nullable=False, server_default=""),
    Column("metric", String(32), nullable=False),
    Column("scope", String(8), nullable=False),
    Column("subject", String(80), nullable=False, server_default=""),
    Column("subject_title", String(120), nullable=False, server_default=""),
    Column("comparison", String(8), nullable=False),
    Column("bound", Float, nullable=False),
    Column("sustained_minutes", Integer, nullable=False, server_default="0"),
    Column("browser", Boolean, nullable=False, server_default=true()),
    Column("level", String(8), nullable=False),
    Column("worst_level", String(8), nullable=False),
    Column("value", Float, nullable=False),
    Column("worst_value", Float, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    # Since when it has had this level: who is told anew when it gets worse knows by it.
    Column("level_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("why", String(32), nullable=False, server_default=""),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", Id, ForeignKey("users.id")),
    Column("note", String(255), nullable=False, server_default=""),
    one_of("level", "amber", "red"),
    one_of("worst_level", "amber", "red"),
    # One open alert for each threshold and subject, whoever evaluates.
    partial("ix_alerts_open", "closed_at IS NULL", "threshold_id", "subject", unique=True),
    Index("ix_alerts_opened_at", "opened_at", "id"),
    Index("ix_alerts_threshold_id", "threshold_id", "opened_at", "id"),
    Index("ix_alerts_subject", "subject", "opened_at", "id"),
)

# Mails to people who work here; those to customers are `messages`.
alert_mails = Table(
    "alert_mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("alert_id", Id, ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("message_id", String(120), nullable=False, unique=True),
    Column("recipients", JSON, nullable=False),
    Column("subject", String(255), nullable=False),
    Column("text", String(4000), nullable=False),
    Column("state", String(8), nullable=False, server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),
    Column("error", String(255), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    one_of("state", "queued", "sent", "failed"),
    partial("ix_alert_mails_due", "state = 'queued'", "next_at", "id"),
    partial("ix_alert_mails_unsent", "state <> 'sent'", "id"),
)

# The one row that says which worker evaluates, and when it did so last.
alert_evaluator = Table(
    "alert_evaluator",
    metadata,
    Column("id", Id, primary_key=True),
    Column("holder", String(80), nullable=False, server_default=""),
    Column("leased_until", UtcDateTime),
    Column("evaluated_at", UtcDateTime),
)

# One row, from when somebody has said so; until then goals stand on the desks.
alert_policy = Table(
    "alert_policy",
    metadata,
    Column("id", Id, primary_key=True),
    Column("goals_on_desks", Boolean, nullable=False, server_default=true()),
)

# `queue` '': the whole centre.
goals = Table(
    "goals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("metric", String(32), nullable=False),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("target", Float, nullable=False),
    Column("zone", String(64), nullable=False, server_default="UTC"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Id, ForeignKey("users.id")),
    UniqueConstraint("metric", "queue"),
)
