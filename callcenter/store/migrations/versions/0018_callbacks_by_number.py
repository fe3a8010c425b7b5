"""Finds the call-backs that a number once asked for."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_callback_requests_number", "callback_requests", ["number", "closed_at"])


def downgrade() -> None:
    op.drop_index("ix_callback_requests_number", "callback_requests")
