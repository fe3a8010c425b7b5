"""The PBX configuration as the product keeps it: plans, their secrets apart, what was applied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pbx_plans",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_by", types.Id, nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name="fk_pbx_plans_updated_by"),
        sa.PrimaryKeyConstraint("pbx", name="pk_pbx_plans"),
    )
    op.create_table(
        "pbx_secrets",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("pbx", "name", name="pk_pbx_secrets"),
    )
    op.create_table(
        "pbx_numbers",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=80), server_default="", nullable=False),
        sa.Column("title", sa.String(length=80), server_default="", nullable=False),
        sa.Column("calendar", sa.String(length=80), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('did', 'queue')", name=op.f("ck_pbx_numbers_kind")),
        sa.PrimaryKeyConstraint("number", "pbx", name="pk_pbx_numbers"),
    )
    op.create_table(
        "pbx_applied",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by", types.Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("backup", sa.String(length=255), server_default="", nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "result IN ('running', 'applied', 'nothing', 'refused', 'undone', 'broken')",
            name=op.f("ck_pbx_applied_result"),
        ),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name="fk_pbx_applied_by"),
        sa.PrimaryKeyConstraint("id", name="pk_pbx_applied"),
    )
    op.create_index("ix_pbx_applied_pbx", "pbx_applied", ["pbx", "id"])
