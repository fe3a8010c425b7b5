"""Segments, chosen columns, jobs on many records; words found in spite of typing errors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.finding.near import variants
from callcenter.finding.words import kept_words, vocabulary
from callcenter.store import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STEP = 5_000
_LISTS = {
    "ix_customers_created_at": ["created_at", "id"],
    "ix_customers_updated_at": ["updated_at", "id"],
    "ix_customers_city": ["city", "id"],
    "ix_customers_language": ["language", "sort_name", "id"],
}

# Contacts are counted by customer from these alone.
_COUNTED = {
    "ix_interactions_started_at": ["started_at", "id", "customer_id"],
    "ix_interactions_result": ["result", "started_at", "id", "customer_id"],
    "ix_interactions_queue": ["queue", "started_at", "id", "customer_id"],
}


def upgrade() -> None:
    _make_segments()
    _make_bulk()
    _make_vocabulary()
    for name, columns in _LISTS.items():
        op.create_index(name, "customers", columns)
    there = sa.text("deleted_at IS NULL")
    op.create_index(
        "ix_customers_there", "customers", ["id"], postgresql_where=there, sqlite_where=there
    )
    for name, columns in _COUNTED.items():
        op.drop_index(name, table_name="interactions")
        op.create_index(name, "interactions", columns)
    op.create_index("ix_consents_channel", "consents", ["channel", "given", "customer_id"])
    op.drop_index("ix_customer_words_customer_id", table_name="customer_words")
    op.create_index("ix_customer_words_customer_id", "customer_words", ["customer_id", "word"])
    _compare_by_bytes()
    _fill()


def _compare_by_bytes() -> None:
    """What is looked up by its beginning: that is a range in byte order only."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length in (
            ("invoices", "number", 32),
            ("orders", "number", 32),
            ("organizations", "tax_id", 32),
            ("customers", "city", 80),
        ):
            kind = f'VARCHAR({length}) COLLATE "C"'
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")


def _make_segments() -> None:
    op.create_table(
        "segments",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("frozen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("owner_id", types.Id, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_segments_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
    )
    op.create_index("ix_segments_owner_id", "segments", ["owner_id"])
    op.create_table(
        "segment_members",
        sa.Column("segment_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_segment_members_segment_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_segment_members_customer_id")
        ),
        sa.PrimaryKeyConstraint("segment_id", "customer_id", name=op.f("pk_segment_members")),
    )
    op.create_index("ix_segment_members_customer_id", "segment_members", ["customer_id"])
    op.create_table(
        "user_settings",
        sa.Column("user_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_settings_user_id")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_user_settings")),
    )


def _make_bulk() -> None:
    op.create_table(
        "bulk_targets",
        sa.Column("batch_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), server_default="waiting", nullable=False),
        sa.Column("why", sa.String(length=255), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'left')", name=op.f("ck_bulk_targets_state")
        ),
        sa.PrimaryKeyConstraint("batch_id", "customer_id", name=op.f("pk_bulk_targets")),
    )
    op.create_index("ix_bulk_targets_state", "bulk_targets", ["batch_id", "state", "customer_id"])


def _make_vocabulary() -> None:
    op.create_table(
        "name_words",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("word", types.code_text(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_words")),
        sa.UniqueConstraint("word", name=op.f("uq_name_words_word")),
    )
    op.create_table(
        "name_variants",
        sa.Column("variant", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("word_id", types.Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["word_id"], ["name_words.id"], name=op.f("fk_name_variants_word_id")
        ),
        sa.PrimaryKeyConstraint("variant", "word_id", name=op.f("pk_name_variants")),
        sqlite_with_rowid=False,
    )


def _fill() -> None:
    """Customers of before are kept under their spelling keys too, a part at a time."""
    connection = op.get_bind()
    known: dict[str, int] = {}
    last = 0
    while rows := connection.execute(_NAMES, {"last": last, "step": _STEP}).all():
        last = rows[-1][0]
        _fill_part(connection, [(row[0], [text or "" for text in row[1:]]) for row in rows], known)
    if known and connection.dialect.name == "postgresql":
        connection.execute(_GO_ON_BEHIND, {"last": len(known)})


_NAMES = sa.text(
    "SELECT c.id, c.display_name, c.given_name, c.family_name, o.name FROM customers c "
    "LEFT JOIN organizations o ON o.id = c.organization_id "
    "WHERE c.id > :last ORDER BY c.id LIMIT :step"
)
# The words were numbered here: those to come must not get the same numbers.
_GO_ON_BEHIND = sa.text("SELECT setval(pg_get_serial_sequence('name_words', 'id'), :last)")
_ADD_WORD = sa.text(
    "INSERT INTO customer_words (word, customer_id) VALUES (:word, :customer_id) "
    "ON CONFLICT DO NOTHING"
)
_ADD_KEY = sa.text("INSERT INTO name_words (id, word) VALUES (:id, :word)")
_ADD_VARIANT = sa.text("INSERT INTO name_variants (variant, word_id) VALUES (:variant, :word_id)")


def _fill_part(
    connection: sa.Connection, people: list[tuple[int, list[str]]], known: dict[str, int]
) -> None:
    words = [(one, word) for one, texts in people for word in kept_words(*texts)]
    new = [word for word in vocabulary(word for _one, word in words) if word not in known]
    known |= {word: len(known) + place for place, word in enumerate(new, start=1)}
    for statement, rows in (
        (_ADD_WORD, [{"word": word, "customer_id": one} for one, word in words]),
        (_ADD_KEY, [{"id": known[word], "word": word} for word in new]),
        (
            _ADD_VARIANT,
            [
                {"variant": v, "word_id": known[word]}
                for word in new
                for v in sorted(variants(word))
            ],
        ),
    ):
        if rows:
            connection.execute(statement, rows)
