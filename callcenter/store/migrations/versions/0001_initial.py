"""The first schema: accounts, customers, calls, interactions, routing, PBX links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"], unique=False)
    op.create_index("ix_audit_log_object", "audit_log", ["object_type", "object_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pbx", sa.String(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("caller_number", sa.String(length=80), nullable=False),
        sa.Column("caller_name", sa.String(length=120), nullable=False),
        sa.Column("dialed", sa.String(length=80), nullable=False),
        sa.Column("trunk", sa.String(length=80), nullable=False),
        sa.Column("route", sa.String(length=80), nullable=False),
        sa.Column("queue", sa.String(length=80), nullable=False),
        sa.Column("wait_seconds", sa.Float(), nullable=True),
        sa.Column("talk_seconds", sa.Float(), nullable=False),
        sa.Column("hold_seconds", sa.Float(), nullable=False),
        sa.Column("hangup_by", sa.String(length=120), nullable=False),
        sa.Column("hangup_cause", sa.Integer(), nullable=True),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(
        "ix_calls_live",
        "calls",
        ["pbx", "started_at"],
        unique=False,
        postgresql_where=sa.text("live"),
        sqlite_where=sa.text("live = 1"),
    )
    op.create_index("ix_calls_started_at", "calls", ["started_at"], unique=False)
    op.create_table(
        "organizations",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("tax_id", sa.String(length=32), server_default="", nullable=False),
        sa.Column("region", sa.String(length=2), server_default="", nullable=False),
        sa.Column("city", sa.String(length=80), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("sort_name", types.code_text(160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_index("ix_organizations_sort", "organizations", ["sort_name", "id"], unique=False)
    op.create_table(
        "pbx_links",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(length=255), server_default="", nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.String(length=80), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("pbx", name=op.f("pk_pbx_links")),
    )
    op.create_table(
        "routing_decisions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("uniqueid", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("dialed", sa.String(length=80), nullable=False),
        sa.Column("route", sa.String(length=80), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("failed_open", sa.Boolean(), nullable=False),
        sa.Column("micros", sa.Integer(), nullable=False),
        sa.Column("decided_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_decisions")),
    )
    op.create_index(
        "ix_routing_decisions_uniqueid", "routing_decisions", ["uniqueid", "pbx"], unique=False
    )
    op.create_table(
        "users",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("endpoint", sa.String(length=80), server_default="", nullable=False),
        sa.Column("extension", sa.String(length=16), server_default="", nullable=False),
        sa.Column("locale", sa.String(length=8), server_default="en", nullable=False),
        sa.Column("time_zone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "agents",
        sa.Column("user_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=80), server_default="", nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agents_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agents")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", types.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index(op.f("ix_api_tokens_user_id"), "api_tokens", ["user_id"], unique=False)
    op.create_table(
        "call_channels",
        sa.Column("uniqueid", sa.String(), nullable=False),
        sa.Column("pbx", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_channels_call_id")),
        sa.PrimaryKeyConstraint("uniqueid", "pbx", name=op.f("pk_call_channels")),
    )
    op.create_index(op.f("ix_call_channels_call_id"), "call_channels", ["call_id"], unique=False)
    op.create_table(
        "call_legs",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("uniqueid", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("ringing_at", types.UtcDateTime(), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("talk_seconds", sa.Float(), nullable=False),
        sa.Column("hold_seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_legs_call_id")),
        sa.PrimaryKeyConstraint("call_id", "uniqueid", name=op.f("pk_call_legs")),
    )
    op.create_index("ix_call_legs_user_id", "call_legs", ["user_id", "ringing_at"], unique=False)
    op.create_table(
        "customers",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("display_name", sa.String(length=160), nullable=False),
        sa.Column("given_name", sa.String(length=80), server_default="", nullable=False),
        sa.Column("family_name", sa.String(length=80), server_default="", nullable=False),
        sa.Column("organization_id", types.Id, nullable=True),
        sa.Column("position", sa.String(length=80), server_default="", nullable=False),
        sa.Column("email", sa.String(length=160), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("city", sa.String(length=80), server_default="", nullable=False),
        sa.Column("vip_level", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blocked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("block_reason", sa.String(length=160), server_default="", nullable=False),
        sa.Column("owner_id", types.Id, nullable=True),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("remarks", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", types.UtcDateTime(), nullable=True),
        sa.Column("sort_name", types.code_text(160), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_customers_organization_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_customers_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(
        "ix_customers_blocked",
        "customers",
        ["sort_name", "id"],
        unique=False,
        postgresql_where=sa.text("blocked"),
        sqlite_where=sa.text("blocked = 1"),
    )
    op.create_index(
        "ix_customers_organization_id",
        "customers",
        ["organization_id", "sort_name", "id"],
        unique=False,
    )
    op.create_index(
        "ix_customers_owner_id", "customers", ["owner_id", "sort_name", "id"], unique=False
    )
    op.create_index("ix_customers_sort", "customers", ["sort_name", "id"], unique=False)
    op.create_index(
        "ix_customers_unconfirmed",
        "customers",
        ["sort_name", "id"],
        unique=False,
        postgresql_where=sa.text("NOT confirmed"),
        sqlite_where=sa.text("confirmed = 0"),
    )
    op.create_index(
        "ix_customers_vip",
        "customers",
        ["sort_name", "id"],
        unique=False,
        postgresql_where=sa.text("vip_level > 0"),
        sqlite_where=sa.text("vip_level > 0"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_idempotency_keys_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )
    op.create_table(
        "customer_words",
        sa.Column("word", types.code_text(64), nullable=False),
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_words_customer_id")
        ),
        sa.PrimaryKeyConstraint("word", "customer_id", name=op.f("pk_customer_words")),
    )
    op.create_index(
        "ix_customer_words_customer_id", "customer_words", ["customer_id"], unique=False
    )
    op.create_table(
        "interactions",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("channel", sa.String(length=16), server_default="call", nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("number", types.code_text(16), nullable=False),
        sa.Column("number_raw", sa.String(length=80), nullable=False),
        sa.Column("number_kind", sa.String(length=16), nullable=False),
        sa.Column("dialed", sa.String(length=80), nullable=False),
        sa.Column("queue", sa.String(length=80), nullable=False),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("match", sa.String(length=16), nullable=False),
        sa.Column("operator_id", types.Id, nullable=True),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("wait_seconds", sa.Float(), nullable=True),
        sa.Column("talk_seconds", sa.Float(), nullable=False),
        sa.Column("hold_seconds", sa.Float(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_interactions_call_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_interactions_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["users.id"], name=op.f("fk_interactions_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interactions")),
        sa.UniqueConstraint("call_id", name=op.f("uq_interactions_call_id")),
    )
    op.create_index(
        "ix_interactions_customer_id",
        "interactions",
        ["customer_id", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_interactions_number", "interactions", ["number", "started_at", "id"], unique=False
    )
    op.create_index(
        "ix_interactions_operator_id",
        "interactions",
        ["operator_id", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_interactions_queue", "interactions", ["queue", "started_at", "id"], unique=False
    )
    op.create_index(
        "ix_interactions_result", "interactions", ["result", "started_at", "id"], unique=False
    )
    op.create_index(
        "ix_interactions_started_at", "interactions", ["started_at", "id"], unique=False
    )
    op.create_table(
        "invoices",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", types.Money, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_invoices_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
    )
    op.create_index("ix_invoices_customer_id", "invoices", ["customer_id"], unique=False)
    op.create_index(
        "ix_invoices_unpaid",
        "invoices",
        ["customer_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("paid_on IS NULL"),
        sqlite_where=sa.text("paid_on IS NULL"),
    )
    op.create_table(
        "orders",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("amount_minor", types.Money, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_orders_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index("ix_orders_customer_id", "orders", ["customer_id", "status"], unique=False)
    op.create_table(
        "phone_numbers",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("e164", types.code_text(16), nullable=False),
        sa.Column("extension", sa.String(length=8), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=8), server_default="other", nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("raw", sa.String(length=80), server_default="", nullable=False),
        sa.Column("reversed_digits", types.code_text(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_phone_numbers_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_numbers")),
        sa.UniqueConstraint(
            "customer_id",
            "e164",
            "extension",
            name=op.f("uq_phone_numbers_customer_id_e164_extension"),
        ),
    )
    op.create_index("ix_phone_numbers_e164", "phone_numbers", ["e164"], unique=False)
    op.create_index(
        "ix_phone_numbers_reversed_digits", "phone_numbers", ["reversed_digits"], unique=False
    )
    op.create_table(
        "interaction_candidates",
        sa.Column("interaction_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_interaction_candidates_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_interaction_candidates_interaction_id"),
        ),
        sa.PrimaryKeyConstraint(
            "interaction_id", "customer_id", name=op.f("pk_interaction_candidates")
        ),
    )
    op.create_table(
        "notes",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("interaction_id", types.Id, nullable=True),
        sa.Column("customer_id", types.Id, nullable=True),
        sa.Column("author_id", types.Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_notes_author_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_notes_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_notes_interaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_customer_id"), "notes", ["customer_id"], unique=False)
    op.create_index(op.f("ix_notes_interaction_id"), "notes", ["interaction_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_notes_interaction_id"), table_name="notes")
    op.drop_index(op.f("ix_notes_customer_id"), table_name="notes")
    op.drop_table("notes")
    op.drop_table("interaction_candidates")
    op.drop_index("ix_phone_numbers_reversed_digits", table_name="phone_numbers")
    op.drop_index("ix_phone_numbers_e164", table_name="phone_numbers")
    op.drop_table("phone_numbers")
    op.drop_index("ix_orders_customer_id", table_name="orders")
    op.drop_table("orders")
    op.drop_index(
        "ix_invoices_unpaid",
        table_name="invoices",
        postgresql_where=sa.text("paid_on IS NULL"),
        sqlite_where=sa.text("paid_on IS NULL"),
    )
    op.drop_index("ix_invoices_customer_id", table_name="invoices")
    op.drop_table("invoices")
    op.drop_index("ix_interactions_started_at", table_name="interactions")
    op.drop_index("ix_interactions_result", table_name="interactions")
    op.drop_index("ix_interactions_queue", table_name="interactions")
    op.drop_index("ix_interactions_operator_id", table_name="interactions")
    op.drop_index("ix_interactions_number", table_name="interactions")
    op.drop_index("ix_interactions_customer_id", table_name="interactions")
    op.drop_table("interactions")
    op.drop_index("ix_customer_words_customer_id", table_name="customer_words")
    op.drop_table("customer_words")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_index(
        "ix_customers_vip",
        table_name="customers",
        postgresql_where=sa.text("vip_level > 0"),
        sqlite_where=sa.text("vip_level > 0"),
    )
    op.drop_index(
        "ix_customers_unconfirmed",
        table_name="customers",
        postgresql_where=sa.text("NOT confirmed"),
        sqlite_where=sa.text("confirmed = 0"),
    )
    op.drop_index("ix_customers_sort", table_name="customers")
    op.drop_index("ix_customers_owner_id", table_name="customers")
    op.drop_index("ix_customers_organization_id", table_name="customers")
    op.drop_index(
        "ix_customers_blocked",
        table_name="customers",
        postgresql_where=sa.text("blocked"),
        sqlite_where=sa.text("blocked = 1"),
    )
    op.drop_table("customers")
    op.drop_index("ix_call_legs_user_id", table_name="call_legs")
    op.drop_table("call_legs")
    op.drop_index(op.f("ix_call_channels_call_id"), table_name="call_channels")
    op.drop_table("call_channels")
    op.drop_index(op.f("ix_api_tokens_user_id"), table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_table("agents")
    op.drop_table("users")
    op.drop_index("ix_routing_decisions_uniqueid", table_name="routing_decisions")
    op.drop_table("routing_decisions")
    op.drop_table("pbx_links")
    op.drop_index("ix_organizations_sort", table_name="organizations")
    op.drop_table("organizations")
    op.drop_index("ix_calls_started_at", table_name="calls")
    op.drop_index(
        "ix_calls_live",
        table_name="calls",
        postgresql_where=sa.text("live"),
        sqlite_where=sa.text("live = 1"),
    )
    op.drop_table("calls")
    op.drop_index("ix_audit_log_object", table_name="audit_log")
    op.drop_index(op.f("ix_audit_log_at"), table_name="audit_log")
    op.drop_table("audit_log")
