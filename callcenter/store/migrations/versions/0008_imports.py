"""Files being taken in, their errors, and remembered mappings; files given out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_imports()
    _make_errors_and_mappings()
    _make_external_ids()
    _make_exports()


def _make_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("stored_as", sa.String(length=64), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="draft", nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), server_default=sa.false(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
            for name in ("position", "total", "created", "updated", "unchanged", "failed")
        ),
        sa.Column("wanted", sa.String(length=8), server_default="", nullable=False),
        sa.Column("turn", sa.String(length=40), server_default="", nullable=False),
        sa.Column("batch_id", types.Id, nullable=True),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'queued', 'running', 'paused', 'done', 'failed', 'undone')",
            name=op.f("ck_imports_state"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_imports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_state", "imports", ["state", "id"])
    op.create_index("ix_imports_user_id", "imports", ["user_id", "id"])


def _make_errors_and_mappings() -> None:
    op.create_table(
        "import_errors",
        sa.Column("import_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("record", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_errors_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "record", name=op.f("pk_import_errors")),
    )
    op.create_table(
        "import_mappings",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("used_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_mappings_user_id")),
        sa.PrimaryKeyConstraint("kind", "signature", name=op.f("pk_import_mappings")),
    )


def _make_external_ids() -> None:
    op.create_table(
        "external_ids",
        sa.Column("object", sa.String(length=16), nullable=False),
        sa.Column("external_id", types.code_text(120), nullable=False),
        sa.Column("object_id", types.Id, nullable=False),
        sa.PrimaryKeyConstraint("object", "external_id", name=op.f("pk_external_ids")),
    )
    op.create_index("ix_external_ids_object_id", "external_ids", ["object", "object_id"])


def _make_exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="queued", nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("stored_as", sa.String(length=64), server_default="", nullable=False),
        sa.Column("turn", sa.String(length=40), server_default="", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_exports_state")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_exports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_state", "exports", ["state", "id"])
    op.create_index("ix_exports_user_id", "exports", ["user_id", "id"])
