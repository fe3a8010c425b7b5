"""Conversations of the message line, and whom one can write to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from callcenter.line.line import LineMessage
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.store import line_rows
from callcenter.store.sets import among
from callcenter.store.tables import line_messages, users
from callcenter.store.team_rows import LEADERS, teams


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Somebody one can write to; `last_at`: when either wrote last."""

    id: int
    name: str
    role: str
    unread: int
    last_at: datetime | None


def conversation(
    connection: Connection, reader_id: int, other_id: int, cursor: str | None, limit: int
) -> Page[LineMessage]:
    """The newest first. `other_id` is an operator (the supervisors' conversation with them, which
    for the operator is their own) or another supervisor."""
    limit = bounded(limit)
    query = line_rows.messages().where(_of(connection, reader_id, other_id))
    if cursor:
        query = query.where(line_messages.c.id < decode_cursor(cursor, int)[0])
    rows = connection.execute(query.order_by(line_messages.c.id.desc()).limit(limit + 1)).all()
    found = tuple(line_rows.as_message(row) for row in rows)
    more = len(found) > limit
    return Page(found[:limit], encode_cursor(found[limit - 1].id) if more else None)


def correspondents(connection: Connection, user_id: int) -> tuple[Correspondent, ...]:
    """For a supervisor everybody else: who wrote and was not read first, then the latest."""
    known = teams(connection)
    me = known.people.get(user_id)
    if me is None or not me.leads:
        return ()
    unread = {head.sender_id: head.unread for head in line_rows.heads(connection, [me])[user_id]}
    last = _last(connection, user_id, sorted(known.people))
    names = connection.execute(
        select(users.c.id, users.c.display_name, users.c.role)
        .where(users.c.active, users.c.id != user_id)
        .order_by(users.c.display_name, users.c.id)
    )
    people = [
        Correspondent(row.id, row.display_name, row.role, unread.get(row.id, 0), last.get(row.id))
        for row in names
    ]
    return tuple(
        sorted(people, key=lambda one: (one.unread == 0, -(one.last_at or _NEVER).timestamp()))
    )


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _of(connection: Connection, reader_id: int, other_id: int) -> ColumnElement[bool]:
    role = connection.scalar(select(users.c.role).where(users.c.id == other_id))
    condition: ColumnElement[bool] = (
        line_rows.direct(reader_id, other_id) if role in LEADERS else line_rows.between(other_id)
    )
    return condition


def _last(connection: Connection, user_id: int, ids: Sequence[int]) -> dict[int, datetime]:
    """Person → when they wrote or were written to last, as this supervisor may see it."""
    found: dict[int, datetime] = {}
    theirs = line_messages.c
    for person, where in (
        (theirs.sender_id, or_(theirs.recipient_id.is_(None), theirs.recipient_id == user_id)),
        (theirs.recipient_id, theirs.recipient_id.is_not(None)),
    ):
        query = (
            select(person, func.max(theirs.at))
            .where(among(connection, person, ids), where)
            .group_by(person)
        )
        for person_id, at in connection.execute(query):
            found[person_id] = max(at, found.get(person_id, at))
    return found
