"""Reads web chats as plain values; the repository and queries share it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, literal_column, or_, select

from callcenter.agents.machine import as_of
from callcenter.channels.conversation import Conversation
from callcenter.channels.message import Message
from callcenter.chats.offers import ChatOperator
from callcenter.chats.widget import Widget
from callcenter.store import agent_rows
from callcenter.store.repositories.conversations import OFFERED, WAITING, conversation_of
from callcenter.store.repositories.messages import message_of
from callcenter.store.sets import among
from callcenter.store.tables import (
    agents,
    attachments,
    chat_offers,
    chat_widgets,
    conversations,
    files,
    messages,
    users,
)

CHAT: Final = conversations.c.channel == "chat"
_OPEN: Final = conversations.c.state == literal_column("'open'")
_NOT_CLOSED: Final = conversations.c.state != literal_column("'closed'")
_SHOWN: Final = messages.c.direction.in_(("in", "out"))
_A_WHILE: Final = timedelta(days=1)


def widget_of(row: Row[Any]) -> Widget:
    return Widget(**{**row._mapping, "origins": tuple(row.origins)})


def widget(connection: Connection, key: str) -> Widget | None:
    row = connection.execute(select(chat_widgets).where(chat_widgets.c.key == key)).one_or_none()
    return widget_of(row) if row is not None else None


def widgets(connection: Connection) -> dict[str, Widget]:
    query = select(chat_widgets).order_by(chat_widgets.c.title, chat_widgets.c.key)
    return {row.key: widget_of(row) for row in connection.execute(query)}


def operators(connection: Connection, now: datetime) -> tuple[ChatOperator, ...]:
    """Everybody at work, with how many chats they have or are being offered."""
    query = agent_rows.AGENT.join(users, users.c.id == agents.c.user_id).where(
        agents.c.chosen == "ready", users.c.active
    )
    found = [as_of(agent_rows.as_stored(row), now) for row in connection.execute(query)]
    if not found:
        return ()
    taken, asked = _taken(connection), _asked(connection, now)
    return tuple(
        ChatOperator(
            user_id=one.user_id,
            chosen=one.chosen,
            state=one.state,
            idle_since=max(one.since, asked.get(one.user_id, one.since)),
            chats=taken.get(one.user_id, 0),
        )
        for one in found
    )


def _taken(connection: Connection) -> dict[int, int]:
    columns, found = conversations.c, dict[int, int]()
    for who, state in ((columns.assigned_to, _NOT_CLOSED), (columns.offered_to, OFFERED)):
        query = select(who, func.count()).where(CHAT, state, who.is_not(None)).group_by(who)
        for user_id, count in connection.execute(query):
            found[user_id] = found.get(user_id, 0) + count
    return found


def _asked(connection: Connection, now: datetime) -> dict[int, datetime]:
    columns = chat_offers.c
    query = (
        select(columns.user_id, func.max(columns.offered_at))
        .where(columns.offered_at > now - _A_WHILE)
        .group_by(columns.user_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def mine(connection: Connection, user_id: int) -> tuple[Conversation, ...]:
    """The chats on somebody's screen: those they have, and those they are asked to take."""
    columns = conversations.c
    has = _OPEN & (columns.assigned_to == user_id)
    asked = OFFERED & (columns.offered_to == user_id)
    query = select(conversations).where(_NOT_CLOSED, CHAT, or_(has, asked))
    rows = connection.execute(query.order_by(columns.opened_at, columns.id))
    return tuple(conversation_of(row) for row in rows)


def of_visitor(connection: Connection, visitor: str) -> Conversation | None:
    columns = conversations.c
    query = select(conversations).where(columns.thread_key == visitor, CHAT)
    row = connection.execute(query.order_by(columns.id.desc()).limit(1)).one_or_none()
    return conversation_of(row) if row is not None else None


def messages_of_visitor(
    connection: Connection, visitor: str, after: int, limit: int
) -> tuple[Message, ...]:
    query = (
        select(messages)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(conversations.c.thread_key == visitor, CHAT, _SHOWN, messages.c.id > after)
        .order_by(messages.c.id.desc())
        .limit(limit)
    )
    return tuple(message_of(row) for row in connection.execute(query))[::-1]


def ahead(connection: Connection, conversation: Conversation) -> int:
    columns = conversations.c
    query = select(func.count()).where(
        WAITING,
        CHAT,
        columns.queue == conversation.queue,
        columns.opened_at < conversation.opened_at,
    )
    return int(connection.scalar(query) or 0)


def files_of(
    connection: Connection, message_ids: Sequence[int]
) -> dict[int, tuple[tuple[int, str, int], ...]]:
    if not message_ids:
        return {}
    query = (
        select(attachments.c.message_id, files.c.id, files.c.name, files.c.size)
        .join(files, files.c.id == attachments.c.file_id)
        .where(
            among(connection, attachments.c.message_id, message_ids), files.c.deleted_at.is_(None)
        )
        .order_by(files.c.id)
    )
    found: dict[int, tuple[tuple[int, str, int], ...]] = {}
    for message_id, *file in connection.execute(query):
        found[message_id] = (*found.get(message_id, ()), (file[0], file[1], file[2]))
    return found


def owner_of_file(connection: Connection, file_id: int) -> str:
    """The visitor in whose chat a file stands for both sides; '' for none."""
    query = (
        select(conversations.c.thread_key)
        .select_from(attachments)
        .join(messages, messages.c.id == attachments.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .join(files, files.c.id == attachments.c.file_id)
        .where(attachments.c.file_id == file_id, CHAT, _SHOWN, files.c.deleted_at.is_(None))
        .limit(1)
    )
    return str(connection.scalar(query) or "")
