"""Mails, short messages and chats: conversations, messages, attachments, the full text."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from callcenter.customers.names import fold
from callcenter.store import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FULL_TEXT = ("notes", "messages", "meetings")
_WORD = re.compile(r"[^\W_]+")


def upgrade() -> None:
    _widen()
    _make_conversations()
    _make_messages()
    _make_meetings()
    _make_mailboxes()
    _make_widgets()
    _make_chats()
    _fill_words()
    for table in _FULL_TEXT:
        _index_words(table)


def downgrade() -> None:
    for table in _FULL_TEXT:
        _drop_words(table)
    for name in ("chat_offers", "chat_visits"):
        op.drop_table(name)
    for name in ("chat_widgets", "mail_set_aside", "mail_positions", "reply_templates", "meetings"):
        op.drop_table(name)
    for name in ("attachments", "messages", "conversations"):
        op.drop_table(name)
    op.execute(
        "DELETE FROM interaction_outcomes WHERE interaction_id IN (SELECT id FROM "
        "interactions WHERE channel <> 'call')"
    )
    op.execute("DELETE FROM interactions WHERE channel <> 'call'")
    op.drop_index("ix_tasks_done", "tasks")
    op.drop_index("ix_notes_customer_id", "notes")
    op.create_index("ix_notes_customer_id", "notes", ["customer_id"])
    op.drop_column("notes", "words")
    op.drop_index("ix_interactions_channel", "interactions")
    op.drop_column("interactions", "handle_seconds")
    op.drop_column("interactions", "subject")


def _widen() -> None:
    op.add_column(
        "interactions",
        sa.Column("subject", sa.String(length=255), server_default="", nullable=False),
    )
    op.add_column("interactions", sa.Column("handle_seconds", sa.Float(), nullable=True))
    op.create_index("ix_interactions_channel", "interactions", ["channel", "started_at", "id"])
    op.add_column("notes", sa.Column("words", sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_notes_customer_id", "notes")
    op.create_index("ix_notes_customer_id", "notes", ["customer_id", "created_at", "id"])
    _partial("ix_tasks_done", "tasks", "state = 'done'", "customer_id", "done_at", "id")


def _partial(name: str, table: str, where: str, *columns: str) -> None:
    told = sa.text(where)
    op.create_index(name, table, list(columns), postgresql_where=told, sqlite_where=told)


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, types.Id, nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.UtcDateTime(), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _make_conversations() -> None:
    table = "conversations"
    op.create_table(
        table,
        _id("id"),
        sa.Column("channel", sa.String(length=16), nullable=False),
        _id("interaction_id"),
        _id("customer_id", nullable=True),
        sa.Column("address", types.code_text(255), server_default="", nullable=False),
        _text("account", 160),
        _text("subject", 255),
        _text("queue", 80),
        sa.Column("state", sa.String(length=16), nullable=False),
        _id("assigned_to", nullable=True),
        _id("offered_to", nullable=True),
        _moment("offered_at"),
        _moment("opened_at", nullable=False),
        _moment("assigned_at"),
        _moment("first_reply_at"),
        _moment("last_message_at", nullable=False),
        _moment("handling_since"),
        sa.Column("handled_seconds", sa.Float(), server_default="0", nullable=False),
        _moment("closed_at"),
        _text("closed_how", 16),
        sa.Column("unread", sa.Integer(), server_default="0", nullable=False),
        _text("last_text", 160),
        sa.Column("thread_key", types.code_text(255), server_default="", nullable=False),
        sa.Column("visitor", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'sms', 'chat')", name=op.f("ck_conversations_channel")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'open', 'closed')",
            name=op.f("ck_conversations_state"),
        ),
        sa.CheckConstraint(
            "closed_how IN ('', 'operator', 'spam', 'visitor', 'timeout')",
            name=op.f("ck_conversations_closed_how"),
        ),
        _refers(table, "interaction_id", "interactions"),
        _refers(table, "customer_id", "customers"),
        _refers(table, "assigned_to", "users"),
        _refers(table, "offered_to", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_conversations_interaction_id")),
    )
    last = "last_message_at"
    op.create_index("ix_conversations_last_message_at", table, [last, "id"])
    op.create_index("ix_conversations_customer_id", table, ["customer_id", last, "id"])
    op.create_index("ix_conversations_address", table, ["channel", "address", last])
    op.create_index("ix_conversations_thread_key", table, ["thread_key"])
    _partial("ix_conversations_mine", table, "state <> 'closed'", "assigned_to", last, "id")
    _partial("ix_conversations_waiting", table, "state = 'waiting'", "queue", "opened_at", "id")
    offered = ("offered_to", "offered_at", "id")
    _partial("ix_conversations_offered", table, "state = 'offered'", *offered)


def _make_messages() -> None:
    table = "messages"
    op.create_table(
        table,
        _id("id"),
        _id("conversation_id"),
        sa.Column("direction", sa.String(length=8), nullable=False),
        _id("author_id", nullable=True),
        _text("sender", 255),
        sa.Column("recipients", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        _text("subject", 255),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("external_id", types.code_text(255), nullable=True),
        sa.Column("in_reply_to", types.code_text(255), server_default="", nullable=False),
        _moment("at", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=16), server_default="service", nullable=False),
        _text("error", 255),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _moment("next_at"),
        _moment("delivered_at"),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "direction IN ('in', 'out', 'note', 'system')", name=op.f("ck_messages_direction")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'queued', 'sent', 'failed')", name=op.f("ck_messages_state")
        ),
        sa.CheckConstraint("purpose IN ('service', 'marketing')", name=op.f("ck_messages_purpose")),
        _refers(table, "conversation_id", "conversations"),
        _refers(table, "author_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("external_id", name=op.f("uq_messages_external_id")),
    )
    op.create_index("ix_messages_conversation_id", table, ["conversation_id", "at", "id"])
    _partial("ix_messages_queued", table, "state = 'queued'", "next_at", "id")
    op.create_table(
        "attachments",
        sa.Column("message_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("file_id", types.Id, autoincrement=False, nullable=False),
        _refers("attachments", "message_id", "messages"),
        _refers("attachments", "file_id", "files"),
        sa.PrimaryKeyConstraint("message_id", "file_id", name=op.f("pk_attachments")),
    )
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])


def _make_meetings() -> None:
    op.create_table(
        "meetings",
        _id("id"),
        _id("customer_id"),
        _id("interaction_id"),
        sa.Column("title", sa.String(length=160), nullable=False),
        _text("place", 160),
        _moment("at", nullable=False),
        sa.Column("minutes", sa.Integer(), server_default="30", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        _id("user_id"),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        _refers("meetings", "customer_id", "customers"),
        _refers("meetings", "interaction_id", "interactions"),
        _refers("meetings", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_meetings_interaction_id")),
    )
    op.create_index("ix_meetings_customer_id", "meetings", ["customer_id"])


def _make_mailboxes() -> None:
    op.create_table(
        "reply_templates",
        _id("id"),
        sa.Column("kind", sa.String(length=16), server_default="reply", nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        _text("channel", 16),
        _text("queue", 80),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("kind IN ('reply', 'signature')", name=op.f("ck_reply_templates_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_templates")),
    )
    op.create_table(
        "mail_positions",
        sa.Column("account", sa.String(length=160), nullable=False),
        sa.Column("folder", sa.String(length=160), nullable=False),
        _id("uidvalidity"),
        _id("last_uid"),
        _moment("at", nullable=False),
        sa.PrimaryKeyConstraint("account", "folder", name=op.f("pk_mail_positions")),
    )
    op.create_table(
        "mail_set_aside",
        _id("id"),
        sa.Column("account", sa.String(length=160), nullable=False),
        sa.Column("folder", sa.String(length=160), nullable=False),
        _id("uidvalidity"),
        _id("uid"),
        sa.Column("error", sa.String(length=255), nullable=False),
        _moment("at", nullable=False),
        sa.Column("seen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_set_aside")),
    )
    where = ["account", "folder", "uidvalidity", "uid"]
    op.create_index("ix_mail_set_aside_uid", "mail_set_aside", where, unique=True)


def _make_widgets() -> None:
    op.create_table(
        "chat_widgets",
        sa.Column("key", types.code_text(64), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        _text("queue", 80),
        sa.Column("origins", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        _text("colour", 16),
        _text("greeting", 500),
        sa.Column("most_chats", sa.Integer(), server_default="3", nullable=False),
        sa.Column("while_talking", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("gone_minutes", sa.Integer(), server_default="10", nullable=False),
        sa.Column("takes_files", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_chat_widgets")),
    )


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_conversation_id")
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations.id"], name=name, ondelete="CASCADE"
    )


def _make_chats() -> None:
    op.create_table(
        "chat_visits",
        sa.Column("conversation_id", types.Id, autoincrement=False, nullable=False),
        _moment("seen_at", nullable=False),
        _of_conversation("chat_visits"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_chat_visits")),
    )
    op.create_index("ix_chat_visits_seen_at", "chat_visits", ["seen_at"])
    table = "chat_offers"
    op.create_table(
        table,
        _id("id"),
        _id("conversation_id"),
        _id("user_id"),
        _moment("offered_at", nullable=False),
        _moment("ended_at"),
        _text("answer", 16),
        sa.CheckConstraint(
            "answer IN ('', 'accepted', 'declined', 'timeout', 'withdrawn')",
            name=op.f("ck_chat_offers_answer"),
        ),
        _of_conversation(table),
        _refers(table, "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_offers")),
    )
    op.create_index("ix_chat_offers_conversation_id", table, ["conversation_id", "id"])
    op.create_index("ix_chat_offers_offered_at", table, ["offered_at", "user_id"])
    _partial("ix_chat_offers_open", table, "ended_at IS NULL", "conversation_id")


def _fill_words() -> None:
    """The full text of the notes that are there already."""
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.text("SELECT id, text FROM notes WHERE id > :last ORDER BY id LIMIT 1000"),
        {"last": last},
    ).all():
        values = [{"id": row.id, "words": _words(row.text)} for row in rows]
        connection.execute(sa.text("UPDATE notes SET words = :words WHERE id = :id"), values)
        last = rows[-1].id


def _words(text: str) -> str:
    return " ".join(dict.fromkeys(word[:64] for word in _WORD.findall(fold(text))))


def _index_words(table: str) -> None:
    """The names put in are our own tables'."""
    if op.get_bind().dialect.name != "sqlite":
        told = "USING gin (to_tsvector('simple'::regconfig, words))"
        op.execute(f"CREATE INDEX ix_{table}_words_fts ON {table} {told}")
        return
    fts = f"{table}_fts"
    op.execute(
        f"CREATE VIRTUAL TABLE {fts} USING fts5(words, content='{table}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
    )
    op.execute(f"INSERT INTO {fts} ({fts}) VALUES ('rebuild')")  # noqa: S608
    add = f"INSERT INTO {fts} (rowid, words) VALUES (new.id, new.words);"  # noqa: S608
    drop = f"INSERT INTO {fts} ({fts}, rowid, words) VALUES ('delete', old.id, old.words);"  # noqa: S608
    for event, what in (("INSERT", add), ("DELETE", drop), ("UPDATE OF words", drop + add)):
        name = f"{table}_fts_{event.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {what} END")


def _drop_words(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP INDEX ix_{table}_words_fts")
        return
    for event in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER {table}_fts_{event}")
    op.execute(f"DROP TABLE {table}_fts")
