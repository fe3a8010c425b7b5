"""Queues as they are now: who waits, since when, and whom they could ring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from callcenter.agents.staffing import PauseReason, QueueFigures, QueueSettings
from callcenter.agents.status import AgentStatus
from callcenter.store import agent_rows, staffing_rows
from callcenter.store.tables import call_legs, calls, users


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """`people`: whose queue it is; None when it is everybody's, since nobody has its skill."""

    settings: QueueSettings
    figures: QueueFigures
    people: frozenset[int] | None

    def is_of(self, user_id: int) -> bool:
        return self.people is None or user_id in self.people


def settings(connection: Connection) -> dict[str, QueueSettings]:
    return staffing_rows.queues(connection)


def skills(connection: Connection) -> dict[int, dict[str, int]]:
    """User → skill → level."""
    return staffing_rows.skills(connection)


def pause_reasons(connection: Connection) -> list[PauseReason]:
    return staffing_rows.pause_reasons(connection)


def now(connection: Connection, at: datetime) -> list[QueueView]:
    """Every queue that has settings, or callers."""
    known = staffing_rows.queues(connection)
    waiting = _waiting(connection)
    levels = staffing_rows.skills(connection)
    statuses = agent_rows.all_of(connection, at)
    at_desk = at_desks(connection)
    names = dict.fromkeys((*known, *sorted(waiting)))
    return [
        _view(known.get(name) or QueueSettings(name=name), waiting, levels, statuses, at_desk)
        for name in names
    ]


def _view(
    queue: QueueSettings,
    waiting: Mapping[str, tuple[int, datetime | None]],
    levels: Mapping[int, Mapping[str, int]],
    statuses: Mapping[int, AgentStatus],
    at_desk: frozenset[int],
) -> QueueView:
    skilled = frozenset(user for user, skills in levels.items() if queue.needs in skills) & at_desk
    people = skilled or None
    count, since = waiting.get(queue.name, (0, None))
    ready = [
        one
        for one in statuses.values()
        if one.state == "ready" and one.user_id in (at_desk if people is None else people)
    ]
    figures = QueueFigures(
        queue=queue.name,
        title=queue.shown,
        waiting=count,
        longest_since=since,
        ready=len(ready),
    )
    return QueueView(settings=queue, figures=figures, people=people)


def _waiting(connection: Connection) -> dict[str, tuple[int, datetime | None]]:
    """Callers whom nobody speaks with now, how many and since when the first of them is in the
    queue: a greeting before it is no wait for us."""
    served = exists().where(
        call_legs.c.call_id == calls.c.id,
        call_legs.c.role != "caller",
        call_legs.c.answered_at.is_not(None),
        call_legs.c.ended_at.is_(None),
    )
    joined = calls.c.record["queued_at"].as_string()
    query = select(calls.c.queue, calls.c.started_at, joined).where(
        calls.c.live, calls.c.merged_into.is_(None), calls.c.queue != "", ~served
    )
    found: dict[str, tuple[int, datetime | None]] = {}
    for queue, began, queued in connection.execute(query):
        count, first = found.get(queue, (0, None))
        since = datetime.fromisoformat(queued) if queued else began
        earlier = min((one for one in (first, since) if one is not None), default=None)
        found[queue] = (count + 1, earlier)
    return found


def at_desks(connection: Connection) -> frozenset[int]:
    """Users with a phone."""
    query = select(users.c.id).where(users.c.active, users.c.endpoint != "")
    return frozenset(connection.scalars(query))
