"""Who takes a call over, or calls a waiting caller up, is known to the next who tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was under way for seconds when it was stopped is over by now.
    op.drop_table("call_takings")
    op.create_table(
        "call_claims",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("deed", sa.String(16), nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("to_id", types.Id, nullable=False),
        sa.Column("command_id", sa.String(64), nullable=False),
        sa.Column("since", types.UtcDateTime, nullable=False),
        sa.Column("until", types.UtcDateTime, nullable=False),
        sa.CheckConstraint("deed IN ('take_over', 'pull')", name="ck_call_claims_deed"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_call_claims_user_id_users"),
        sa.ForeignKeyConstraint(["to_id"], ["users.id"], name="fk_call_claims_to_id_users"),
        sa.PrimaryKeyConstraint("call_id", name="pk_call_claims"),
    )
    op.create_index("ix_call_claims_command_id", "call_claims", ["command_id"])


def downgrade() -> None:
    op.drop_table("call_claims")
    op.create_table(
        "call_takings",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("until", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_call_takings"),
    )
