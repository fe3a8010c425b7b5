"""Roles with what they allow, teams, and the indexes by which one's own records are found."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, false, text

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.tables.calls import call_legs
from callcenter.store.tables.interactions import interactions
from callcenter.store.types import Id

# The built-in ones are rows as well, without rights: those stand in `callcenter/rights/policy`.
roles = Table(
    "roles",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("title", String(80), nullable=False),
    Column("base", String(16), nullable=False),
    Column("builtin", Boolean, nullable=False, server_default=false()),
    # Another one after every change: what was read under the former is worth nothing.
    Column("stamp", String(32), nullable=False, server_default=""),
    one_of("base", "operator", "supervisor", "admin"),
)

role_rights = Table(
    "role_rights",
    metadata,
    Column("role", String(40), ForeignKey("roles.code"), primary_key=True),
    Column("object", String(20), primary_key=True),
    Column("action", String(16), primary_key=True),
    Column("scope", String(8), nullable=False),
    one_of("scope", "none", "own", "team", "all"),
)

field_rights = Table(
    "field_rights",
    metadata,
    Column("role", String(40), ForeignKey("roles.code"), primary_key=True),
    Column("object", String(20), primary_key=True),
    Column("field", String(80), primary_key=True),
    Column("access", String(8), nullable=False),
    one_of("access", "hidden", "masked", "read", "write"),
)

teams = Table(
    "teams",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("lead_id", Id, ForeignKey("users.id"), index=True),
)

team_members = Table(
    "team_members",
    metadata,
    Column("team_id", Id, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Index("ix_team_members_user_id", "user_id", "team_id"),
)

# "Had a contact with them" and "their call is at my phone" are asked of every record shown.
Index("ix_interactions_contact", interactions.c.operator_id, interactions.c.customer_id)
Index(
    "ix_call_legs_open",
    call_legs.c.user_id,
    call_legs.c.call_id,
    postgresql_where=text("ended_at IS NULL"),
    sqlite_where=text("ended_at IS NULL"),
)
