"""What is to be done: tasks and call-backs, missed calls, and the line to the supervisor."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime, code_text

# A task of a queue without an assignee is its team's.
tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(8), nullable=False, server_default="task"),
    Column("title", String(160), nullable=False),
    Column("details", Text, nullable=False, server_default=""),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("number", code_text(16), nullable=False, server_default=""),
    Column("assignee_id", Id, ForeignKey("users.id")),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("due_at", UtcDateTime, nullable=False),
    Column("remind_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),
    Column("state", String(16), nullable=False, server_default="open"),
    Column("done_at", UtcDateTime),
    Column("done_by", Id, ForeignKey("users.id")),
    Column("result", String(255), nullable=False, server_default=""),
    Column("created_by", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    one_of("kind", "task", "callback"),
    one_of("state", "open", "done", "cancelled"),
    # Lists of what is open are short, however many were done.
    partial("ix_tasks_assignee_id", "state = 'open'", "assignee_id", "due_at"),
    partial("ix_tasks_queue", "state = 'open'", "queue", "due_at"),
    partial("ix_tasks_due_at", "state = 'open'", "due_at", "id"),
    partial("ix_tasks_number", "state = 'open'", "number"),
    partial("ix_tasks_remind_at", "state = 'open' AND reminded_at IS NULL", "remind_at"),
    Index("ix_tasks_customer_id", "customer_id", "state", "due_at"),
    partial("ix_tasks_done", "state = 'done'", "customer_id", "done_at", "id"),
)

# One row for each number that nobody has reached yet, however often it called.
missed_calls = Table(
    "missed_calls",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", code_text(16), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("queue", String(80), nullable=False, server_default=""),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("times", Integer, nullable=False, server_default="1"),
    Column("interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("claimed_by", Id, ForeignKey("users.id")),
    Column("claimed_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_attempt_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_how", String(16), nullable=False, server_default=""),
    Column("closed_by", Id, ForeignKey("users.id")),
    Column("closed_interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("closed_why", String(255), nullable=False, server_default=""),
    one_of("closed_how", "", "reached", "got_through", "by_hand"),
    CheckConstraint("times >= 1", name="times"),
    CheckConstraint("attempts >= 0", name="attempts"),
    partial("ix_missed_calls_number", "closed_at IS NULL", "number", unique=True),
    partial("ix_missed_calls_due_at", "closed_at IS NULL", "due_at", "id"),
    partial("ix_missed_calls_queue", "closed_at IS NULL", "queue", "due_at"),
    Index("ix_missed_calls_closed_at", "closed_at", "id"),
    Index("ix_missed_calls_number_last_at", "number", "last_at"),
    Index("ix_missed_calls_customer_id", "customer_id"),
)

# Without a recipient it goes to every supervisor.
line_messages = Table(
    "line_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("sender_id", Id, ForeignKey("users.id"), nullable=False),
    Column("recipient_id", Id, ForeignKey("users.id")),
    Column("kind", String(8), nullable=False, server_default="text"),
    Column("text", String(2000), nullable=False, server_default=""),
    Column("call_id", String),
    Column("read_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", Id, ForeignKey("users.id")),
    one_of("kind", "text", "help"),
    Index("ix_line_messages_recipient_id", "recipient_id", "id"),
    Index("ix_line_messages_sender_id", "sender_id", "id"),
    partial("ix_line_messages_unread", "read_at IS NULL", "recipient_id", "id"),
    partial("ix_line_messages_help", "kind = 'help' AND resolved_at IS NULL", "id"),
)
