"""Where a call can be sent: colleagues with what they are doing, and queues."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from callcenter.store.tables import agents, queue_settings, users

LIMIT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    user_id: int
    name: str
    extension: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetQueue:
    name: str
    title: str


def colleagues(connection: Connection, own_id: int, words: str) -> list[Colleague]:
    """Those who can be rung first; nobody sends a call to themselves."""
    state = func.coalesce(agents.c.state, "offline")
    query = (
        select(
            users.c.id.label("user_id"),
            users.c.display_name.label("name"),
            users.c.extension,
            state.label("state"),
            func.coalesce(agents.c.reason, "").label("reason"),
        )
        .select_from(users.outerjoin(agents, agents.c.user_id == users.c.id))
        .where(users.c.active, users.c.extension != "", users.c.id != own_id)
        .order_by(state != "ready", state == "offline", users.c.display_name, users.c.id)
        .limit(LIMIT)
    )
    if words:
        pattern = f"%{_escaped(words)}%"
        named = users.c.display_name.ilike(pattern, escape="\\")
        query = query.where(named | users.c.extension.like(pattern, escape="\\"))
    return [Colleague(**row._mapping) for row in connection.execute(query)]


def queues(connection: Connection, words: str) -> list[TargetQueue]:
    query = select(queue_settings.c.name, queue_settings.c.title).order_by(
        queue_settings.c.position, queue_settings.c.name
    )
    found = [TargetQueue(**row._mapping) for row in connection.execute(query)]
    wanted = words.casefold()
    return [one for one in found if wanted in one.title.casefold() or wanted in one.name]


def device(connection: Connection, user_id: int) -> str:
    """`browser` while the user works with the phone in the page, else `desk`."""
    chosen = connection.scalar(select(agents.c.device).where(agents.c.user_id == user_id))
    return str(chosen or "desk")


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
