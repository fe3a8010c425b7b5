"""Reads queues' settings, skills and pauses as plain values; repository and queries share it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.agents.staffing import PauseReason, QueueSettings
from callcenter.store import tables
from callcenter.store.tables import queue_settings, user_skills


def queues(connection: Connection) -> dict[str, QueueSettings]:
    query = select(queue_settings).order_by(queue_settings.c.position, queue_settings.c.name)
    found = (QueueSettings(**row._mapping) for row in connection.execute(query))
    return {one.name: one for one in found}


def skills(connection: Connection) -> dict[int, dict[str, int]]:
    """User → skill → level."""
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(select(user_skills)):
        found.setdefault(row.user_id, {})[row.skill] = row.level
    return found


def pause_reasons(connection: Connection) -> list[PauseReason]:
    table = tables.pause_reasons
    query = select(table).order_by(table.c.position, table.c.code)
    return [PauseReason(**row._mapping) for row in connection.execute(query)]
