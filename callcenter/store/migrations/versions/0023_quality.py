"""Score cards and assessments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_score_cards()
    _make_score_card_versions()
    _make_samples()
    _make_sample_items()
    _make_calibrations()
    _make_assessments()
    _make_assessment_answers()


def downgrade() -> None:
    for table in (
        "assessment_answers",
        "assessments",
        "calibrations",
        "sample_items",
        "samples",
        "score_card_versions",
        "score_cards",
    ):
        op.drop_table(table)


def _make_score_cards() -> None:
    op.create_table(
        "score_cards",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("queues", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("channels", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_cards")),
        sa.UniqueConstraint("title", name=op.f("uq_score_cards_title")),
    )


def _make_score_card_versions() -> None:
    op.create_table(
        "score_card_versions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("card_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("pass_score", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_by", types.Id, nullable=True),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "pass_score BETWEEN 0 AND 10000", name=op.f("ck_score_card_versions_pass_score")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["score_cards.id"], name=op.f("fk_score_card_versions_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_score_card_versions_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_card_versions")),
    )
    op.create_index(
        "ix_score_card_versions_card_id", "score_card_versions", ["card_id", "number"], unique=True
    )


def _make_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("card_id", types.Id, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("made_by", types.Id, nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["score_cards.id"], name=op.f("fk_samples_card_id")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_samples_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
    )
    op.create_index("ix_samples_card_id", "samples", ["card_id", "week"])


def _make_sample_items() -> None:
    op.create_table(
        "sample_items",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("sample_id", types.Id, nullable=False),
        sa.Column("interaction_id", types.Id, nullable=False),
        sa.Column("operator_id", types.Id, nullable=False),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="open", nullable=False),
        sa.Column("reason", sa.String(length=255), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'aside')", name=op.f("ck_sample_items_state")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["users.id"], name=op.f("fk_sample_items_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["samples.id"], name=op.f("fk_sample_items_sample_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_items")),
    )
    op.create_index(op.f("ix_sample_items_interaction_id"), "sample_items", ["interaction_id"])
    op.create_index(
        "ix_sample_items_open",
        "sample_items",
        ["id", "operator_id"],
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_sample_items_sample_id"), "sample_items", ["sample_id"])


def _make_calibrations() -> None:
    op.create_table(
        "calibrations",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("card_version_id", types.Id, nullable=False),
        sa.Column("interaction_id", types.Id, nullable=False),
        sa.Column("assessor_ids", sa.JSON(), nullable=False),
        sa.Column("made_by", types.Id, nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_version_id"],
            ["score_card_versions.id"],
            name=op.f("fk_calibrations_card_version_id"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_calibrations_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
    )
    op.create_index(op.f("ix_calibrations_interaction_id"), "calibrations", ["interaction_id"])


def _make_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("card_id", types.Id, nullable=False),
        sa.Column("card_version_id", types.Id, nullable=False),
        sa.Column("interaction_id", types.Id, nullable=False),
        sa.Column("operator_id", types.Id, nullable=False),
        sa.Column("assessor_id", types.Id, nullable=False),
        sa.Column("sample_item_id", types.Id, nullable=True),
        sa.Column("calibration_id", types.Id, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("queue", sa.String(length=80), server_default="", nullable=False),
        sa.Column("contact_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="draft", nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("fatal", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("comment", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("reply", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("closing", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("closed_by", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'final', 'answered', 'disputed', 'closed')",
            name=op.f("ck_assessments_state"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 10000", name=op.f("ck_assessments_score")),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["users.id"], name=op.f("fk_assessments_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibrations.id"], name=op.f("fk_assessments_calibration_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["score_cards.id"], name=op.f("fk_assessments_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_version_id"],
            ["score_card_versions.id"],
            name=op.f("fk_assessments_card_version_id"),
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_assessments_closed_by")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["users.id"], name=op.f("fk_assessments_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["sample_item_id"], ["sample_items.id"], name=op.f("fk_assessments_sample_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index(
        "ix_assessments_assessor_id", "assessments", ["assessor_id", "contact_at", "id"]
    )
    op.create_index("ix_assessments_contact_at", "assessments", ["contact_at", "id"])
    op.create_index(
        "ix_assessments_disputed",
        "assessments",
        ["contact_at", "id"],
        postgresql_where=sa.text("state = 'disputed'"),
        sqlite_where=sa.text("state = 'disputed'"),
    )
    op.create_index(
        "ix_assessments_draft",
        "assessments",
        ["assessor_id", "id"],
        postgresql_where=sa.text("state = 'draft'"),
        sqlite_where=sa.text("state = 'draft'"),
    )
    op.create_index(op.f("ix_assessments_interaction_id"), "assessments", ["interaction_id"])
    op.create_index(
        "ix_assessments_once",
        "assessments",
        ["interaction_id", "card_id"],
        unique=True,
        postgresql_where=sa.text("calibration_id IS NULL"),
        sqlite_where=sa.text("calibration_id IS NULL"),
    )
    op.create_index(
        "ix_assessments_operator_id", "assessments", ["operator_id", "contact_at", "id"]
    )
    op.create_index("ix_assessments_queue", "assessments", ["queue", "contact_at", "id"])
    op.create_index(
        "ix_assessments_round",
        "assessments",
        ["calibration_id", "assessor_id"],
        unique=True,
        postgresql_where=sa.text("calibration_id IS NOT NULL"),
        sqlite_where=sa.text("calibration_id IS NOT NULL"),
    )


def _make_assessment_answers() -> None:
    op.create_table(
        "assessment_answers",
        sa.Column("assessment_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("recording", sa.Integer(), nullable=True),
        sa.Column("at_seconds", sa.Float(), nullable=True),
        sa.CheckConstraint("share BETWEEN 0 AND 10000", name=op.f("ck_assessment_answers_share")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_answers_assessment_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "question", name=op.f("pk_assessment_answers")),
    )
