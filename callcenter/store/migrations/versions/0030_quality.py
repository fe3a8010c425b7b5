"""What waits for whom in quality is counted from indexes of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    final, still_open = sa.text("state = 'final'"), sa.text("closed_at IS NULL")
    op.create_index(
        "ix_assessments_final",
        "assessments",
        ["operator_id"],
        postgresql_where=final,
        sqlite_where=final,
    )
    op.create_index(
        "ix_calibrations_open",
        "calibrations",
        ["id"],
        postgresql_where=still_open,
        sqlite_where=still_open,
    )


def downgrade() -> None:
    op.drop_index("ix_calibrations_open", "calibrations")
    op.drop_index("ix_assessments_final", "assessments")
