"""Months that were moved to files, what came back out of them, and how long calls stay here."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    text,
)

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime

# `position`: up to which interaction a month's rows were deleted, or put back: written with them.
# `accepted`: somebody said that files which are not as they were left count as they are.
# `tries`: one after the other that lacked memory; `try_at`: not before then the next one.
# `stale`: the files hold what is struck out in `archive_returned`, and are to be made anew.
archive_months = Table(
    "archive_months",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("folder", String(80), nullable=False, server_default=""),
    Column("sha256", String(64), nullable=False, server_default=""),
    Column("files", JSON, nullable=False, server_default=text("'{}'")),
    Column("interactions", Integer, nullable=False, server_default="0"),
    Column("bytes", BigInteger, nullable=False, server_default="0"),
    Column("kept", JSON, nullable=False, server_default=text("'{}'")),
    Column("first_id", Id, nullable=False, server_default="0"),
    Column("last_id", Id, nullable=False, server_default="0"),
    Column("position", Id, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("stale", Boolean, nullable=False, server_default=false()),
    Column("problem", String(255), nullable=False, server_default=""),
    Column("asked_by", Id, ForeignKey("users.id")),
    Column("moved_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("accepted", Boolean, nullable=False, server_default=false()),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("try_at", UtcDateTime),
    one_of("state", "to_move", "copying", "deleting", "moved", "to_restore", "restoring"),
)

# Interactions that a file holds and that count no more there: the database has them.
archive_returned = Table(
    "archive_returned",
    metadata,
    Column("interaction_id", Id, primary_key=True, autoincrement=False),
    Column("month", String(7), nullable=False, index=True),
)

# When a customer's last archived contact was, and with which of ours (0: with nobody).
archive_contacts = Table(
    "archive_contacts",
    metadata,
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Column("operator_id", Id, primary_key=True, autoincrement=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("spoken_at", UtcDateTime),
)

# What conditions on customers' calls ask of an archived contact: goes with it when it comes back.
archive_calls = Table(
    "archive_calls",
    metadata,
    Column("interaction_id", Id, primary_key=True, autoincrement=False),
    Column("month", String(7), nullable=False, index=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("direction", String(16), nullable=False),
    Column("result", String(16), nullable=False),
    Column("queue", String(80), nullable=False),
    Column("outcome_id", Id),
    Index("ix_archive_calls_customer_id", "customer_id", "started_at"),
    Index("ix_archive_calls_outcome_id", "outcome_id", "customer_id"),
    Index("ix_archive_calls_started_at", "started_at", "customer_id"),
)

# How many whole months stay; without a number all of them do.
archive_rules = Table(
    "archive_rules",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("months", Integer),
)
