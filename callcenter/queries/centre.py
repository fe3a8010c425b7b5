"""The centre as routing sees it: how long each queue is now, and who could be rung.

Each process keeps what this says for about a second (`agi_scripts`): a decision reads no table of
its own for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from callcenter.agents.status import AgentStatus
from callcenter.queries import queues
from callcenter.routing.facts import CentreFacts, QueueNow, ReadyOperator
from callcenter.store import agent_rows, staffing_rows
from callcenter.store.sets import among
from callcenter.store.tables import interactions, users

CentreNow = CentreFacts
ANSWERED_WITHIN = 20.0
"""Seconds within which a caller is to be answered."""
SHORT = 5.0
_A_DAY = timedelta(hours=24)


def centre(connection: Connection, now: datetime) -> CentreNow:
    views = queues.now(connection, now)
    levels = service_levels(connection, now - _A_DAY)
    named = {
        view.settings.name: QueueNow(
            waiting=view.figures.waiting,
            longest_wait=_seconds(view.figures.longest_since, now),
            ready=view.figures.ready,
            service_level=levels.get(view.settings.name),
            skill=view.settings.needs if view.people is not None else "",
        )
        for view in views
    }
    return CentreFacts(queues=named, ready=_ready(connection, now))


def service_levels(connection: Connection, since: datetime) -> dict[str, int]:
    """Of the callers of each queue since then, how many per cent were answered in time. Who hung
    up within a few seconds counts for nothing.
    """
    row = interactions.c
    in_time = (row.result == "answered") & (row.wait_seconds <= ANSWERED_WITHIN)
    query = (
        select(row.queue, func.count(), func.sum(case((in_time, 1), else_=0)))
        .where(
            row.started_at >= since,
            row.queue != "",
            row.direction == "inbound",
            row.result.in_(("answered", "abandoned", "missed")),
            (row.result == "answered") | (row.wait_seconds > SHORT),
        )
        .group_by(row.queue)
    )
    return {name: round(100 * good / count) for name, count, good in connection.execute(query)}


def _seconds(since: datetime | None, now: datetime) -> int:
    return max(0, int((now - since).total_seconds())) if since is not None else 0


def _ready(connection: Connection, now: datetime) -> tuple[ReadyOperator, ...]:
    """Whoever has been ready longest comes first."""
    statuses = agent_rows.all_of(connection, now).values()
    ready = sorted((one for one in statuses if one.state == "ready"), key=_by_rest)
    extensions = _extensions(connection, [one.user_id for one in ready])
    skills: Mapping[int, Mapping[str, int]] = staffing_rows.skills(connection)
    return tuple(
        ReadyOperator(
            user_id=one.user_id,
            extension=extensions[one.user_id],
            skills=skills.get(one.user_id, {}),
        )
        for one in ready
        if one.user_id in extensions
    )


def _by_rest(status: AgentStatus) -> tuple[datetime, int]:
    return status.since, status.user_id


def _extensions(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    query = select(users.c.id, users.c.extension, users.c.endpoint).where(
        among(connection, users.c.id, sorted(ids)), users.c.active, users.c.endpoint != ""
    )
    rows = connection.execute(query)
    return {row.id: row.extension or row.endpoint.rpartition("/")[2] for row in rows}
