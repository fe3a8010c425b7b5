"""Reads queues' settings, skills and pauses as plain values; repository and queries share it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from callcenter.agents.staffing import PauseReason, QueueSettings
from callcenter.store import tables
from callcenter.store.tables import queue_settings, skill_loans, user_skills


def queues(connection: Connection) -> dict[str, QueueSettings]:
    query = select(queue_settings).order_by(queue_settings.c.position, queue_settings.c.name)
    found = (QueueSettings(**row._mapping) for row in connection.execute(query))
    return {one.name: one for one in found}


def skills(connection: Connection, now: datetime | None = None) -> dict[int, dict[str, int]]:
    """User → skill → level; what somebody has, or lacks, for a while counts in its place."""
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(select(user_skills)):
        found.setdefault(row.user_id, {})[row.skill] = row.level
    for row in loans(connection, now or datetime.now(UTC)):
        found.setdefault(row.user_id, {}).pop(row.skill, None)
        if row.level:
            found[row.user_id][row.skill] = row.level
    return found


def loans(connection: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Skills that hold for a while, of those whose time is not over."""
    lasting = or_(skill_loans.c.until.is_(None), skill_loans.c.until > now)
    return connection.execute(select(skill_loans).where(lasting)).all()


def pause_reasons(connection: Connection) -> list[PauseReason]:
    table = tables.pause_reasons
    query = select(table).order_by(table.c.position, table.c.code)
    return [PauseReason(**row._mapping) for row in connection.execute(query)]
