"""What the queues of a PBX should look like: people with phones, their states and skills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from callcenter.accounts.user import User, endpoints_of
from callcenter.agents.membership import Worker
from callcenter.agents.status import AgentStatus
from callcenter.queries.users import agents as people
from callcenter.queries.users import deactivated
from callcenter.store import staffing_rows
from callcenter.store.tables import agents


def workers(connection: Connection, now: datetime) -> list[Worker]:
    """Everybody whose phone can be found on a PBX. Who was deactivated has left, whatever they
    chose before: no queue may ring them.
    """
    levels = staffing_rows.skills(connection, now)
    found = [
        _worker(user, status, levels.get(user.id, {})) for user, status in people(connection, now)
    ]
    left = {
        user.endpoint: _worker(user, replace(status, chosen="offline", wrap_up=None), {})
        for user, status in deactivated(connection, now)
    }
    phones = {one.desk for one in found}
    found += [one for one in left.values() if one.desk not in phones]
    return [one for one in found if one.desk]


def _worker(user: User, status: AgentStatus | None, levels: Mapping[str, int]) -> Worker:
    desk, browser = endpoints_of(user.endpoint) or ("", "")
    return Worker(
        user_id=user.id,
        name=user.display_name,
        desk=desk,
        browser=browser,
        status=status,
        levels=levels,
    )


def skills(connection: Connection) -> dict[str, str]:
    """Queue → the skill that it asks for."""
    return {name: queue.needs for name, queue in staffing_rows.queues(connection).items()}


def next_wrap_up_end(connection: Connection) -> datetime | None:
    """When the next timed wrap-up is over."""
    found: datetime | None = connection.scalar(select(func.min(agents.c.wrap_up_until)))
    return found
