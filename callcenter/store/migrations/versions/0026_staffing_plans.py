"""Staffing goals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_NUMBERS = {
    "percent": ("80", "percent BETWEEN 1 AND 99"),
    "seconds": ("20", "seconds >= 0"),
    "patience_seconds": ("120", "patience_seconds >= 0"),
    "shrinkage_percent": ("30", "shrinkage_percent BETWEEN 0 AND 90"),
    "occupancy_percent": ("85", "occupancy_percent BETWEEN 10 AND 100"),
    "handle_seconds": ("0", "handle_seconds >= 0"),
}


def upgrade() -> None:
    op.create_table(
        "staffing_goals",
        sa.Column("queue", sa.String(length=80), nullable=False),
        *(
            sa.Column(name, sa.Integer(), server_default=usual, nullable=False)
            for name, (usual, _) in _NUMBERS.items()
        ),
        sa.Column("calendar", sa.String(length=80), server_default="", nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_staffing_goals_{name}"))
            for name, (_, check) in _NUMBERS.items()
        ),
        sa.PrimaryKeyConstraint("queue", name="pk_staffing_goals"),
    )


def downgrade() -> None:
    op.drop_table("staffing_goals")
