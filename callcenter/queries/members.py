"""What the queues of a PBX should look like: people with phones, their states and skills."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from callcenter.accounts.user import endpoints_of
from callcenter.agents.membership import Worker
from callcenter.queries.users import agents as people
from callcenter.store import staffing_rows
from callcenter.store.tables import agents


def workers(connection: Connection, now: datetime) -> list[Worker]:
    """Everybody whose phone can be found on a PBX."""
    levels = staffing_rows.skills(connection)
    found = []
    for user, status in people(connection, now):
        devices = endpoints_of(user.endpoint)
        if devices:
            desk, browser = devices
            found.append(
                Worker(
                    user_id=user.id,
                    name=user.display_name,
                    desk=desk,
                    browser=browser,
                    status=status,
                    levels=levels.get(user.id, {}),
                )
            )
    return found


def skills(connection: Connection) -> dict[str, str]:
    """Queue → the skill that it asks for."""
    return {name: queue.needs for name, queue in staffing_rows.queues(connection).items()}


def next_wrap_up_end(connection: Connection) -> datetime | None:
    """When the next timed wrap-up is over."""
    found: datetime | None = connection.scalar(select(func.min(agents.c.wrap_up_until)))
    return found
