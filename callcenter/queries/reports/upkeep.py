"""Whether the worker has anything to do for the reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from callcenter.store.tables import report_dirty, report_progress

_STATES_EVERY: Final = timedelta(seconds=20)


def is_due(connection: Connection, now: datetime) -> bool:
    """Something is marked, or states have gone on for a while."""
    if connection.scalar(select(report_dirty.c.id).limit(1)) is not None:
        return True
    row = report_progress.c
    last = connection.scalar(select(row.at).where(row.name == "states"))
    return last is None or now - last >= _STATES_EVERY


def is_filled(connection: Connection) -> bool:
    """Every call of before there were facts has its own."""
    row = report_progress.c
    return connection.scalar(select(row.position).where(row.name == "fill")) == "done"
