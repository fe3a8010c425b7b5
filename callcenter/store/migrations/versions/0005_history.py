"""Who changed what; duplicates, and cards joined into one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_changes()
    _make_batches()
    _make_pairs()
    _make_search()
    _make_merges()


def _make_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("actor", sa.String(length=8), server_default="user", nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("batch_id", types.Id, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_at", "changes", ["at"])
    op.create_index("ix_changes_object", "changes", ["object_type", "object_id", "id"])
    op.create_index("ix_changes_batch_id", "changes", ["batch_id", "id"])
    op.create_index("ix_changes_user_id", "changes", ["user_id", "at"])


def _make_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="running", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("undone_at", types.UtcDateTime(), nullable=True),
        sa.Column("undone_by", types.Id, nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'failed', 'undone')", name=op.f("ck_batches_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_user_id", "batches", ["user_id", "id"])


def _make_pairs() -> None:
    op.create_table(
        "duplicate_pairs",
        sa.Column("a_id", types.Id, nullable=False, autoincrement=False),
        sa.Column("b_id", types.Id, nullable=False, autoincrement=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("found_at", types.UtcDateTime(), nullable=False),
        sa.Column("decided_by", types.Id, nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'merged', 'distinct')", name=op.f("ck_duplicate_pairs_state")
        ),
        _to_customers("duplicate_pairs", "a_id"),
        _to_customers("duplicate_pairs", "b_id"),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_duplicate_pairs_decided_by")
        ),
        sa.PrimaryKeyConstraint("a_id", "b_id", name=op.f("pk_duplicate_pairs")),
    )
    op.create_index(
        "ix_duplicate_pairs_state", "duplicate_pairs", ["state", "score", "a_id", "b_id"]
    )
    op.create_index("ix_duplicate_pairs_b_id", "duplicate_pairs", ["b_id"])


def _make_search() -> None:
    op.create_table(
        "duplicate_keys",
        sa.Column("key", types.code_text(80), nullable=False),
        sa.Column("customer_id", types.Id, nullable=False, autoincrement=False),
        _to_customers("duplicate_keys", "customer_id"),
        sa.PrimaryKeyConstraint("key", "customer_id", name=op.f("pk_duplicate_keys")),
    )
    op.create_index("ix_duplicate_keys_customer_id", "duplicate_keys", ["customer_id"])
    op.create_table(
        "duplicate_searches",
        sa.Column("id", types.Id, nullable=False, autoincrement=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("step", sa.String(length=16), server_default="", nullable=False),
        sa.Column("position", sa.String(length=160), server_default="", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_searches")),
    )


def _make_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("survivor_id", types.Id, nullable=False),
        sa.Column("loser_id", types.Id, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("batch_id", types.Id, nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", types.UtcDateTime(), nullable=True),
        sa.Column("undone_by", types.Id, nullable=True),
        _to_customers("merges", "survivor_id"),
        _to_customers("merges", "loser_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_survivor_id", "merges", ["survivor_id", "id"])
    op.create_index("ix_merges_loser_id", "merges", ["loser_id", "id"])
    op.create_index("ix_merges_batch_id", "merges", ["batch_id"])


def _to_customers(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["customers.id"], name=op.f(f"fk_{table}_{column}"))
