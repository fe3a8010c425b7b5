"""Goals, thresholds and alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_LEVELS = "'amber', 'red'"


def upgrade() -> None:
    _make_thresholds()
    _make_states()
    _make_alerts()
    _make_mails()
    _make_evaluator()
    _make_goals()


def downgrade() -> None:
    for table in (
        "goals",
        "alert_evaluator",
        "alert_mails",
        "alerts",
        "threshold_states",
        "thresholds",
    ):
        op.drop_table(table)


def _make_thresholds() -> None:
    op.create_table(
        "thresholds",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=80), server_default="", nullable=False),
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=8), server_default="overall", nullable=False),
        sa.Column("queues", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("team_id", types.Id, nullable=True),
        sa.Column("comparison", sa.String(length=8), nullable=False),
        sa.Column("amber", sa.Float(), nullable=True),
        sa.Column("red", sa.Float(), nullable=True),
        sa.Column("sustained_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("clear_by", sa.Float(), server_default="0", nullable=False),
        sa.Column("calendar", sa.String(length=80), server_default="", nullable=False),
        sa.Column("zone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("browser", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("mails", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("webhook", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        _check("thresholds", "scope", "scope IN ('overall', 'queues', 'team')"),
        _check("thresholds", "comparison", "comparison IN ('at_least', 'at_most')"),
        _check("thresholds", "sustained_minutes", "sustained_minutes >= 0"),
        _check("thresholds", "clear_by", "clear_by >= 0"),
        _check("thresholds", "bound", "amber IS NOT NULL OR red IS NOT NULL"),
        _key("thresholds", "team_id", "teams", "SET NULL"),
        _key("thresholds", "created_by", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_thresholds"),
    )
    op.create_index("ix_thresholds_team_id", "thresholds", ["team_id"])


def _make_states() -> None:
    op.create_table(
        "threshold_states",
        sa.Column("threshold_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=8), server_default="ok", nullable=False),
        sa.Column("amber_since", types.UtcDateTime(), nullable=True),
        sa.Column("red_since", types.UtcDateTime(), nullable=True),
        _check("threshold_states", "level", f"level IN ('ok', {_LEVELS})"),
        _key("threshold_states", "threshold_id", "thresholds", "CASCADE"),
        sa.PrimaryKeyConstraint("threshold_id", "subject", name="pk_threshold_states"),
    )


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("threshold_id", types.Id, nullable=True),
        sa.Column("title", sa.String(length=80), server_default="", nullable=False),
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=80), server_default="", nullable=False),
        sa.Column("subject_title", sa.String(length=120), server_default="", nullable=False),
        sa.Column("comparison", sa.String(length=8), nullable=False),
        sa.Column("bound", sa.Float(), nullable=False),
        sa.Column("sustained_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("browser", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("worst_level", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("worst_value", sa.Float(), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("level_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("why", sa.String(length=32), server_default="", nullable=False),
        sa.Column("acknowledged_at", types.UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by", types.Id, nullable=True),
        sa.Column("note", sa.String(length=255), server_default="", nullable=False),
        _check("alerts", "level", f"level IN ({_LEVELS})"),
        _check("alerts", "worst_level", f"worst_level IN ({_LEVELS})"),
        _key("alerts", "threshold_id", "thresholds", "SET NULL"),
        _key("alerts", "acknowledged_by", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_alerts_open",
        "alerts",
        ["threshold_id", "subject"],
        unique=True,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    op.create_index("ix_alerts_opened_at", "alerts", ["opened_at", "id"])
    op.create_index("ix_alerts_threshold_id", "alerts", ["threshold_id", "opened_at", "id"])
    op.create_index("ix_alerts_subject", "alerts", ["subject", "opened_at", "id"])


def _make_mails() -> None:
    op.create_table(
        "alert_mails",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("alert_id", types.Id, nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="queued", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", types.UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        _check("alert_mails", "state", "state IN ('queued', 'sent', 'failed')"),
        _key("alert_mails", "alert_id", "alerts", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_mails"),
        sa.UniqueConstraint("message_id", name="uq_alert_mails_message_id"),
    )
    op.create_index("ix_alert_mails_alert_id", "alert_mails", ["alert_id"])
    for name, where, columns in (
        ("due", "state = 'queued'", ["next_at", "id"]),
        ("unsent", "state <> 'sent'", ["id"]),
    ):
        op.create_index(
            f"ix_alert_mails_{name}",
            "alert_mails",
            columns,
            postgresql_where=sa.text(where),
            sqlite_where=sa.text(where),
        )


def _make_evaluator() -> None:
    op.create_table(
        "alert_evaluator",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("holder", sa.String(length=80), server_default="", nullable=False),
        sa.Column("leased_until", types.UtcDateTime(), nullable=True),
        sa.Column("evaluated_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alert_evaluator"),
    )


def _make_goals() -> None:
    op.create_table(
        "goals",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        _key("goals", "created_by", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
        sa.UniqueConstraint("metric", "queue", name="uq_goals_metric_queue"),
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, column: str, other: str, ondelete: str = "") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete=ondelete or None
    )
