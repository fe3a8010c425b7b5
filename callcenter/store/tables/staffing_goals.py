"""What a queue's staffing is planned for: the goal, and how its callers and operators are."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from callcenter.store.tables.base import metadata
from callcenter.store.types import UtcDateTime

staffing_goals = Table(
    "staffing_goals",
    metadata,
    Column("queue", String(80), primary_key=True),
    # So many percent of the offered are answered within so many seconds.
    Column("percent", Integer, nullable=False, server_default="80"),
    Column("seconds", Integer, nullable=False, server_default="20"),
    # How long callers wait on average until they hang up; 0: they never do (Erlang C).
    Column("patience_seconds", Integer, nullable=False, server_default="120"),
    # Of paid time that is no time for calls, and how busy an operator may be.
    Column("shrinkage_percent", Integer, nullable=False, server_default="30"),
    Column("occupancy_percent", Integer, nullable=False, server_default="85"),
    # How long a call takes an operator, wrap-up included; 0: as long as the last calls took.
    Column("handle_seconds", Integer, nullable=False, server_default="0"),
    # Key of the calendar in whose hours somebody is there; '': at any hour.
    Column("calendar", String(80), nullable=False, server_default=""),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint("percent BETWEEN 1 AND 99", name="percent"),
    CheckConstraint("seconds >= 0", name="seconds"),
    CheckConstraint("patience_seconds >= 0", name="patience_seconds"),
    CheckConstraint("shrinkage_percent BETWEEN 0 AND 90", name="shrinkage_percent"),
    CheckConstraint("occupancy_percent BETWEEN 10 AND 100", name="occupancy_percent"),
    CheckConstraint("handle_seconds >= 0", name="handle_seconds"),
)
