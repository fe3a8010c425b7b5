"""People and organisations: how they are reached, tags, consents, files, fields of one's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.customers.contacts import contact_key
from callcenter.store import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STEP = 5_000
_MADE = (
    "custom_values",
    "custom_fields",
    "files",
    "consents",
    "customer_tags",
    "tags",
    "addresses",
    "contact_points",
    "organization_phones",
    "memberships",
)
_STATUS = (
    ("lead", "Lead", "Лид", "Lead"),
    ("active", "Active", "Активный", "Aktywny"),
    ("sleeping", "Sleeping", "Спящий", "Uśpiony"),
    ("lost", "Lost", "Потерян", "Utracony"),
)
_SEGMENT = (
    ("private", "Private person", "Частное лицо", "Osoba prywatna"),
    ("small", "Small business", "Малый бизнес", "Mała firma"),
    ("large", "Large business", "Крупный бизнес", "Duża firma"),
)


def upgrade() -> None:
    _widen_organizations()
    _widen_customers()
    _widen_phones()
    _make_contacts()
    _make_tags_and_consents()
    _make_files()
    _make_fields()
    _move_mails()
    _fill()


def _add_reference(table: str, column: str, of: str) -> None:
    """In the words that both databases read alike: SQLite adds no constraint afterwards."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} "
        f"CONSTRAINT fk_{table}_{column} REFERENCES {of} (id)"
    )


