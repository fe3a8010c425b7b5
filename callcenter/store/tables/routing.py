"""The routing rules: every version there was, the one that is live, and the one being worked on."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

# `number` is given when a version is published; `base_id` is what a draft was begun from.
routing_versions = Table(
    "routing_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("state", String(8), nullable=False),
    Column("rules", JSON, nullable=False),
    Column("base_id", Id, ForeignKey("routing_versions.id")),
    Column("note", String(255), nullable=False, server_default=""),
    Column("created_by", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("published_by", Id, ForeignKey("users.id")),
    Column("published_at", UtcDateTime),
    # Counts the writes of a draft: two who work on it at once do not overwrite each other.
    Column("stamp", Integer, nullable=False, server_default="1"),
    one_of("state", "draft", "live", "past"),
    partial("uq_routing_versions_draft", "state = 'draft'", "state", unique=True),
    partial("uq_routing_versions_live", "state = 'live'", "state", unique=True),
    Index("ix_routing_versions_number", "number", "id"),
)
