"""What conditions ask of archived contacts, and months whose files count as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "archive_months",
        sa.Column("accepted", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "archive_calls",
        sa.Column("interaction_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("queue", sa.String(length=80), nullable=False),
        sa.Column("outcome_id", types.Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_archive_calls_customer_id"
        ),
        sa.PrimaryKeyConstraint("interaction_id", name="pk_archive_calls"),
    )
    op.create_index("ix_archive_calls_month", "archive_calls", ["month"])
    op.create_index("ix_archive_calls_customer_id", "archive_calls", ["customer_id", "started_at"])
    op.create_index("ix_archive_calls_outcome_id", "archive_calls", ["outcome_id", "customer_id"])
    op.create_index("ix_archive_calls_started_at", "archive_calls", ["started_at", "customer_id"])


def downgrade() -> None:
    op.drop_table("archive_calls")
    op.drop_column("archive_months", "accepted")
