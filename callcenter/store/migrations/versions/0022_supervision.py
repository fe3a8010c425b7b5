"""Who may step into whose calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "supervision_policy",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("visible", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_supervision_policy"),
    )
    _make_sessions()
    _make_loans()


def downgrade() -> None:
    op.drop_table("skill_loans")
    op.drop_table("supervision_sessions")
    op.drop_table("supervision_policy")


def _make_sessions() -> None:
    name = "supervision_sessions"
    op.create_table(
        name,
        sa.Column("id", types.Id, nullable=False),
        sa.Column("supervisor_id", types.Id, nullable=False),
        sa.Column("operator_id", types.Id, nullable=True),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=149), server_default="", nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=8), server_default="screen", nullable=False),
        sa.Column("visible", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime, nullable=False),
        sa.Column("began_at", types.UtcDateTime, nullable=True),
        sa.Column("ended_at", types.UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "mode IN ('listen', 'whisper', 'barge', 'take_over')", name=op.f(f"ck_{name}_mode")
        ),
        sa.CheckConstraint("source IN ('screen', 'keys')", name=op.f(f"ck_{name}_source")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["users.id"], name=f"fk_{name}_supervisor_id"),
        sa.ForeignKeyConstraint(["operator_id"], ["users.id"], name=f"fk_{name}_operator_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(
        f"ix_{name}_open",
        name,
        ["call_id", "supervisor_id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_index(f"ix_{name}_supervisor_id", name, ["supervisor_id", "asked_at"])
    op.create_index(f"ix_{name}_operator_id", name, ["operator_id", "asked_at"])
    op.create_index(f"ix_{name}_asked_at", name, ["asked_at", "id"])
    op.create_index(f"ix_{name}_channel", name, ["channel"])


def _make_loans() -> None:
    op.create_table(
        "skill_loans",
        sa.Column("user_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("skill", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("until", types.UtcDateTime, nullable=True),
        sa.Column("made_by", types.Id, nullable=False),
        sa.Column("made_at", types.UtcDateTime, nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 9", name=op.f("ck_skill_loans_level")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_skill_loans_user_id"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_skill_loans_made_by"),
        sa.PrimaryKeyConstraint("user_id", "skill", name="pk_skill_loans"),
    )
