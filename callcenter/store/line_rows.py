"""Reads the message line; repository and queries share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, literal_column, or_, select

from callcenter.line.line import Head, LineMessage
from callcenter.store.sets import among
from callcenter.store.tables import interactions, line_messages, users
from callcenter.store.team_rows import Person

_RESOLVERS: Final = users.alias("resolvers")
_TEXT: Final = line_messages.c.kind == "text"
_UNREAD: Final = line_messages.c.read_at.is_(None)


def messages() -> Select[Any]:
    """All of them with the names of who wrote and who answered, to be narrowed."""
    return select(
        line_messages,
        users.c.display_name.label("sender"),
        func.coalesce(_RESOLVERS.c.display_name, "").label("resolver"),
        interactions.c.id.label("interaction_id"),
    ).select_from(
        line_messages.join(users, users.c.id == line_messages.c.sender_id)
        .outerjoin(_RESOLVERS, _RESOLVERS.c.id == line_messages.c.resolved_by)
        .outerjoin(interactions, interactions.c.call_id == line_messages.c.call_id)
    )


def as_message(row: Row[Any]) -> LineMessage:
    return LineMessage(**row._mapping)


def heads(connection: Connection, people: Sequence[Person]) -> dict[int, tuple[Head, ...]]:
    """User → what they have not read, by sender, the newest first."""
    ids = [one.id for one in people]
    direct = _grouped(connection, among(connection, line_messages.c.recipient_id, ids))
    shared = (
        _grouped(connection, line_messages.c.recipient_id.is_(None))
        if any(one.leads for one in people)
        else []
    )
    last = _last(connection, [row.last for row in (*direct, *shared)])
    found: dict[int, dict[int, tuple[int, int]]] = {one: {} for one in ids}
    for person in people:
        own = [row for row in direct if row.recipient_id == person.id]
        for row in (*own, *(shared if person.leads else ())):
            if row.sender_id == person.id:
                continue
            count, newest = found[person.id].get(row.sender_id, (0, 0))
            found[person.id][row.sender_id] = (count + row.count, max(newest, row.last))
    return {
        user_id: tuple(
            _head(last[newest], count)
            for count, newest in sorted(of.values(), key=lambda one: -one[1])
        )
        for user_id, of in found.items()
    }


def open_help(connection: Connection) -> tuple[LineMessage, ...]:
    """What nobody has answered yet, the oldest first."""
    query = messages().where(
        line_messages.c.kind == literal_column("'help'"), line_messages.c.resolved_at.is_(None)
    )
    rows = connection.execute(query.order_by(line_messages.c.id))
    return tuple(as_message(row) for row in rows)


def help_of(connection: Connection, sender_id: int) -> tuple[LineMessage, ...]:
    """Their own calls for help that they have not put away."""
    query = messages().where(
        line_messages.c.kind == "help",
        line_messages.c.sender_id == sender_id,
        _UNREAD,
    )
    rows = connection.execute(query.order_by(line_messages.c.id))
    return tuple(as_message(row) for row in rows)


def _grouped(connection: Connection, to_them: Any) -> list[Row[Any]]:
    query = (
        select(
            line_messages.c.recipient_id,
            line_messages.c.sender_id,
            func.count().label("count"),
            func.max(line_messages.c.id).label("last"),
        )
        .where(_UNREAD, _TEXT, to_them)
        .group_by(line_messages.c.recipient_id, line_messages.c.sender_id)
    )
    return list(connection.execute(query))


def _last(connection: Connection, ids: Iterable[int]) -> dict[int, Any]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = select(
        line_messages.c.id,
        line_messages.c.at,
        line_messages.c.text,
        line_messages.c.sender_id,
        users.c.display_name,
    ).join(users, users.c.id == line_messages.c.sender_id)
    found: dict[int, Any] = {}
    for row in connection.execute(query.where(among(connection, line_messages.c.id, wanted))):
        found[row.id] = row
    return found


def _head(row: Any, unread: int) -> Head:
    return Head(
        sender_id=row.sender_id,
        sender=row.display_name,
        unread=unread,
        message_id=row.id,
        at=row.at,
        text=row.text,
    )


def between(operator_id: int) -> Any:
    """The conversation of one operator with the supervisors, whoever of them wrote."""
    return or_(
        (line_messages.c.sender_id == operator_id) & line_messages.c.recipient_id.is_(None),
        line_messages.c.recipient_id == operator_id,
    )


def direct(one: int, other: int) -> Any:
    """What two people wrote to each other by name."""
    return or_(
        (line_messages.c.sender_id == one) & (line_messages.c.recipient_id == other),
        (line_messages.c.sender_id == other) & (line_messages.c.recipient_id == one),
    )
