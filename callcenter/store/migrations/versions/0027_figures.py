"""What figures of reports still lacked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "interactions", sa.Column("transfers", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("interactions", "transfers")
