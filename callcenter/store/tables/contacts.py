"""How people and organisations are reached, and who belongs where."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    false,
)

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime, code_text

# The main organisation is customers.organization_id; these are the further ones.
memberships = Table(
    "memberships",
    metadata,
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Column(
        "organization_id",
        Id,
        ForeignKey("organizations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("role", String(80), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_memberships_organization_id", "organization_id", "customer_id"),
)

# Switchboards: whoever calls from one is somebody of that organisation, nobody knows who.
organization_phones = Table(
    "organization_phones",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("e164", code_text(16), nullable=False),
    Column("extension", String(8), nullable=False, server_default=""),
    Column("label", String(80), nullable=False, server_default=""),
    Column("reversed_digits", code_text(16), nullable=False),
    UniqueConstraint("organization_id", "e164", "extension"),
    Index("ix_organization_phones_e164", "e164"),
    Index("ix_organization_phones_reversed_digits", "reversed_digits"),
)

contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("value", String(255), nullable=False),
    # Folded: one mail address however it is written.
    Column("value_key", code_text(255), nullable=False),
    Column("label", String(8), nullable=False, server_default="other"),
    Column("is_primary", Boolean, nullable=False, server_default=false()),
    Column("invalid", Boolean, nullable=False, server_default=false()),
    Column("opted_out", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("customer_id", "kind", "value_key"),
    one_of("kind", "email", "telegram", "whatsapp", "viber", "messenger", "site"),
    Index("ix_contact_points_kind", "kind", "value_key"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("organization_id", Id, ForeignKey("organizations.id")),
    Column("kind", String(16), nullable=False, server_default="other"),
    Column("street", String(255), nullable=False, server_default=""),
    Column("postal_code", String(16), nullable=False, server_default=""),
    Column("city", String(80), nullable=False, server_default=""),
    Column("region", String(80), nullable=False, server_default=""),
    Column("country", String(2), nullable=False, server_default=""),
    Column("is_primary", Boolean, nullable=False, server_default=false()),
    CheckConstraint("(customer_id IS NULL) <> (organization_id IS NULL)", name="of_one"),
    Index("ix_addresses_customer_id", "customer_id"),
    Index("ix_addresses_organization_id", "organization_id"),
)