def _widen_organizations() -> None:
    for name in ("website", "email"):
        op.add_column(
            "organizations",
            sa.Column(name, sa.String(length=255), server_default="", nullable=False),
        )
    _add_reference("organizations", "owner_id", "users")
    op.add_column("organizations", sa.Column("updated_at", types.UtcDateTime(), nullable=True))
    op.add_column(
        "organizations", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("organizations", sa.Column("deleted_at", types.UtcDateTime(), nullable=True))
    op.create_index("ix_organizations_tax_id", "organizations", ["tax_id"])


def _widen_customers() -> None:
    for name, length in (("status", 40), ("segment", 40), ("time_zone", 64), ("legal_hold", 255)):
        op.add_column(
            "customers",
            sa.Column(name, sa.String(length=length), server_default="", nullable=False),
        )
    op.add_column(
        "customers",
        sa.Column("preferences", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
    )
    _add_reference("customers", "merged_into", "customers")
    op.create_index("ix_customers_status", "customers", ["status", "sort_name", "id"])
    op.create_index("ix_customers_segment", "customers", ["segment", "sort_name", "id"])
    op.create_index(
        "ix_customers_merged_into",
        "customers",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
        sqlite_where=sa.text("merged_into IS NOT NULL"),
    )


def _widen_phones() -> None:
    for name in ("invalid", "opted_out", "shared"):
        op.add_column(
            "phone_numbers",
            sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False),
        )


def _make_contacts() -> None:
    op.create_table(
        "memberships",
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("organization_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=80), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_memberships_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_memberships_organization_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "organization_id", name=op.f("pk_memberships")),
    )
    op.create_index(
        "ix_memberships_organization_id", "memberships", ["organization_id", "customer_id"]
    )
    op.create_table(
        "organization_phones",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("organization_id", types.Id, nullable=False),
        sa.Column("e164", types.code_text(16), nullable=False),
        sa.Column("extension", sa.String(length=8), server_default="", nullable=False),
        sa.Column("label", sa.String(length=80), server_default="", nullable=False),
        sa.Column("reversed_digits", types.code_text(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_phones_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_phones")),
        sa.UniqueConstraint(
            "organization_id",
            "e164",
            "extension",
            name=op.f("uq_organization_phones_organization_id_e164_extension"),
        ),
    )
    op.create_index("ix_organization_phones_e164", "organization_phones", ["e164"])
    op.create_index(
        "ix_organization_phones_reversed_digits", "organization_phones", ["reversed_digits"]
    )
    _make_contact_points()
    _make_addresses()


def _make_contact_points() -> None:
    op.create_table(
        "contact_points",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("value_key", types.code_text(255), nullable=False),
        sa.Column("label", sa.String(length=8), server_default="other", nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("invalid", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("opted_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('email', 'telegram', 'whatsapp', 'viber', 'messenger', 'site')",
            name=op.f("ck_contact_points_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contact_points_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
        sa.UniqueConstraint(
            "customer_id",
            "kind",
            "value_key",
            name=op.f("uq_contact_points_customer_id_kind_value_key"),
        ),
    )
    op.create_index("ix_contact_points_kind", "contact_points", ["kind", "value_key"])


def _make_addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("organization_id", types.Id, nullable=True),
        sa.Column("kind", sa.String(length=16), server_default="other", nullable=False),
        sa.Column("street", sa.String(length=255), server_default="", nullable=False),
        sa.Column("postal_code", sa.String(length=16), server_default="", nullable=False),
        sa.Column("city", sa.String(length=80), server_default="", nullable=False),
        sa.Column("region", sa.String(length=80), server_default="", nullable=False),
        sa.Column("country", sa.String(length=2), server_default="", nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "(customer_id IS NULL) <> (organization_id IS NULL)", name=op.f("ck_addresses_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_addresses_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_addresses_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
    )
    op.create_index("ix_addresses_customer_id", "addresses", ["customer_id"])
    op.create_index("ix_addresses_organization_id", "addresses", ["organization_id"])


def _make_tags_and_consents() -> None:
    op.create_table(
        "tags",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("tag_key", types.code_text(64), nullable=False),
        sa.Column("tone", sa.String(length=16), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("tag_key", name=op.f("uq_tags_tag_key")),
    )
    op.create_table(
        "customer_tags",
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("tag_id", types.Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_tags_customer_id")
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_customer_tags_tag_id")),
        sa.PrimaryKeyConstraint("customer_id", "tag_id", name=op.f("pk_customer_tags")),
    )
    op.create_index("ix_customer_tags_tag_id", "customer_tags", ["tag_id", "customer_id"])
    op.create_table(
        "consents",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=80), server_default="", nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("note", sa.String(length=255), server_default="", nullable=False),
        sa.CheckConstraint(
            "channel IN ('call', 'sms', 'email', 'messenger', 'post')",
            name=op.f("ck_consents_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_consents_customer_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consents_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_customer_id", "consents", ["customer_id", "channel", "at"])


def _make_files() -> None:
    op.create_table(
        "files",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("interaction_id", types.Id, nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("uploaded_by", types.Id, nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_files_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_files_interaction_id")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_files_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_customer_id", "files", ["customer_id", "id"])
    op.create_index("ix_files_interaction_id", "files", ["interaction_id"])


def _make_fields() -> None:
    op.create_table(
        "custom_fields",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("object", sa.String(length=16), nullable=False),
        sa.Column("key", types.code_text(40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("labels", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("choices", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("required", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("builtin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint(
            "object IN ('customer', 'organization', 'deal')", name=op.f("ck_custom_fields_object")
        ),
        sa.CheckConstraint(
            "kind IN ('text', 'number', 'money', 'date', 'choice', 'link')",
            name=op.f("ck_custom_fields_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_fields")),
        sa.UniqueConstraint("object", "key", name=op.f("uq_custom_fields_object_key")),
    )
    op.create_table(
        "custom_values",
        sa.Column("object_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("field_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("text", types.code_text(255), server_default="", nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["field_id"], ["custom_fields.id"], name=op.f("fk_custom_values_field_id")
        ),
        sa.PrimaryKeyConstraint("object_id", "field_id", name=op.f("pk_custom_values")),
    )
    for column in ("text", "number", "day"):
        op.create_index(
            f"ix_custom_values_{column}", "custom_values", ["field_id", column, "object_id"]
        )


def _move_mails() -> None:
    """Under the key that mails are looked up by: no database folds letters as we do."""
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(_MAILS, {"last": last, "step": _STEP}).all():
        last = rows[-1].id
        values = [
            {"id": row.id, "value": row.email, "key": contact_key("email", row.email)}
            for row in rows
        ]
        connection.execute(_ADD_MAIL, values)
    op.drop_column("customers", "email")


_MAILS = sa.text(
    "SELECT id, email FROM customers WHERE id > :last AND email <> '' ORDER BY id LIMIT :step"
)
_ADD_MAIL = sa.text(
    "INSERT INTO contact_points (customer_id, kind, value, value_key, is_primary) "
    "VALUES (:id, 'email', :value, :key, true)"
)


def _fill() -> None:
    table = sa.table(
        "custom_fields",
        *map(sa.column, ("object", "key", "label", "kind", "position")),
        sa.column("labels", sa.JSON()),
        sa.column("choices", sa.JSON()),
        sa.column("builtin", sa.Boolean()),
    )
    for position, (key, label, labels, choices) in enumerate(
        (
            ("status", "Status", {"ru": "Статус", "pl": "Status"}, _STATUS),
            ("segment", "Segment", {"ru": "Сегмент", "pl": "Segment"}, _SEGMENT),
        )
    ):
        told = [
            {"key": one, "label": english, "labels": {"ru": russian, "pl": polish}}
            for one, english, russian, polish in choices
        ]
        op.execute(
            table.insert().values(
                object="customer",
                key=key,
                label=label,
                labels=labels,
                kind="choice",
                choices=told,
                builtin=True,
                position=position,
            )
        )


def downgrade() -> None:
    op.add_column(
        "customers", sa.Column("email", sa.String(length=160), server_default="", nullable=False)
    )
    op.execute(
        "UPDATE customers SET email = coalesce((SELECT substr(value, 1, 160) FROM contact_points "
        "WHERE customer_id = customers.id AND kind = 'email' ORDER BY is_primary DESC, id LIMIT 1),"
        " '')"
    )
    for table in _MADE:
        op.drop_table(table)
    for name in ("shared", "opted_out", "invalid"):
        op.drop_column("phone_numbers", name)
    for index in ("merged_into", "segment", "status"):
        op.drop_index(f"ix_customers_{index}", "customers")
    op.drop_index("ix_organizations_tax_id", "organizations")
    _drop_columns("customers", "preferences", "legal_hold", "time_zone", "segment", "status")
    _drop_columns("organizations", "deleted_at", "version", "updated_at", "email", "website")
    for table, column in (("customers", "merged_into"), ("organizations", "owner_id")):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_{column}", type_="foreignkey")
            batch.drop_column(column)


def _drop_columns(table: str, *names: str) -> None:
    for name in names:
        op.drop_column(table, name)
