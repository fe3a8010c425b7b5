"""How calls were routed, the links to the PBXs, and what was erased."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table

from callcenter.store.tables.base import metadata, partial
from callcenter.store.types import Id, UtcDateTime

routing_decisions = Table(
    "routing_decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pbx", String(80), nullable=False),
    Column("uniqueid", String(80), nullable=False),
    Column("number", String(80), nullable=False),
    Column("dialed", String(80), nullable=False),
    Column("route", String(80), nullable=False),
    Column("rule", String(80), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("failed_open", Boolean, nullable=False),
    Column("micros", Integer, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    # '' for decisions from before there were stages; `version` is that of the rules.
    Column("stage", String(16), nullable=False, server_default=""),
    Column("version", Integer),
    Index("ix_routing_decisions_uniqueid", "uniqueid", "pbx"),
    Index("ix_routing_decisions_decided_at", "decided_at", "id"),
    # The few that took the default way, for the page that supervisors have open.
    partial(
        "ix_routing_decisions_failed_open", "failed_open", "decided_at", sqlite="failed_open = 1"
    ),
)

pbx_links = Table(
    "pbx_links",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("detail", String(255), nullable=False, server_default=""),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("version", String(80), nullable=False, server_default=""),
    # Whether its dialplan lets supervisors into calls; unknown until the hand has asked.
    Column("steps_in", Boolean),
)

# The system names a PBX has called itself by: a changed one is no other PBX's.
pbx_names = Table(
    "pbx_names",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("system_name", String(80), primary_key=True),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
)

# What must not come back: a keyed hash of a number or of a call, and until when it counts. Who it
# was cannot be told from it.
erased = Table(
    "erased",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False, index=True),
)
