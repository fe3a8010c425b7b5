"""How often the archive lacked memory for a month, and when it is tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "archive_months",
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("archive_months", sa.Column("try_at", types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("archive_months", "try_at")
    op.drop_column("archive_months", "tries")
