"""Mails, short messages and chats: conversations and what was written in them, meetings, and how
far each mailbox was read.

`words` of a text are its words folded, for the full text: the indexes over them (`*_fts`, GIN on
PostgreSQL, FTS5 on SQLite) are made by the migration alone, since SQLAlchemy cannot say them.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime, code_text

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    # One conversation, one interaction: the constraint, not the code, is the last word.
    Column("interaction_id", Id, ForeignKey("interactions.id"), nullable=False, unique=True),
    Column("customer_id", Id, ForeignKey("customers.id")),
    # Who writes: folded mail address, E.164, or a visitor's own key.
    Column("address", code_text(255), nullable=False, server_default=""),
    # Where they wrote to: our mailbox, our number, the widget's key.
    Column("account", String(160), nullable=False, server_default=""),
    Column("subject", String(255), nullable=False, server_default=""),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("state", String(16), nullable=False),
    Column("assigned_to", Id, ForeignKey("users.id")),
    Column("offered_to", Id, ForeignKey("users.id")),
    Column("offered_at", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("assigned_at", UtcDateTime),
    Column("first_reply_at", UtcDateTime),
    Column("last_message_at", UtcDateTime, nullable=False),
    # While somebody works on it: since when, and the seconds of the spells before.
    Column("handling_since", UtcDateTime),
    Column("handled_seconds", Float, nullable=False, server_default="0"),
    Column("closed_at", UtcDateTime),
    Column("closed_how", String(16), nullable=False, server_default=""),
    # What came in since somebody of ours read or wrote here.
    Column("unread", Integer, nullable=False, server_default="0"),
    Column("last_text", String(160), nullable=False, server_default=""),
    # What further messages of the same thread name: the first mail's Message-ID, a visitor's hash.
    Column("thread_key", code_text(255), nullable=False, server_default=""),
    Column("visitor", JSON, nullable=False, server_default=text("'{}'")),
    Column("version", Integer, nullable=False, server_default="1"),
    one_of("channel", "email", "sms", "chat"),
    one_of("state", "waiting", "offered", "open", "closed"),
    one_of("closed_how", "", "operator", "spam", "visitor", "timeout"),
    Index("ix_conversations_last_message_at", "last_message_at", "id"),
    Index("ix_conversations_customer_id", "customer_id", "last_message_at", "id"),
    Index("ix_conversations_address", "channel", "address", "last_message_at"),
    Index("ix_conversations_thread_key", "thread_key"),
    partial("ix_conversations_mine", "state <> 'closed'", "assigned_to", "last_message_at", "id"),
    partial("ix_conversations_waiting", "state = 'waiting'", "queue", "opened_at", "id"),
    partial("ix_conversations_offered", "state = 'offered'", "offered_to", "offered_at", "id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("author_id", Id, ForeignKey("users.id")),
    Column("sender", String(255), nullable=False, server_default=""),
    Column("recipients", JSON, nullable=False, server_default=text("'{}'")),
    Column("subject", String(255), nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    # What the network knows it by: a Message-ID, `sms:` and the carrier's id, `chat:` and a
    # browser's. The constraint keeps a message that is told twice from being two.
    Column("external_id", code_text(255), unique=True),
    Column("in_reply_to", code_text(255), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("purpose", String(16), nullable=False, server_default="service"),
    Column("error", String(255), nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("words", Text, nullable=False, server_default=""),
    one_of("direction", "in", "out", "note", "system"),
    one_of("state", "received", "queued", "sent", "failed"),
    one_of("purpose", "service", "marketing"),
    Index("ix_messages_conversation_id", "conversation_id", "at", "id"),
    partial("ix_messages_queued", "state = 'queued'", "next_at", "id"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("message_id", Id, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("file_id", Id, ForeignKey("files.id"), primary_key=True, autoincrement=False),
    Index("ix_attachments_file_id", "file_id"),
)

meetings = Table(
    "meetings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False, index=True),
    Column("interaction_id", Id, ForeignKey("interactions.id"), nullable=False, unique=True),
    Column("title", String(160), nullable=False),
    Column("place", String(160), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False, server_default="30"),
    Column("notes", Text, nullable=False, server_default=""),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("words", Text, nullable=False, server_default=""),
)

# Texts to answer with; `kind` signature closes every mail of its queue.
reply_templates = Table(
    "reply_templates",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False, server_default="reply"),
    Column("title", String(80), nullable=False),
    Column("channel", String(16), nullable=False, server_default=""),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=true()),
    one_of("kind", "reply", "signature"),
)

mail_positions = Table(
    "mail_positions",
    metadata,
    Column("account", String(160), primary_key=True),
    Column("folder", String(160), primary_key=True),
    Column("uidvalidity", Id, nullable=False),
    Column("last_uid", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Mails that could not be read: they stay in the mailbox, and here is which and why.
mail_set_aside = Table(
    "mail_set_aside",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", String(160), nullable=False),
    Column("folder", String(160), nullable=False),
    Column("uidvalidity", Id, nullable=False),
    Column("uid", Id, nullable=False),
    Column("error", String(255), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen", Boolean, nullable=False, server_default=false()),
    Index("ix_mail_set_aside_uid", "account", "folder", "uidvalidity", "uid", unique=True),
)

chat_widgets = Table(
    "chat_widgets",
    metadata,
    Column("key", code_text(64), primary_key=True),
    Column("title", String(80), nullable=False),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("origins", JSON, nullable=False, server_default=text("'[]'")),
    Column("colour", String(16), nullable=False, server_default=""),
    Column("greeting", String(500), nullable=False, server_default=""),
    # How many chats one operator has at once, and whether they get some while they talk.
    Column("most_chats", Integer, nullable=False, server_default="3"),
    Column("while_talking", Boolean, nullable=False, server_default=false()),
    # After so long without the visitor's page a chat is over.
    Column("gone_minutes", Integer, nullable=False, server_default="10"),
    Column("takes_files", Boolean, nullable=False, server_default=true()),
    Column("active", Boolean, nullable=False, server_default=true()),
)
