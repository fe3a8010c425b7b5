"""Who changed what; what was done at once; cards that may be one person's, and were joined."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, SmallInteger, String, Table

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime, code_text

# No foreign keys to what changed: the history of a thing outlives it.
changes = Table(
    "changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("user_id", Id),
    Column("actor", String(8), nullable=False, server_default="user"),
    Column("object_type", String(40), nullable=False),
    Column("object_id", String(80), nullable=False),
    Column("action", String(8), nullable=False),
    # Field → [before, after]; what something began with is [null, value].
    Column("fields", JSON, nullable=False),
    Column("batch_id", Id),
    Index("ix_changes_object", "object_type", "object_id", "id"),
    Index("ix_changes_batch_id", "batch_id", "id"),
    Index("ix_changes_user_id", "user_id", "at"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("title", String(255), nullable=False),
    Column("user_id", Id),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False, server_default="running"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("detail", JSON, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("undone_by", Id),
    one_of("state", "running", "done", "failed", "undone"),
    Index("ix_batches_user_id", "user_id", "id"),
)

# The smaller id is `a_id`: a pair is one row, whoever was found first.
duplicate_pairs = Table(
    "duplicate_pairs",
    metadata,
    Column("a_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Column("b_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Column("score", SmallInteger, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("state", String(8), nullable=False, server_default="open"),
    Column("found_at", UtcDateTime, nullable=False),
    Column("decided_by", Id, ForeignKey("users.id")),
    Column("decided_at", UtcDateTime),
    one_of("state", "open", "merged", "distinct"),
    Index("ix_duplicate_pairs_state", "state", "score", "a_id", "b_id"),
    Index("ix_duplicate_pairs_b_id", "b_id"),
)

# What cards with like names have in common (see callcenter/duplicates/keys.py): only cards that
# share a key are compared, so that the work grows with the cards and not with their square.
duplicate_keys = Table(
    "duplicate_keys",
    metadata,
    Column("key", code_text(80), primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Index("ix_duplicate_keys_customer_id", "customer_id"),
)

# How far the search over the whole base has come: one row, so that it goes on after a restart.
duplicate_searches = Table(
    "duplicate_searches",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False),
    Column("step", String(16), nullable=False, server_default=""),
    Column("position", String(160), nullable=False, server_default=""),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("found", Integer, nullable=False, server_default="0"),
    Column("user_id", Id),
    Column("started_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

merges = Table(
    "merges",
    metadata,
    Column("id", Id, primary_key=True),
    Column("survivor_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("loser_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("user_id", Id),
    Column("batch_id", Id),
    # Which rows went over (column → their keys), and both cards as they were.
    Column("moved", JSON, nullable=False),
    Column("before", JSON, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("undone_by", Id),
    Index("ix_merges_survivor_id", "survivor_id", "id"),
    Index("ix_merges_loser_id", "loser_id", "id"),
    Index("ix_merges_batch_id", "batch_id"),
)
