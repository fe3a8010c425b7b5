"""When we are there: calendars of business hours, their special days, temporary closures."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime

calendars = Table(
    "calendars",
    metadata,
    Column("id", Id, primary_key=True),
    # Rules and settings name a calendar by it, so it never changes.
    Column("key", String(31), nullable=False, unique=True),
    Column("title", String(80), nullable=False),
    Column("time_zone", String(64), nullable=False),
    # {"mon": [["09:00", "13:00"], ["14:00", "18:00"]], …}
    Column("week", JSON, nullable=False),
    # '': without public holidays.
    Column("country", String(2), nullable=False, server_default=""),
    Column("subdivision", String(8), nullable=False, server_default=""),
    Column("observe_holidays", Boolean, nullable=False, server_default=true()),
    # Names of holidays on which we are there.
    Column("worked", JSON, nullable=False, server_default=text("'[]'")),
    Column("position", Integer, nullable=False, server_default="0"),
    # Of the calendar and of its special days: who keeps them compiled asks for the newest.
    Column("updated_at", UtcDateTime, nullable=False),
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("id", Id, primary_key=True),
    Column("calendar_id", Id, ForeignKey("calendars.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String(8), nullable=False),
    # Minutes of the day; a day of several intervals has several rows.
    Column("open_from", Integer),
    Column("open_to", Integer),
    Column("title", String(120), nullable=False, server_default=""),
    one_of("kind", "open", "closed", "usual"),
    CheckConstraint("open_from < open_to AND open_to <= 1440", name="hours"),
    CheckConstraint("(kind = 'open') = (open_from IS NOT NULL)", name="open_has_hours"),
    Index("ix_calendar_days_calendar_id", "calendar_id", "day"),
)

# Never deleted: one taken back ends at that moment, or before it began.
closures = Table(
    "closures",
    metadata,
    Column("id", Id, primary_key=True),
    # Null: every calendar.
    Column("calendar_id", Id, ForeignKey("calendars.id")),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("message", String(64), nullable=False, server_default=""),
    Column("created_by", Id, ForeignKey("users.id")),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint("starts_at <= ends_at", name="order"),
    Index("ix_closures_ends_at", "ends_at"),
    Index("ix_closures_updated_at", "updated_at"),
)
