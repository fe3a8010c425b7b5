"""Payments and visits; what they say of a customer; how long things are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.store import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FIGURE_INDEXES = (
    ("abc", ("abc",)),
    ("rfm", ("rfm_r", "rfm_f", "rfm_m")),
    *(
        (name, (name,))
        for name in (
            "overdue_since",
            "overdue_minor",
            "lifetime_minor",
            "average_minor",
            "orders",
            "last_order_on",
            "last_visit_on",
            "visits_year",
            "last_talk_at",
            "last_contact_at",
        )
    ),
)


def upgrade() -> None:
    _widen_orders()
    _widen_invoices()
    _make_payments()
    _make_visits()
    _make_figures()
    _make_privacy()
    op.execute(
        "INSERT INTO payments (customer_id, invoice_id, number, amount_minor, currency, paid_on, "
        "created_at) SELECT customer_id, id, number, amount_minor, currency, paid_on, "
        "CURRENT_TIMESTAMP FROM invoices WHERE paid_on IS NOT NULL"
    )


def _widen_orders() -> None:
    with op.batch_alter_table("orders") as batch:
        batch.add_column(_text("source", 40))
        batch.drop_constraint("uq_orders_number", type_="unique")
        batch.create_unique_constraint("uq_orders_number_source", ["number", "source"])


def _widen_invoices() -> None:
    op.drop_index("ix_invoices_unpaid", table_name="invoices")
    with op.batch_alter_table("invoices") as batch:
        batch.add_column(sa.Column("issued_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("paid_minor", types.Money, server_default="0", nullable=False))
        batch.add_column(_no("cancelled"))
        batch.add_column(_text("source", 40))
        batch.drop_constraint("uq_invoices_number", type_="unique")
        batch.create_unique_constraint("uq_invoices_number_source", ["number", "source"])
    op.execute("UPDATE invoices SET paid_minor = amount_minor WHERE paid_on IS NOT NULL")
    op.create_index(
        "ix_invoices_unpaid",
        "invoices",
        ["customer_id", "due_on"],
        postgresql_where=sa.text("paid_on IS NULL AND NOT cancelled"),
        sqlite_where=sa.text("paid_on IS NULL AND cancelled = 0"),
    )


def _make_payments() -> None:
    op.create_table(
        "payments",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("invoice_id", types.Id, nullable=True),
        _text("number", 32),
        sa.Column("amount_minor", types.Money, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        _text("method", 40),
        _no("cancelled"),
        _text("source", 40),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        _of_customer("payments"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_payments_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    _number_is_unique("payments")
    op.create_index("ix_payments_customer_id", "payments", ["customer_id", "paid_on"])
    op.create_index("ix_payments_invoice_id", "payments", ["invoice_id"])


def _make_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        _text("number", 32),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        _text("place", 160),
        _text("note", 2000),
        _no("cancelled"),
        _text("source", 40),
        _of_customer("visits"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    _number_is_unique("visits")
    op.create_index("ix_visits_customer_id", "visits", ["customer_id", "at"])
    op.create_index("ix_visits_at", "visits", ["at"])


def _make_figures() -> None:
    op.create_table(
        "customer_figures",
        sa.Column("customer_id", types.Id, autoincrement=False, nullable=False),
        _text("currency", 3),
        _count("lifetime_minor", types.Money),
        _count("orders"),
        _count("average_minor", types.Money),
        sa.Column("first_order_on", sa.Date(), nullable=True),
        sa.Column("last_order_on", sa.Date(), nullable=True),
        _count("visits"),
        _count("visits_year"),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        _count("overdue_minor", types.Money),
        _text("overdue_currency", 3),
        sa.Column("overdue_since", sa.Date(), nullable=True),
        _count("rfm_r", sa.SmallInteger()),
        _count("rfm_f", sa.SmallInteger()),
        _count("rfm_m", sa.SmallInteger()),
        _text("abc", 1),
        sa.Column("last_contact_at", types.UtcDateTime(), nullable=True),
        sa.Column("last_talk_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        _of_customer("customer_figures"),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_figures")),
    )
    for name, columns in _FIGURE_INDEXES:
        op.create_index(
            f"ix_customer_figures_{name}", "customer_figures", [*columns, "customer_id"]
        )
    op.create_table(
        "figure_bounds",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("bound", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("currency", "measure", "place", name=op.f("pk_figure_bounds")),
    )


def _make_privacy() -> None:
    op.create_table(
        "retention_rules",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("done_until", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_rules")),
    )
    op.create_table(
        "privacy_jobs",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("customer_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.Column("taken_at", types.UtcDateTime(), nullable=True),
        _text("stored_as", 255),
        sa.Column("detail", sa.JSON(), nullable=False),
        _of_customer("privacy_jobs"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_privacy_jobs_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_jobs")),
    )
    op.create_index("ix_privacy_jobs_customer_id", "privacy_jobs", ["customer_id", "id"])
    op.create_index("ix_privacy_jobs_kind", "privacy_jobs", ["kind", "id"])
    op.create_index(
        "ix_privacy_jobs_open",
        "privacy_jobs",
        ["id"],
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_table(
        "doomed_files",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doomed_files")),
    )


def _number_is_unique(table: str) -> None:
    op.create_index(
        f"uq_{table}_number",
        table,
        ["number", "source"],
        unique=True,
        postgresql_where=sa.text("number <> ''"),
        sqlite_where=sa.text("number <> ''"),
    )


def _of_customer(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_customer_id")
    return sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=name)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _count(name: str, kind: sa.types.TypeEngine[int] | None = None) -> sa.Column[int]:
    return sa.Column(name, kind or sa.Integer(), server_default="0", nullable=False)


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
