"""One takes a call over at a time; and whether a PBX's dialplan lets supervisors in at all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_takings",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("until", types.UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_call_takings"),
    )
    op.add_column("pbx_links", sa.Column("steps_in", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("pbx_links", "steps_in")
    op.drop_table("call_takings")
