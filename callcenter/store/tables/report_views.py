"""Views of reports that somebody kept, and reports that go out by mail at their time."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

# `address`: the page's own query string, so that a view opens exactly what was looked at.
report_views = Table(
    "report_views",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", Id, ForeignKey("users.id"), nullable=False),
    Column("title", String(80), nullable=False),
    Column("report", String(32), nullable=False),
    Column("address", String(2000), nullable=False, server_default=""),
    Column("shared", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_report_views_owner_id", "owner_id", "id"),
    partial("ix_report_views_shared", "shared", "id"),
)

# Its period is the whole day, week or month before `next_at`, in the schedule's own zone. `day` is
# the day of the week (1 Monday … 7) or of the month (1 … 28); nothing where it goes every day.
# `words`: how its files and mails speak (`reporting.language`); nothing: English.
report_schedules = Table(
    "report_schedules",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", Id, ForeignKey("users.id"), nullable=False),
    Column("title", String(80), nullable=False),
    Column("report", String(32), nullable=False),
    Column("address", String(2000), nullable=False, server_default=""),
    Column("format", String(8), nullable=False, server_default="pdf"),
    Column("every", String(8), nullable=False, server_default="day"),
    Column("day", Integer, nullable=False, server_default="1"),
    Column("at", String(5), nullable=False, server_default="07:00"),
    Column("zone", String(64), nullable=False),
    Column("recipients", JSON, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("words", JSON, nullable=False, server_default=text("'{}'")),
    Column("next_at", UtcDateTime),
    Column("last_run_at", UtcDateTime),
    Column("last_result", String(500), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    one_of("format", "csv", "xlsx", "pdf"),
    one_of("every", "day", "week", "month"),
    Index("ix_report_schedules_owner_id", "owner_id", "id"),
    partial("ix_report_schedules_due", "active", "next_at"),
)

# One row for each who is to have the report of one period, so that nobody gets it twice. A mail
# that was being handed over when the program stopped is 'unsure': it may have arrived.
report_mails = Table(
    "report_mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("schedule_id", Id, ForeignKey("report_schedules.id"), nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("recipient", String(255), nullable=False),
    Column("state", String(8), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcDateTime),
    Column("problem", String(500), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    one_of("state", "waiting", "sending", "sent", "failed", "unsure"),
    UniqueConstraint("schedule_id", "period_from", "recipient", name="uq_report_mails_period"),
    partial("ix_report_mails_open", "state IN ('waiting', 'sending')", "next_try_at", "id"),
    Index("ix_report_mails_schedule_id", "schedule_id", "id"),
)
