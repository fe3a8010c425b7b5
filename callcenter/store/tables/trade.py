"""What customers ordered, owe and paid, when they came, and what all of it says of them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    false,
)

from callcenter.store.tables.base import metadata, partial
from callcenter.store.types import Id, Money, UtcDateTime, code_text

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("number", code_text(32), nullable=False),
    Column("title", String(160), nullable=False),
    Column("amount_minor", Money, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("status", String(16), nullable=False),
    Column("placed_on", Date, nullable=False),
    # Which system told of it: two may count their papers alike.
    Column("source", String(40), nullable=False, server_default=""),
    UniqueConstraint("number", "source"),
    Index("ix_orders_customer_id", "customer_id", "status"),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("number", code_text(32), nullable=False),
    Column("amount_minor", Money, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("issued_on", Date),
    Column("due_on", Date, nullable=False),
    # The sum of its payments, and the day on which they made up the amount.
    Column("paid_minor", Money, nullable=False, server_default="0"),
    Column("paid_on", Date),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("source", String(40), nullable=False, server_default=""),
    UniqueConstraint("number", "source"),
    # Overdue is asked at every ring: only what is unpaid is in this index.
    partial(
        "ix_invoices_unpaid",
        "paid_on IS NULL AND NOT cancelled",
        "customer_id",
        "due_on",
        sqlite="paid_on IS NULL AND cancelled = 0",
    ),
    Index("ix_invoices_customer_id", "customer_id"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("invoice_id", Id, ForeignKey("invoices.id")),
    Column("number", String(32), nullable=False, server_default=""),
    Column("amount_minor", Money, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("method", String(40), nullable=False, server_default=""),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("source", String(40), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    partial("uq_payments_number", "number <> ''", "number", "source", unique=True),
    Index("ix_payments_customer_id", "customer_id", "paid_on"),
    Index("ix_payments_invoice_id", "invoice_id"),
)

visits = Table(
    "visits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("number", String(32), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("place", String(160), nullable=False, server_default=""),
    Column("note", String(2000), nullable=False, server_default=""),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("source", String(40), nullable=False, server_default=""),
    partial("uq_visits_number", "number <> ''", "number", "source", unique=True),
    Index("ix_visits_customer_id", "customer_id", "at"),
    Index("ix_visits_at", "at"),
)

# What `callcenter.trade` makes of all that: written with the facts, and by a nightly job for what
# time alone changes. Nobody without a fact or a contact has a row.
customer_figures = Table(
    "customer_figures",
    metadata,
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    # Of purchases; what was bought in other money is not added.
    Column("currency", String(3), nullable=False, server_default=""),
    Column("lifetime_minor", Money, nullable=False, server_default="0"),
    Column("orders", Integer, nullable=False, server_default="0"),
    Column("average_minor", Money, nullable=False, server_default="0"),
    Column("first_order_on", Date),
    Column("last_order_on", Date),
    Column("visits", Integer, nullable=False, server_default="0"),
    Column("visits_year", Integer, nullable=False, server_default="0"),
    Column("last_visit_on", Date),
    Column("overdue_minor", Money, nullable=False, server_default="0"),
    Column("overdue_currency", String(3), nullable=False, server_default=""),
    Column("overdue_since", Date),
    Column("rfm_r", SmallInteger, nullable=False, server_default="0"),
    Column("rfm_f", SmallInteger, nullable=False, server_default="0"),
    Column("rfm_m", SmallInteger, nullable=False, server_default="0"),
    Column("abc", String(1), nullable=False, server_default=""),
    Column("last_contact_at", UtcDateTime),
    Column("last_talk_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_customer_figures_abc", "abc", "customer_id"),
    Index("ix_customer_figures_overdue_since", "overdue_since", "customer_id"),
    Index("ix_customer_figures_overdue_minor", "overdue_minor", "customer_id"),
    Index("ix_customer_figures_lifetime_minor", "lifetime_minor", "customer_id"),
    Index("ix_customer_figures_average_minor", "average_minor", "customer_id"),
    Index("ix_customer_figures_orders", "orders", "customer_id"),
    Index("ix_customer_figures_last_order_on", "last_order_on", "customer_id"),
    Index("ix_customer_figures_last_visit_on", "last_visit_on", "customer_id"),
    Index("ix_customer_figures_visits_year", "visits_year", "customer_id"),
    Index("ix_customer_figures_rfm", "rfm_r", "rfm_f", "rfm_m", "customer_id"),
    Index("ix_customer_figures_last_talk_at", "last_talk_at", "customer_id"),
    Index("ix_customer_figures_last_contact_at", "last_contact_at", "customer_id"),
)

# Where one class ends and the next begins, of the whole base in one currency: with these a
# customer's classes follow from their own figures alone. Days are kept as ordinals.
figure_bounds = Table(
    "figure_bounds",
    metadata,
    Column("currency", String(3), primary_key=True),
    Column("measure", String(16), primary_key=True),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("bound", BigInteger, nullable=False),
)
