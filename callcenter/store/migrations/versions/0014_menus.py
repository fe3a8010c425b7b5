"""Voice menus, their prompts, and what callers prove who they are by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_menus()
    _make_versions()
    _make_prompts()
    _make_recordings()
    _make_pins()
    _make_identifications()


def _make_menus() -> None:
    op.create_table(
        "menus",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("key", types.code_text(32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_menus"),
        sa.UniqueConstraint("key", name="uq_menus_key"),
    )


def _make_versions() -> None:
    op.create_table(
        "menu_versions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("menu_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_by", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("published_by", types.Id, nullable=True),
        sa.Column("published_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'live', 'past')", name=op.f("ck_menu_versions_state")
        ),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name="fk_menu_versions_menu_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_menu_versions_created_by"),
        sa.ForeignKeyConstraint(
            ["published_by"], ["users.id"], name="fk_menu_versions_published_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_menu_versions"),
        sa.UniqueConstraint("menu_id", "number", name="uq_menu_versions_menu_id_number"),
    )
    for state in ("draft", "live"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_menu_versions_{state}",
            "menu_versions",
            ["menu_id"],
            unique=True,
            postgresql_where=where,
            sqlite_where=where,
        )


def _make_prompts() -> None:
    op.create_table(
        "prompts",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("key", types.code_text(40), nullable=False),
        sa.Column("title", sa.String(length=120), server_default="", nullable=False),
        sa.Column("texts", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_prompts"),
        sa.UniqueConstraint("key", name="uq_prompts_key"),
    )
    op.create_table(
        "prompt_files",
        sa.Column("prompt_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("stored_as", sa.String(length=120), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "source IN ('spoken', 'uploaded', 'recorded')", name=op.f("ck_prompt_files_source")
        ),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompts.id"], name="fk_prompt_files_prompt_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_prompt_files_user_id"),
        sa.PrimaryKeyConstraint("prompt_id", "locale", name="pk_prompt_files"),
    )


def _make_recordings() -> None:
    op.create_table(
        "prompt_recordings",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("prompt_id", types.Id, nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("code", types.code_text(16), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="asked", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'kept', 'ended')", name=op.f("ck_prompt_recordings_state")
        ),
        sa.ForeignKeyConstraint(
            ["prompt_id"], ["prompts.id"], name="fk_prompt_recordings_prompt_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_prompt_recordings_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_prompt_recordings"),
        sa.UniqueConstraint("code", name="uq_prompt_recordings_code"),
    )
    op.create_index("ix_prompt_recordings_created_at", "prompt_recordings", ["created_at"])


def _make_pins() -> None:
    op.create_table(
        "caller_pins",
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=160), nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", types.UtcDateTime(), nullable=True),
        sa.Column("set_at", types.UtcDateTime(), nullable=False),
        sa.Column("set_by", types.Id, nullable=True),
        sa.CheckConstraint("failed >= 0", name=op.f("ck_caller_pins_failed")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_caller_pins_customer_id"
        ),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name="fk_caller_pins_set_by"),
        sa.PrimaryKeyConstraint("customer_id", name="pk_caller_pins"),
    )


def _make_identifications() -> None:
    op.create_table(
        "identifications",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("number", types.code_text(40), nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_identifications_customer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_identifications"),
    )
    op.create_index("ix_identifications_number", "identifications", ["number", "at"])
    op.create_index("ix_identifications_customer_id", "identifications", ["customer_id", "at"])
    op.create_index("ix_identifications_at", "identifications", ["at"])
