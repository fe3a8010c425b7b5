"""What callers say of a call after it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_UNLINKED = sa.text("interaction_id IS NULL")


def upgrade() -> None:
    _make_surveys()
    _make_answers()


def downgrade() -> None:
    op.drop_table("survey_answers")
    op.drop_table("surveys")


def _make_surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("key", sa.String(length=31), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="en", nullable=False),
        sa.Column("comment", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("every_nth", sa.Integer(), server_default="1", nullable=False),
        sa.Column("quiet_days", sa.Integer(), server_default="30", nullable=False),
        sa.Column("delay_minutes", sa.Integer(), server_default="5", nullable=False),
        sa.Column("valid_hours", sa.Integer(), server_default="72", nullable=False),
        sa.Column("needs_consent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("low_task_for", types.Id, nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("every_nth >= 1", name=op.f("ck_surveys_every_nth")),
        sa.CheckConstraint("quiet_days >= 0", name=op.f("ck_surveys_quiet_days")),
        sa.ForeignKeyConstraint(["low_task_for"], ["users.id"], name="fk_surveys_low_task_for"),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
        sa.UniqueConstraint("key", name="uq_surveys_key"),
    )


def _make_answers() -> None:
    op.create_table(
        "survey_answers",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("survey_id", types.Id, nullable=False),
        sa.Column("pbx", sa.String(length=80), server_default="", nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("interaction_id", types.Id, nullable=True),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("operator_id", types.Id, nullable=True),
        sa.Column("number", types.code_text(16), server_default="", nullable=False),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("comment", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("message", sa.String(length=160), server_default="", nullable=False),
        sa.Column("message_id", types.Id, nullable=True),
        sa.Column("problem", sa.String(length=255), server_default="", nullable=False),
        sa.CheckConstraint("way IN ('keys', 'sms', 'email')", name=op.f("ck_survey_answers_way")),
        sa.CheckConstraint(
            "state IN ('asked', 'answered', 'refused')",
            name=op.f("ck_survey_answers_state"),
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_survey_answers_score")),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_survey_answers_{column}")
            for column, other in (
                ("survey_id", "surveys"),
                ("interaction_id", "interactions"),
                ("customer_id", "customers"),
                ("operator_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_survey_answers"),
        sa.UniqueConstraint("call_id", name="uq_survey_answers_call_id"),
        sa.UniqueConstraint("token_digest", name="uq_survey_answers_token_digest"),
    )
    _index("unlinked", ["asked_at", "id"], _UNLINKED)
    for name, columns in (
        ("interaction_id", ["interaction_id"]),
        ("survey_id", ["survey_id", "asked_at", "id"]),
        ("operator_id", ["operator_id", "asked_at"]),
        ("customer_id", ["customer_id", "asked_at"]),
        ("number", ["number", "asked_at"]),
    ):
        _index(name, columns)


def _index(name: str, columns: list[str], where: sa.TextClause | None = None) -> None:
    op.create_index(
        f"ix_survey_answers_{name}",
        "survey_answers",
        columns,
        postgresql_where=where,
        sqlite_where=where,
    )
