"""How many conversations wait for whom, and in how many of their own something is unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, literal_column, select

from callcenter.store.sets import among
from callcenter.store.tables import conversations
from callcenter.store.team_rows import Teams

_WAITING = conversations.c.state == literal_column("'waiting'")  # as the partial indexes have it
_LIVE = conversations.c.state != literal_column("'closed'")


def counted(
    connection: Connection, known: Teams, user_ids: Sequence[int]
) -> dict[int, dict[str, int]]:
    """User → `conversations_waiting` in their queues (all of them for those who lead), and
    `conversations_mine`: their own with something unread."""
    waiting = _by_queue(connection)
    mine = _unread_of(connection, user_ids)
    return {
        one: {
            "conversations_waiting": _waiting_for(known, waiting, one),
            "conversations_mine": mine.get(one, 0),
        }
        for one in user_ids
    }


def _waiting_for(known: Teams, waiting: Mapping[str, int], user_id: int) -> int:
    leads = known.people[user_id].leads
    return sum(
        count
        for queue, count in waiting.items()
        if leads or not queue or user_id in known.of_queue(queue)
    )


def _by_queue(connection: Connection) -> dict[str, int]:
    queue = conversations.c.queue
    query = select(queue, func.count()).where(_WAITING).group_by(queue)
    return {row[0]: row[1] for row in connection.execute(query)}


def _unread_of(connection: Connection, user_ids: Sequence[int]) -> dict[int, int]:
    columns = conversations.c
    query = (
        select(columns.assigned_to, func.count())
        .where(_LIVE, among(connection, columns.assigned_to, user_ids), columns.unread > 0)
        .group_by(columns.assigned_to)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
