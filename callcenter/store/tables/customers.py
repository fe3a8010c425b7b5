"""People who call, and their numbers."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, partial
from callcenter.store.types import Id, UtcDateTime, code_text

organizations = Table(
    "organizations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(160), nullable=False),
    Column("tax_id", code_text(32), nullable=False, server_default=""),
    Column("region", String(2), nullable=False, server_default=""),
    Column("city", String(80), nullable=False, server_default=""),
    Column("notes", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    # Folded: "the organisation of that name" is asked for in any case.
    Column("sort_name", code_text(160), nullable=False),
    Column("website", String(255), nullable=False, server_default=""),
    Column("email", String(255), nullable=False, server_default=""),
    Column("owner_id", Id, ForeignKey("users.id")),
    Column("updated_at", UtcDateTime),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("deleted_at", UtcDateTime),
    Index("ix_organizations_sort", "sort_name", "id"),
    Index("ix_organizations_tax_id", "tax_id"),
)

customers = Table(
    "customers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("display_name", String(160), nullable=False),
    Column("given_name", String(80), nullable=False, server_default=""),
    Column("family_name", String(80), nullable=False, server_default=""),
    Column("organization_id", Id, ForeignKey("organizations.id")),
    Column("position", String(80), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("city", code_text(80), nullable=False, server_default=""),
    Column("vip_level", Integer, nullable=False, server_default="0"),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    Column("block_reason", String(160), nullable=False, server_default=""),
    Column("owner_id", Id, ForeignKey("users.id")),
    Column("confirmed", Boolean, nullable=False, server_default=true()),
    Column("remarks", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("deleted_at", UtcDateTime),
    Column("sort_name", code_text(160), nullable=False),
    # Keys of choices that the company itself keeps (`custom_fields`, built in).
    Column("status", String(40), nullable=False, server_default=""),
    Column("segment", String(40), nullable=False, server_default=""),
    Column("time_zone", String(64), nullable=False, server_default=""),
    Column("preferences", JSON, nullable=False, server_default=text("'{}'")),
    Column("merged_into", Id, ForeignKey("customers.id")),
    # Why nothing of this person may be erased; empty when nothing forbids it.
    Column("legal_hold", String(255), nullable=False, server_default=""),
    Index("ix_customers_sort", "sort_name", "id"),
    Index("ix_customers_created_at", "created_at", "id"),
    Index("ix_customers_updated_at", "updated_at", "id"),
    Index("ix_customers_city", "city", "id"),
    Index("ix_customers_language", "language", "sort_name", "id"),
    Index("ix_customers_status", "status", "sort_name", "id"),
    Index("ix_customers_segment", "segment", "sort_name", "id"),
    partial("ix_customers_merged_into", "merged_into IS NOT NULL", "merged_into"),
    Index("ix_customers_organization_id", "organization_id", "sort_name", "id"),
    Index("ix_customers_owner_id", "owner_id", "sort_name", "id"),
    # All there are, without a look at their cards: who is missing from somewhere else.
    partial("ix_customers_there", "deleted_at IS NULL", "id"),
    # The short lists that people open: a list of few must not be looked for among all.
    partial("ix_customers_vip", "vip_level > 0", "sort_name", "id"),
    partial("ix_customers_blocked", "blocked", "sort_name", "id", sqlite="blocked = 1"),
    partial("ix_customers_unconfirmed", "NOT confirmed", "sort_name", "id", sqlite="confirmed = 0"),
)

# The words of a customer's names, folded (case, accents, ё), and their spelling keys
# (`callcenter.finding`): a prefix search is an index range.
customer_words = Table(
    "customer_words",
    metadata,
    Column("word", code_text(64), primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Index("ix_customer_words_customer_id", "customer_id", "word"),
)

phone_numbers = Table(
    "phone_numbers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("e164", code_text(16), nullable=False),
    Column("extension", String(8), nullable=False, server_default=""),
    Column("kind", String(8), nullable=False, server_default="other"),
    Column("is_primary", Boolean, nullable=False, server_default=false()),
    Column("raw", String(80), nullable=False, server_default=""),
    # The national digits backwards: "ends with" (a number without its country) is a range too.
    Column("reversed_digits", code_text(16), nullable=False),
    Column("invalid", Boolean, nullable=False, server_default=false()),
    Column("opted_out", Boolean, nullable=False, server_default=false()),
    # Several people answer there: the number alone never says who it is.
    Column("shared", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("customer_id", "e164", "extension"),
    Index("ix_phone_numbers_e164", "e164"),
    Index("ix_phone_numbers_reversed_digits", "reversed_digits"),
)
