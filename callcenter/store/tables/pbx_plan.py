"""The configuration of the PBXs as we keep it: plans, their secrets apart, and what was applied."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime

# What an installation consists of, without a single password. `version` counts its changes: who
# changes it says which one they saw.
pbx_plans = Table(
    "pbx_plans",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("plan", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_by", Id, ForeignKey("users.id")),
    Column("updated_at", UtcDateTime, nullable=False),
)

# Read where files are rendered and nowhere else: never shown, exported, logged or kept in history.
pbx_secrets = Table(
    "pbx_secrets",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("value", String(120), nullable=False),
)

# The numbers of the plans, for whoever has to know one: what a dialled number is called, what
# phones dial to reach a queue. Made anew with every change of a plan.
pbx_numbers = Table(
    "pbx_numbers",
    metadata,
    Column("number", String(80), primary_key=True),
    Column("pbx", String(80), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("target", String(80), nullable=False, server_default=""),
    Column("title", String(80), nullable=False, server_default=""),
    Column("calendar", String(80), nullable=False, server_default=""),
    one_of("kind", "did", "queue"),
)

# Each time a plan went to its PBX, or did not. `files`: what lay there afterwards, by sha256;
# `backup`: the folder with what lay there before; `detail`: its steps, in order, with their words.
pbx_applied = Table(
    "pbx_applied",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pbx", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Id, ForeignKey("users.id")),
    Column("version", Integer, nullable=False),
    Column("files", JSON, nullable=False),
    Column("backup", String(255), nullable=False, server_default=""),
    Column("result", String(16), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("ended_at", UtcDateTime),
    one_of("result", "running", "applied", "nothing", "refused", "undone", "broken"),
    Index("ix_pbx_applied_pbx", "pbx", "id"),
)
