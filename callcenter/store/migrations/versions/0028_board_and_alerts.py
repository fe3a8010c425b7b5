"""Whether goals stand on operators' desks, and in whose words a threshold's mails are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_policy",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("goals_on_desks", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_policy"),
    )
    op.add_column(
        "thresholds", sa.Column("words", sa.JSON(), server_default=sa.text("'{}'"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("thresholds", "words")
    op.drop_table("alert_policy")
