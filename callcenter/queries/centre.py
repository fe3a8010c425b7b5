"""The centre as routing sees it: how long each queue is now, and who could be rung.

Each process keeps what this says for about a second (`agi_scripts`): a decision reads no table of
its own for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from callcenter.agents.status import AgentStatus
from callcenter.queries import queues
from callcenter.queries.reports import answer
from callcenter.reports.periods import HALF, Period, half_of
from callcenter.reports.question import Filters, Question
from callcenter.routing.facts import CentreFacts, QueueNow, ReadyOperator
from callcenter.store import agent_rows, staffing_rows
from callcenter.store.sets import among
from callcenter.store.tables import users

CentreNow = CentreFacts
_A_DAY = timedelta(hours=24)


def centre(connection: Connection, now: datetime) -> CentreNow:
    views = queues.now(connection, now)
    levels = service_levels(connection, now)
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


def service_levels(connection: Connection, now: datetime) -> dict[str, int]:
    """Of the last day's callers of each queue, how many per cent were answered within the queue's
    own seconds: as reports and boards count it."""
    start = half_of(now - _A_DAY)
    period = Period(start=start, end=half_of(now) + HALF)
    question = Question(
        kpis=("service_level",),
        period=period,
        by=("queue",),
        filters=Filters(channels=("call",), directions=("inbound",)),
    )
    rows = answer(connection, question).rows
    levels = {row.key[0]: row.values["service_level"] for row in rows if row.key[0]}
    return {name: round(100 * level) for name, level in levels.items() if level is not None}


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
