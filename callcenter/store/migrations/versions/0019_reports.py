"""Facts and figures that reports are made of."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BOUNDS = (5, 10, 15, 20, 25, 30, 40, 45, 60, 90, 120, 180, 300, 600)
_COUNTS = [
    "contacts",
    "offered",
    "answered",
    "abandoned",
    "short_abandoned",
    "overflowed",
    "given_up",
    "waiting",
    "handled",
    "transferred",
    "placed",
    "reached",
]
_SECONDS = ["wait_answered", "wait_abandoned", "talk", "hold", "wrap_up", "ring", "wait_longest"]
_OF_OPERATORS = ["rung", "answered", "not_taken", "transferred", "placed", "reached"]
_DIMENSIONS = (("channel", 16), ("direction", 8), ("queue", 80), ("dialed", 80), ("trunk", 80))
_GOALS = {
    "sl_seconds": ("20", "sl_seconds >= 1"),
    "sl_percent": ("80", "sl_percent BETWEEN 1 AND 99"),
}


def upgrade() -> None:
    _make_visits()
    _make_contact_sums("contact_halves", "half")
    _make_contact_sums("contact_days", "day")
    _make_operators()
    _make_bookkeeping()
    _widen()


def downgrade() -> None:
    with op.batch_alter_table("queue_settings") as queue:
        for name in _GOALS:
            queue.drop_constraint(op.f(f"ck_queue_settings_{name}"), type_="check")
            queue.drop_column(name)
    op.drop_index("ix_agent_history_wrap_up", "agent_history")
    op.drop_index("ix_call_legs_half", "call_legs")
    op.drop_column("call_legs", "half")
    op.drop_column("call_legs", "queue")
    for name in (
        "report_progress",
        "report_dirty",
        "state_halves",
        "operator_halves",
        "contact_days",
        "contact_halves",
        "queue_visits",
    ):
        op.drop_table(name)


def _counts(names: list[str]) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in names]


def _seconds(names: list[str]) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Float(), server_default="0", nullable=False) for name in names]


def _text(name: str, length: int, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), server_default=default, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, types.UtcDateTime(), nullable=nullable)


def _make_visits() -> None:
    ways = "'waiting', 'answered', 'abandoned', 'overflow', 'given_up', 'closed'"
    op.create_table(
        "queue_visits",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("number_in_call", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("interaction_id", types.Id, nullable=True),
        _moment("half"),
        _text("queue", 80),
        _text("direction", 8),
        _text("dialed", 80, ""),
        _text("trunk", 80, ""),
        _moment("entered_at"),
        _moment("left_at", nullable=True),
        _moment("answered_at", nullable=True),
        _text("how", 16),
        *_seconds(["wait_seconds"]),
        sa.Column("operator_id", types.Id, nullable=True),
        *_seconds(["talk_seconds", "hold_seconds", "ring_seconds", "wrap_up_seconds"]),
        *_counts(["transfers"]),
        sa.CheckConstraint(f"how IN ({ways})", name=op.f("ck_queue_visits_how")),
        sa.PrimaryKeyConstraint("call_id", "number_in_call", name="pk_queue_visits"),
    )
    op.create_index("ix_queue_visits_interaction_id", "queue_visits", ["interaction_id"])
    op.create_index("ix_queue_visits_entered_at", "queue_visits", ["entered_at", "call_id"])
    op.create_index("ix_queue_visits_queue", "queue_visits", ["queue", "entered_at"])


def _make_contact_sums(name: str, moment: str) -> None:
    within = [f"{what}_in_{bound}" for what in ("answered", "abandoned") for bound in _BOUNDS]
    op.create_table(
        name,
        _moment(moment),
        *(_text(dimension, length) for dimension, length in _DIMENSIONS),
        *_counts(_COUNTS),
        *_seconds(_SECONDS),
        *_counts(within),
        sa.PrimaryKeyConstraint(moment, *(one for one, _ in _DIMENSIONS), name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_queue", name, ["queue", moment])


def _make_operators() -> None:
    op.create_table(
        "operator_halves",
        _moment("half"),
        sa.Column("user_id", types.Id, nullable=False, autoincrement=False),
        _text("queue", 80),
        _text("channel", 16),
        _text("direction", 8),
        *_counts(_OF_OPERATORS),
        *_seconds(["talk", "hold", "wrap_up", "ring"]),
        sa.PrimaryKeyConstraint(
            "half", "user_id", "queue", "channel", "direction", name="pk_operator_halves"
        ),
    )
    op.create_index("ix_operator_halves_user_id", "operator_halves", ["user_id", "half"])
    op.create_table(
        "state_halves",
        _moment("half"),
        sa.Column("user_id", types.Id, nullable=False, autoincrement=False),
        _text("state", 16),
        _text("reason", 80),
        sa.Column("productive", sa.Boolean(), nullable=False),
        *_seconds(["seconds"]),
        *_counts(["times", "limited", "within_limit"]),
        sa.PrimaryKeyConstraint(
            "half", "user_id", "state", "reason", "productive", name="pk_state_halves"
        ),
    )
    op.create_index("ix_state_halves_user_id", "state_halves", ["user_id", "half"])


def _make_bookkeeping() -> None:
    op.create_table(
        "report_dirty",
        sa.Column("id", types.Id, nullable=False),
        _moment("half"),
        _text("kind", 8),
        sa.CheckConstraint("kind IN ('contacts', 'states')", name=op.f("ck_report_dirty_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_report_dirty"),
    )
    op.create_table(
        "report_progress",
        _text("name", 40),
        sa.Column("position", sa.String(), server_default="", nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("name", name="pk_report_progress"),
    )


def _widen() -> None:
    op.add_column("call_legs", _moment("half", nullable=True))
    op.add_column("call_legs", _text("queue", 80, ""))
    op.create_index(
        "ix_call_legs_half",
        "call_legs",
        ["half", "user_id"],
        postgresql_where=sa.text("user_id IS NOT NULL"),
        sqlite_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        "ix_agent_history_wrap_up",
        "agent_history",
        ["call_id"],
        postgresql_where=sa.text("state = 'wrap_up'"),
        sqlite_where=sa.text("state = 'wrap_up'"),
    )
    with op.batch_alter_table("queue_settings") as queue:
        for name, (usual, check) in _GOALS.items():
            queue.add_column(sa.Column(name, sa.Integer(), server_default=usual, nullable=False))
            queue.create_check_constraint(op.f(f"ck_queue_settings_{name}"), check)
