"""What is kept about customers beside their card: tags, consents, files, fields of one's own."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
    true,
)

from callcenter.store.tables.base import metadata, one_of
from callcenter.store.types import Id, UtcDateTime, code_text

tags = Table(
    "tags",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(64), nullable=False),
    # Folded: “VIP” and “vip” are one tag.
    Column("tag_key", code_text(64), nullable=False, unique=True),
    Column("tone", String(16), nullable=False, server_default=""),
)

customer_tags = Table(
    "customer_tags",
    metadata,
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Column("tag_id", Id, ForeignKey("tags.id"), primary_key=True, autoincrement=False),
    Index("ix_customer_tags_tag_id", "tag_id", "customer_id"),
)

# Only ever added to: the latest of a channel counts, and how it came to be stays provable.
consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("source", String(80), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("user_id", Id, ForeignKey("users.id")),
    Column("note", String(255), nullable=False, server_default=""),
    one_of("channel", "call", "sms", "email", "messenger", "post"),
    Index("ix_consents_customer_id", "customer_id", "channel", "at"),
    Index("ix_consents_channel", "channel", "given", "customer_id"),
)

# What a file says stands on the disk, under `stored_as`.
files = Table(
    "files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("interaction_id", Id, ForeignKey("interactions.id")),
    Column("name", String(255), nullable=False),
    Column("media_type", String(120), nullable=False, server_default=""),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("stored_as", String(80), nullable=False),
    Column("uploaded_by", Id, ForeignKey("users.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    Index("ix_files_customer_id", "customer_id", "id"),
    Index("ix_files_interaction_id", "interaction_id"),
)

custom_fields = Table(
    "custom_fields",
    metadata,
    Column("id", Id, primary_key=True),
    Column("object", String(16), nullable=False),
    Column("key", code_text(40), nullable=False),
    Column("label", String(80), nullable=False),
    Column("labels", JSON, nullable=False, server_default=text("'{}'")),
    Column("kind", String(8), nullable=False),
    # Of a choice: [{key, label, labels}]; of money: [{key: currency}].
    Column("choices", JSON, nullable=False, server_default=text("'[]'")),
    Column("required", Boolean, nullable=False, server_default=false()),
    Column("sensitive", Boolean, nullable=False, server_default=false()),
    # A column of the record itself, of which only the choices are the company's own.
    Column("builtin", Boolean, nullable=False, server_default=false()),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("object", "key"),
    one_of("object", "customer", "organization", "deal"),
    one_of("kind", "text", "number", "money", "date", "choice", "link"),
)

# One of three columns, by the field's kind: `number` is money in minor units, and any other
# number in millionths, so that both databases compare it alike.
custom_values = Table(
    "custom_values",
    metadata,
    Column("object_id", Id, primary_key=True, autoincrement=False),
    Column("field_id", Id, ForeignKey("custom_fields.id"), primary_key=True, autoincrement=False),
    Column("text", code_text(255), nullable=False, server_default=""),
    Column("number", BigInteger),
    Column("day", Date),
    Index("ix_custom_values_text", "field_id", "text", "object_id"),
    Index("ix_custom_values_number", "field_id", "number", "object_id"),
    Index("ix_custom_values_day", "field_id", "day", "object_id"),
)
