"""Files given out that are kept are found without reading through all that ever were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = sa.text("stored_as != ''")
    op.create_index(
        "ix_exports_kept", "exports", ["stored_as"], postgresql_where=kept, sqlite_where=kept
    )


def downgrade() -> None:
    op.drop_index("ix_exports_kept", "exports")
