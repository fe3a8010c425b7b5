"""Voice menus, what callers hear, and what they prove who they are by."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime, code_text

menus = Table(
    "menus",
    metadata,
    Column("id", Id, primary_key=True),
    # What a route names it by.
    Column("key", code_text(32), nullable=False, unique=True),
    Column("title", String(80), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
)

# What callers go through is the live one; who edits, edits the draft.
menu_versions = Table(
    "menu_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("menu_id", Id, ForeignKey("menus.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("definition", JSON, nullable=False),
    Column("note", String(255), nullable=False, server_default=""),
    Column("created_by", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("published_by", Id, ForeignKey("users.id")),
    Column("published_at", UtcDateTime),
    one_of("state", "draft", "live", "past"),
    UniqueConstraint("menu_id", "number"),
    partial("uq_menu_versions_draft", "state = 'draft'", "menu_id", unique=True),
    partial("uq_menu_versions_live", "state = 'live'", "menu_id", unique=True),
)

prompts = Table(
    "prompts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", code_text(40), nullable=False, unique=True),
    Column("title", String(120), nullable=False, server_default=""),
    # What is said, by language.
    Column("texts", JSON, nullable=False, server_default=text("'{}'")),
    Column("updated_at", UtcDateTime, nullable=False),
)

# Sound that somebody brought. What is spoken by the machine is made of the text when it is needed.
prompt_files = Table(
    "prompt_files",
    metadata,
    Column("prompt_id", Id, ForeignKey("prompts.id"), primary_key=True, autoincrement=False),
    Column("locale", String(8), primary_key=True),
    Column("source", String(8), nullable=False),
    Column("stored_as", String(120), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("user_id", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    one_of("source", "spoken", "uploaded", "recorded"),
)

# A prompt that a colleague is about to speak into their phone.
prompt_recordings = Table(
    "prompt_recordings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("prompt_id", Id, ForeignKey("prompts.id"), nullable=False),
    Column("locale", String(8), nullable=False),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("code", code_text(16), nullable=False, unique=True),
    Column("state", String(8), nullable=False, server_default="asked"),
    Column("created_at", UtcDateTime, nullable=False),
    one_of("state", "asked", "kept", "ended"),
    Index("ix_prompt_recordings_created_at", "created_at"),
)

caller_pins = Table(
    "caller_pins",
    metadata,
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Column("digest", String(160), nullable=False),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("locked_until", UtcDateTime),
    Column("set_at", UtcDateTime, nullable=False),
    Column("set_by", Id, ForeignKey("users.id")),
    CheckConstraint("failed >= 0", name="failed"),
)

# Who tried to be whom: counted for the limits.
identifications = Table(
    "identifications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", code_text(40), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("ok", Boolean, nullable=False),
    Index("ix_identifications_number", "number", "at"),
    Index("ix_identifications_customer_id", "customer_id", "at"),
    Index("ix_identifications_at", "at"),
)
