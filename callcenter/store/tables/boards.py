"""Wallboards of teams, and the tokens by which screens on a wall show one."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime

# `queues` []: all of them. `tiles`: kinds, in their order. `version` counts changes: a screen that
# shows another one draws the board anew.
boards = Table(
    "boards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(80), nullable=False),
    Column("team_id", Id, ForeignKey("teams.id", ondelete="SET NULL"), index=True),
    Column("queues", JSON, nullable=False, server_default=text("'[]'")),
    Column("tiles", JSON, nullable=False, server_default=text("'[]'")),
    Column("zone", String(64), nullable=False, server_default="UTC"),
    # What a screen without a log-in says of who waits.
    Column("callers_shown", String(8), nullable=False, server_default="none"),
    Column("operators_shown", Boolean, nullable=False, server_default=true()),
    Column("rotate_seconds", Integer, nullable=False, server_default="20"),
    Column("sound", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_by", Id, ForeignKey("users.id"), index=True),
    Column("updated_at", UtcDateTime, nullable=False),
    one_of("callers_shown", "none", "name", "full"),
    CheckConstraint("rotate_seconds >= 5", name="rotate_seconds"),
)

wall_tokens = Table(
    "wall_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("board_id", Id, ForeignKey("boards.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("language", String(8), nullable=False, server_default="en"),
    Column("created_by", Id, ForeignKey("users.id"), index=True),
    Column("created_at", UtcDateTime, nullable=False),
    # When a screen last opened with it.
    Column("seen_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
