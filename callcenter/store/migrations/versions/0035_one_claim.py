"""One command makes one claim, and one caller at a time is sent to a phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was under way for seconds when it was stopped is over by now.
    op.execute("DELETE FROM call_claims")
    op.drop_index("ix_call_claims_command_id", "call_claims")
    op.create_index("ix_call_claims_command_id", "call_claims", ["command_id"], unique=True)
    pulls = sa.text("deed = 'pull'")
    op.create_index(
        "ix_call_claims_to_id",
        "call_claims",
        ["to_id"],
        unique=True,
        postgresql_where=pulls,
        sqlite_where=pulls,
    )


def downgrade() -> None:
    op.drop_index("ix_call_claims_to_id", "call_claims")
    op.drop_index("ix_call_claims_command_id", "call_claims")
    op.create_index("ix_call_claims_command_id", "call_claims", ["command_id"])
