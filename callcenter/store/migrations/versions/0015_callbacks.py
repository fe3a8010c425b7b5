"""Call-backs that callers asked for, and messages they left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_UNHEARD = sa.text("done_at IS NULL")
_NUMBERS = (
    ("announce_seconds", "60", "announce_seconds >= 0"),
    ("max_wait_seconds", "0", "max_wait_seconds >= 0"),
    ("callback_after_seconds", "0", ""),
    ("callback_over_minutes", "0", ""),
    ("callback_attempts", "3", "callback_attempts >= 1"),
    ("callback_retry_minutes", "15", "callback_retry_minutes >= 1"),
    ("callback_hours", "24", "callback_hours >= 1"),
    ("message_due_minutes", "240", ""),
)
_SWITCHES = ("announce_position", "announce_estimate", "callback_offered", "message_box")
_WORDS = (("messages", 400), ("callback_calendar", 80), ("overflow", 80))


def upgrade() -> None:
    _widen_queues()
    _make_requests()
    _make_voicemails()


def downgrade() -> None:
    op.drop_table("voicemails")
    op.drop_table("callback_requests")
    with op.batch_alter_table("queue_settings") as queue:
        for name, _default, check in _NUMBERS:
            if check:
                queue.drop_constraint(op.f(f"ck_queue_settings_{name}"), type_="check")
        for name in (*_SWITCHES, *(one[0] for one in (*_NUMBERS, *_WORDS))):
            queue.drop_column(name)


def _widen_queues() -> None:
    with op.batch_alter_table("queue_settings") as queue:
        for name in _SWITCHES:
            queue.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        for name, default, _check in _NUMBERS:
            queue.add_column(sa.Column(name, sa.Integer(), server_default=default, nullable=False))
        for name, length in _WORDS:
            queue.add_column(
                sa.Column(name, sa.String(length=length), server_default="", nullable=False)
            )
        for name, _default, check in _NUMBERS:
            if check:
                queue.create_check_constraint(op.f(f"ck_queue_settings_{name}"), check)


def _make_requests() -> None:
    op.create_table(
        "callback_requests",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("interaction_id", types.Id, nullable=True),
        sa.Column("pbx", sa.String(length=80), server_default="", nullable=False),
        sa.Column("call_id", sa.String(), server_default="", nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("number", types.code_text(16), nullable=False),
        sa.Column("queue", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("place_at", types.UtcDateTime(), nullable=False),
        sa.Column("not_before", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", types.UtcDateTime(), nullable=False),
        sa.Column("assigned_to", types.Id, nullable=True),
        sa.Column("offered_to", types.Id, nullable=True),
        sa.Column("declined_by", sa.String(length=255), server_default="", nullable=False),
        sa.Column("command_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("leased_until", types.UtcDateTime(), nullable=True),
        sa.Column("last_result", sa.String(length=32), server_default="", nullable=False),
        sa.Column("note", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_by", types.Id, nullable=True),
        sa.Column("closed_interaction_id", types.Id, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'calling', 'done', 'failed', 'expired', 'cancelled')",
            name=op.f("ck_callback_requests_state"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_callback_requests_attempts")),
        *_foreign(
            "callback_requests",
            interaction_id="interactions",
            customer_id="customers",
            assigned_to="users",
            offered_to="users",
            closed_by="users",
            closed_interaction_id="interactions",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_callback_requests"),
    )
    _index("callback_requests", "open", ["number", "queue"], _OPEN, unique=True)
    _index("callback_requests", "next_at", ["next_at", "id"], _OPEN)
    _index("callback_requests", "place_at", ["place_at", "id"], _OPEN)
    for name, columns in (
        ("closed_at", ["closed_at", "id"]),
        ("customer_id", ["customer_id"]),
        ("command_id", ["command_id"]),
        ("call_id", ["call_id"]),
        ("interaction_id", ["interaction_id"]),
        ("closed_interaction_id", ["closed_interaction_id"]),
    ):
        _index("callback_requests", name, columns)


def _make_voicemails() -> None:
    op.create_table(
        "voicemails",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("interaction_id", types.Id, nullable=True),
        sa.Column("call_id", sa.String(), server_default="", nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("number", types.code_text(16), server_default="", nullable=False),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("pbx", sa.String(length=80), server_default="", nullable=False),
        sa.Column("file", sa.String(length=160), nullable=False),
        sa.Column("seconds", sa.Float(), server_default="0", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="new", nullable=False),
        sa.Column("set_aside", sa.String(length=16), server_default="", nullable=False),
        sa.Column("assigned_to", types.Id, nullable=True),
        sa.Column("due_at", types.UtcDateTime(), nullable=False),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.Column("done_by", types.Id, nullable=True),
        sa.Column("result", sa.String(length=255), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('new', 'taken', 'done')", name=op.f("ck_voicemails_state")),
        sa.CheckConstraint(
            "set_aside IN ('', 'short', 'silent')", name=op.f("ck_voicemails_set_aside")
        ),
        *_foreign(
            "voicemails",
            interaction_id="interactions",
            customer_id="customers",
            user_id="users",
            assigned_to="users",
            done_by="users",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_voicemails"),
    )
    _index("voicemails", "file", ["pbx", "file"], unique=True)
    _index("voicemails", "due_at", ["due_at", "id"], _UNHEARD)
    for name, columns in (
        ("done_at", ["done_at", "id"]),
        ("customer_id", ["customer_id"]),
        ("call_id", ["call_id"]),
        ("interaction_id", ["interaction_id"]),
    ):
        _index("voicemails", name, columns)


def _foreign(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")
        for column, other in columns.items()
    ]


def _index(
    table: str,
    name: str,
    columns: list[str],
    where: sa.TextClause | None = None,
    *,
    unique: bool = False,
) -> None:
    op.create_index(
        f"ix_{table}_{name}",
        table,
        columns,
        unique=unique,
        postgresql_where=where,
        sqlite_where=where,
    )
