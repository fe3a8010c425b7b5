"""Chats as screens show them: somebody's own, whether anything is to be done, widgets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from callcenter.channels.message import Message
from callcenter.chats.offers import OFFER_LASTS, ChatOperator
from callcenter.chats.widget import Widget
from callcenter.realtime.conversation_payload import conversation_payload
from callcenter.store import chat_rows, customer_rows
from callcenter.store.repositories.conversations import OFFERED, WAITING
from callcenter.store.repositories.messages import message_of
from callcenter.store.tables import chat_visits, conversations, messages, users

MOST: Final = 200
FORGOTTEN: Final = timedelta(minutes=1)


def mine(connection: Connection, user_id: int, now: datetime) -> list[dict[str, Any]]:
    """As the snapshot of the desk has them."""
    found = chat_rows.mine(connection, user_id)
    ids = [one.customer_id for one in found if one.customer_id is not None]
    known = customer_rows.briefs(connection, ids, now.date()) if ids else {}
    return [conversation_payload(one, known.get(one.customer_id or 0)) for one in found]


def is_due(connection: Connection, now: datetime) -> bool:
    """Something waits to be offered, or an offer is over."""
    columns = conversations.c
    waits = select(columns.id).where(WAITING, chat_rows.CHAT).limit(1)
    late = select(columns.id).where(
        OFFERED, chat_rows.CHAT, columns.offered_at <= now - OFFER_LASTS
    )
    run = connection.scalar
    return run(late.limit(1)) is not None or run(waits) is not None


def is_forgotten(connection: Connection, now: datetime) -> bool:
    query = select(chat_visits.c.conversation_id).where(chat_visits.c.seen_at <= now - FORGOTTEN)
    return connection.scalar(query.limit(1)) is not None


def messages_after(
    connection: Connection, conversation_id: int, after: int
) -> tuple[tuple[Message, str, tuple[tuple[int, str, int], ...]], ...]:
    """(message, its author of ours, files), in order; the newest if they are too many."""
    query = (
        select(messages, users.c.display_name.label("author"))
        .select_from(messages.outerjoin(users, users.c.id == messages.c.author_id))
        .where(messages.c.conversation_id == conversation_id, messages.c.id > after)
        .order_by(messages.c.id.desc())
        .limit(MOST)
    )
    rows = connection.execute(query).all()[::-1]
    attached = chat_rows.files_of(connection, [row.id for row in rows])
    return tuple((message_of(row), row.author or "", attached.get(row.id, ())) for row in rows)


def operators(connection: Connection, now: datetime) -> tuple[ChatOperator, ...]:
    return chat_rows.operators(connection, now)


def widgets(connection: Connection) -> list[Widget]:
    return list(chat_rows.widgets(connection).values())


def widget(connection: Connection, key: str) -> Widget | None:
    return chat_rows.widget(connection, key)
