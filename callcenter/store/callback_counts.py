"""How many call-backs and messages wait for whom."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Table, func, literal_column, select

from callcenter.store.tables import callback_requests, voicemails
from callcenter.store.team_rows import Teams

OPEN_CALLBACK = callback_requests.c.closed_at.is_(None)
OPEN_VOICEMAIL = (voicemails.c.done_at.is_(None)) & (voicemails.c.set_aside == literal_column("''"))


def counted(
    connection: Connection, known: Teams, user_ids: Iterable[int]
) -> dict[int, dict[str, int]]:
    """User → `callbacks_open` and `voicemails_open`: of their queues, and theirs by name."""
    callbacks = _by_queue(connection, callback_requests, OPEN_CALLBACK)
    messages = _by_queue(connection, voicemails, OPEN_VOICEMAIL)
    return {
        one: {
            "callbacks_open": _of(known, callbacks, one),
            "voicemails_open": _of(known, messages, one),
        }
        for one in user_ids
    }


def _by_queue(
    connection: Connection, table: Table, where: ColumnElement[bool]
) -> dict[tuple[str, int | None], int]:
    columns = (table.c.queue, table.c.assigned_to)
    query = select(*columns, func.count()).where(where).group_by(*columns)
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def _of(known: Teams, open_: dict[tuple[str, int | None], int], user_id: int) -> int:
    leads = known.people[user_id].leads
    return sum(
        count
        for (queue, assigned), count in open_.items()
        if leads or assigned == user_id or (assigned is None and user_id in known.of_queue(queue))
    )
