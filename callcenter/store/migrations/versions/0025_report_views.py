"""Saved views and scheduled reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_views()
    _make_schedules()
    _make_mails()


def downgrade() -> None:
    for name in ("report_mails", "report_schedules", "report_views"):
        op.drop_table(name)


def _make_views() -> None:
    op.create_table(
        "report_views",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("owner_id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("report", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_report_views_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_views"),
    )
    op.create_index("ix_report_views_owner_id", "report_views", ["owner_id", "id"])
    _partial("ix_report_views_shared", "report_views", ["id"], "shared")


def _make_schedules() -> None:
    op.create_table(
        "report_schedules",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("owner_id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("report", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("format", sa.String(length=8), server_default="pdf", nullable=False),
        sa.Column("every", sa.String(length=8), server_default="day", nullable=False),
        sa.Column("day", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at", sa.String(length=5), server_default="07:00", nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("words", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("next_at", types.UtcDateTime(), nullable=True),
        sa.Column("last_run_at", types.UtcDateTime(), nullable=True),
        sa.Column("last_result", sa.String(length=500), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "format IN ('csv', 'xlsx', 'pdf')", name=op.f("ck_report_schedules_format")
        ),
        sa.CheckConstraint(
            "every IN ('day', 'week', 'month')", name=op.f("ck_report_schedules_every")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_report_schedules_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_schedules"),
    )
    op.create_index("ix_report_schedules_owner_id", "report_schedules", ["owner_id", "id"])
    _partial("ix_report_schedules_due", "report_schedules", ["next_at"], "active")


def _make_mails() -> None:
    op.create_table(
        "report_mails",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("schedule_id", types.Id, nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", types.UtcDateTime(), nullable=True),
        sa.Column("problem", sa.String(length=500), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'unsure')",
            name=op.f("ck_report_mails_state"),
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report_schedules.id"], name="fk_report_mails_schedule_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_mails"),
        sa.UniqueConstraint(
            "schedule_id", "period_from", "recipient", name="uq_report_mails_period"
        ),
    )
    op.create_index("ix_report_mails_schedule_id", "report_mails", ["schedule_id", "id"])
    open_ones = "state IN ('waiting', 'sending')"
    _partial("ix_report_mails_open", "report_mails", ["next_try_at", "id"], open_ones)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, postgresql_where=condition, sqlite_where=condition)
