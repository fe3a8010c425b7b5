"""When we are there: business hours, holidays, closures; how a draft would have routed calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_calendars()
    _make_days()
    _make_closures()
    _make_trials()
    op.create_index("ix_routing_decisions_decided_at", "routing_decisions", ["decided_at", "id"])


def _make_calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("key", sa.String(length=31), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), server_default="", nullable=False),
        sa.Column("subdivision", sa.String(length=8), server_default="", nullable=False),
        sa.Column("observe_holidays", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("worked", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendars"),
        sa.UniqueConstraint("key", name="uq_calendars_key"),
    )


def _make_days() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("calendar_id", types.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("open_from", sa.Integer(), nullable=True),
        sa.Column("open_to", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('open', 'closed', 'usual')", name=op.f("ck_calendar_days_kind")
        ),
        sa.CheckConstraint(
            "open_from < open_to AND open_to <= 1440", name=op.f("ck_calendar_days_hours")
        ),
        sa.CheckConstraint(
            "(kind = 'open') = (open_from IS NOT NULL)",
            name=op.f("ck_calendar_days_open_has_hours"),
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name="fk_calendar_days_calendar_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_days"),
    )
    op.create_index("ix_calendar_days_calendar_id", "calendar_days", ["calendar_id", "day"])


def _make_closures() -> None:
    op.create_table(
        "closures",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("calendar_id", types.Id, nullable=True),
        sa.Column("starts_at", types.UtcDateTime(), nullable=False),
        sa.Column("ends_at", types.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("message", sa.String(length=64), server_default="", nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("starts_at <= ends_at", name=op.f("ck_closures_order")),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_closures_calendar_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_closures_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_closures"),
    )
    op.create_index("ix_closures_ends_at", "closures", ["ends_at"])
    op.create_index("ix_closures_updated_at", "closures", ["updated_at"])


def _make_trials() -> None:
    waiting = sa.text("state = 'waiting'")
    op.create_table(
        "routing_trials",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_by", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("live", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("position", types.Id, server_default="0", nullable=False),
        sa.Column("until_id", types.Id, server_default="0", nullable=False),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in ("total", "looked", "moved", "unreadable")
        ),
        sa.Column("leased_until", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_routing_trials_state")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name="fk_routing_trials_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_routing_trials"),
    )
    op.create_index(
        "ix_routing_trials_waiting",
        "routing_trials",
        ["id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_table(
        "routing_trial_calls",
        sa.Column("trial_id", types.Id, nullable=False),
        sa.Column("decision_id", types.Id, nullable=False),
        sa.Column("was", sa.String(length=120), nullable=False),
        sa.Column("would", sa.String(length=120), nullable=False),
        sa.Column("rule_was", sa.String(length=80), server_default=sa.text("''"), nullable=False),
        sa.Column("rule_would", sa.String(length=80), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["routing_trials.id"], name="fk_routing_trial_calls_trial_id"
        ),
        sa.PrimaryKeyConstraint("trial_id", "decision_id", name="pk_routing_trial_calls"),
    )
    op.create_index(
        "ix_routing_trial_calls_group",
        "routing_trial_calls",
        ["trial_id", "was", "would", "decision_id"],
    )
