"""What reports count: visits to queues, their sums for each half hour and day, and which of those
sums are out of date.

A half hour is named by its start, a day is one of UTC. Nothing in here names a customer: a visit
leads to its interaction, the numbers in `dialed` are our own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from callcenter.reports.measures import CONTACT_MEASURES, LONGEST, OPERATOR_MEASURES, SECONDS
from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime

queue_visits = Table(
    "queue_visits",
    metadata,
    # No foreign key: what reports count stays when its call moves to the archive.
    Column("call_id", String, primary_key=True),
    # From 1, in the order in which the caller came into them.
    Column("number_in_call", Integer, primary_key=True, autoincrement=False),
    Column("interaction_id", Id, index=True),
    Column("half", UtcDateTime, nullable=False),
    Column("queue", String(80), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("dialed", String(80), nullable=False, server_default=""),
    Column("trunk", String(80), nullable=False, server_default=""),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("how", String(16), nullable=False),
    Column("wait_seconds", Float, nullable=False, server_default="0"),
    # Who took it first.
    Column("operator_id", Id),
    Column("talk_seconds", Float, nullable=False, server_default="0"),
    Column("hold_seconds", Float, nullable=False, server_default="0"),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    # Taken from the operators' states when the half hour is summed up.
    Column("wrap_up_seconds", Float, nullable=False, server_default="0"),
    Column("transfers", Integer, nullable=False, server_default="0"),
    one_of("how", "waiting", "answered", "abandoned", "overflow", "given_up", "closed"),
    Index("ix_queue_visits_entered_at", "entered_at", "call_id"),
    Index("ix_queue_visits_queue", "queue", "entered_at"),
)


def _sums(names: tuple[str, ...]) -> list[Column[Any]]:
    """Counts are whole; seconds are not."""
    floats = {*SECONDS, *LONGEST}
    kind = {True: Float, False: Integer}
    return [
        Column(name, kind[name in floats], nullable=False, server_default="0") for name in names
    ]


def _contact_sums(name: str, moment: str) -> Table:
    return Table(
        name,
        metadata,
        Column(moment, UtcDateTime, primary_key=True),
        Column("channel", String(16), primary_key=True),
        Column("direction", String(8), primary_key=True),
        Column("queue", String(80), primary_key=True),
        Column("dialed", String(80), primary_key=True),
        Column("trunk", String(80), primary_key=True),
        *_sums(CONTACT_MEASURES),
        Index(f"ix_{name}_queue", "queue", moment),
    )


contact_halves = _contact_sums("contact_halves", "half")
contact_days = _contact_sums("contact_days", "day")

operator_halves = Table(
    "operator_halves",
    metadata,
    Column("half", UtcDateTime, primary_key=True),
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("queue", String(80), primary_key=True),
    Column("channel", String(16), primary_key=True),
    Column("direction", String(8), primary_key=True),
    *_sums(OPERATOR_MEASURES),
    Index("ix_operator_halves_user_id", "user_id", "half"),
)

# Seconds are cut at the bounds of half hours; what began and what kept its limit counts where it
# began. Offline is not kept.
state_halves = Table(
    "state_halves",
    metadata,
    Column("half", UtcDateTime, primary_key=True),
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("state", String(16), primary_key=True),
    Column("reason", String(80), primary_key=True),
    Column("productive", Boolean, primary_key=True),
    Column("seconds", Float, nullable=False, server_default="0"),
    Column("times", Integer, nullable=False, server_default="0"),
    Column("limited", Integer, nullable=False, server_default="0"),
    Column("within_limit", Integer, nullable=False, server_default="0"),
    Index("ix_state_halves_user_id", "user_id", "half"),
)

# Written in the transaction that changes a fact, never found there before: whoever sums up deletes
# only the marks that it saw, so that none is lost between two transactions.
report_dirty = Table(
    "report_dirty",
    metadata,
    Column("id", Id, primary_key=True),
    Column("half", UtcDateTime, nullable=False),
    Column("kind", String(8), nullable=False),
    one_of("kind", "contacts", "states"),
)

# How far facts were made of what was there before there were any, and what is done at times.
report_progress = Table(
    "report_progress",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("position", String, nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
)
