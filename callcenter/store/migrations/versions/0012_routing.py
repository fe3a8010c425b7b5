"""Routing rules: versions, drafts, what is live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_versions()
    op.add_column(
        "routing_decisions",
        sa.Column("stage", sa.String(length=16), server_default="", nullable=False),
    )
    op.add_column("routing_decisions", sa.Column("version", sa.Integer(), nullable=True))
    op.create_index(
        "ix_routing_decisions_failed_open",
        "routing_decisions",
        ["decided_at"],
        unique=False,
        postgresql_where=sa.text("failed_open"),
        sqlite_where=sa.text("failed_open = 1"),
    )


def _make_versions() -> None:
    op.create_table(
        "routing_versions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("base_id", types.Id, nullable=True),
        sa.Column("note", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("published_by", types.Id, nullable=True),
        sa.Column("published_at", types.UtcDateTime(), nullable=True),
        sa.Column("stamp", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'live', 'past')", name=op.f("ck_routing_versions_state")
        ),
        sa.ForeignKeyConstraint(
            ["base_id"], ["routing_versions.id"], name=op.f("fk_routing_versions_base_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_routing_versions_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["users.id"], name=op.f("fk_routing_versions_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_versions")),
    )
    for state in ("draft", "live"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_routing_versions_{state}",
            "routing_versions",
            ["state"],
            unique=True,
            postgresql_where=only,
            sqlite_where=only,
        )
    op.create_index("ix_routing_versions_number", "routing_versions", ["number", "id"])
