"""Boards of teams, and screens on a wall."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("team_id", types.Id, nullable=True),
        sa.Column("queues", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("tiles", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("zone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("callers_shown", sa.String(length=8), server_default="none", nullable=False),
        sa.Column("operators_shown", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("rotate_seconds", sa.Integer(), server_default="20", nullable=False),
        sa.Column("sound", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "callers_shown IN ('none', 'name', 'full')", name=op.f("ck_boards_callers_shown")
        ),
        sa.CheckConstraint("rotate_seconds >= 5", name=op.f("ck_boards_rotate_seconds")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name="fk_boards_team_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_boards_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_boards"),
    )
    op.create_index("ix_boards_team_id", "boards", ["team_id"])
    op.create_index("ix_boards_created_by", "boards", ["created_by"])
    op.create_table(
        "wall_tokens",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("board_id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="en", nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_wall_tokens_board_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_wall_tokens_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_wall_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_wall_tokens_token_hash"),
    )
    op.create_index("ix_wall_tokens_board_id", "wall_tokens", ["board_id"])
    op.create_index("ix_wall_tokens_created_by", "wall_tokens", ["created_by"])


def downgrade() -> None:
    op.drop_table("wall_tokens")
    op.drop_table("boards")
