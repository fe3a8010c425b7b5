"""Months that were moved to the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("folder", sa.String(length=80), server_default="", nullable=False),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("files", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("interactions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kept", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("first_id", types.Id, server_default="0", nullable=False),
        sa.Column("last_id", types.Id, server_default="0", nullable=False),
        sa.Column("position", types.Id, server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stale", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("problem", sa.String(length=255), server_default="", nullable=False),
        sa.Column("asked_by", types.Id, nullable=True),
        sa.Column("moved_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('to_move', 'copying', 'deleting', 'moved', 'to_restore', 'restoring')",
            name=op.f("ck_archive_months_state"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name="fk_archive_months_asked_by"),
        sa.PrimaryKeyConstraint("month", name="pk_archive_months"),
    )
    op.create_table(
        "archive_returned",
        sa.Column("interaction_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", name="pk_archive_returned"),
    )
    op.create_index("ix_archive_returned_month", "archive_returned", ["month"])
    op.create_table(
        "archive_contacts",
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("operator_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("last_at", types.UtcDateTime(), nullable=False),
        sa.Column("spoken_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_archive_contacts_customer_id"
        ),
        sa.PrimaryKeyConstraint("customer_id", "operator_id", name="pk_archive_contacts"),
    )
    op.create_table(
        "archive_rules",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("kind", name="pk_archive_rules"),
    )


def downgrade() -> None:
    op.drop_table("archive_rules")
    op.drop_table("archive_contacts")
    op.drop_table("archive_returned")
    op.drop_table("archive_months")
