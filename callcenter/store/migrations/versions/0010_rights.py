"""Roles with rights for each object and field; teams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")
_ROLES = (("operator", "Operator"), ("supervisor", "Supervisor"), ("admin", "Administrator"))


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("role_code", sa.String(length=40), server_default="", nullable=False)
    )
    _make_roles()
    _make_teams()
    op.create_index("ix_interactions_contact", "interactions", ["operator_id", "customer_id"])
    op.create_index(
        "ix_call_legs_open",
        "call_legs",
        ["user_id", "call_id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def _make_roles() -> None:
    roles = op.create_table(
        "roles",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("base", sa.String(length=16), nullable=False),
        sa.Column("builtin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamp", sa.String(length=32), server_default="", nullable=False),
        sa.CheckConstraint(
            "base IN ('operator', 'supervisor', 'admin')", name=op.f("ck_roles_base")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_roles")),
    )
    op.bulk_insert(
        roles,
        [
            {"code": code, "title": title, "base": code, "builtin": True, "stamp": ""}
            for code, title in _ROLES
        ],
    )
    op.create_table(
        "role_rights",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "scope IN ('none', 'own', 'team', 'all')", name=op.f("ck_role_rights_scope")
        ),
        sa.ForeignKeyConstraint(["role"], ["roles.code"], name=op.f("fk_role_rights_role")),
        sa.PrimaryKeyConstraint("role", "object", "action", name=op.f("pk_role_rights")),
    )
    op.create_table(
        "field_rights",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=20), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("access", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "access IN ('hidden', 'masked', 'read', 'write')", name=op.f("ck_field_rights_access")
        ),
        sa.ForeignKeyConstraint(["role"], ["roles.code"], name=op.f("fk_field_rights_role")),
        sa.PrimaryKeyConstraint("role", "object", "field", name=op.f("pk_field_rights")),
    )


def _make_teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("lead_id", types.Id, nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["users.id"], name=op.f("fk_teams_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_index(op.f("ix_teams_lead_id"), "teams", ["lead_id"])
    op.create_table(
        "team_members",
        sa.Column("team_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("user_id", types.Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_team_members_user_id")),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_team_members")),
    )
    op.create_index("ix_team_members_user_id", "team_members", ["user_id", "team_id"])


def downgrade() -> None:
    op.drop_index("ix_call_legs_open", "call_legs")
    op.drop_index("ix_interactions_contact", "interactions")
    for table in ("team_members", "teams", "field_rights", "role_rights", "roles"):
        op.drop_table(table)
    op.drop_column("users", "role_code")
