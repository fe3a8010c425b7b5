"""Web chats beside their conversations: when a visitor was last there, and who was asked."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime

# Only chats that go on have a row.
chat_visits = Table(
    "chat_visits",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_chat_visits_seen_at", "seen_at"),
)

# Every time an operator was asked to take a chat, and what they said.
chat_offers = Table(
    "chat_offers",
    metadata,
    Column("id", Id, primary_key=True),
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("answer", String(16), nullable=False, server_default=""),
    one_of("answer", "", "accepted", "declined", "timeout", "withdrawn"),
    Index("ix_chat_offers_conversation_id", "conversation_id", "id"),
    Index("ix_chat_offers_offered_at", "offered_at", "user_id"),
    partial("ix_chat_offers_open", "ended_at IS NULL", "conversation_id"),
)
