"""The database's tables, as SQLAlchemy Core. What they mean is decided elsewhere; the migrations
in `store/migrations` create exactly these (a test compares them).

Instants are aware UTC, money is in minor units beside its currency, seconds are floats.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from callcenter.store.types import Id, Money, UtcDateTime, code_text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _partial(name: str, where: str, *columns: str, sqlite: str = "") -> Index:
    """An index of the rows `where` holds for. SQLite uses it only for a condition written alike."""
    return Index(name, *columns, postgresql_where=text(where), sqlite_where=text(sqlite or where))


# --- people who work here -------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("display_name", String(120), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("endpoint", String(80), nullable=False, server_default=""),
    Column("extension", String(16), nullable=False, server_default=""),
    Column("locale", String(8), nullable=False, server_default="en"),
    Column("time_zone", String(64), nullable=False, server_default="UTC"),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("session_epoch", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(80), nullable=False, server_default=""),
    Column("since", UtcDateTime, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", String(255), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("user_id", Id),
    Column("action", String(40), nullable=False),
    Column("object_type", String(40), nullable=False),
    Column("object_id", String(120), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_log_object", "object_type", "object_id"),
)

# --- people who call ------------------------------------------------------------------------

organizations = Table(
    "organizations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(160), nullable=False),
    Column("tax_id", String(32), nullable=False, server_default=""),
    Column("region", String(2), nullable=False, server_default=""),
    Column("city", String(80), nullable=False, server_default=""),
    Column("notes", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    # Folded: "the organisation of that name" is asked for in any case.
    Column("sort_name", code_text(160), nullable=False),
    Index("ix_organizations_sort", "sort_name", "id"),
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
    Column("email", String(160), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("city", String(80), nullable=False, server_default=""),
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
    Index("ix_customers_sort", "sort_name", "id"),
    Index("ix_customers_organization_id", "organization_id", "sort_name", "id"),
    Index("ix_customers_owner_id", "owner_id", "sort_name", "id"),
    # The short lists that people open: a list of few must not be looked for among all.
    _partial("ix_customers_vip", "vip_level > 0", "sort_name", "id"),
    _partial("ix_customers_blocked", "blocked", "sort_name", "id", sqlite="blocked = 1"),
    _partial(
        "ix_customers_unconfirmed", "NOT confirmed", "sort_name", "id", sqlite="confirmed = 0"
    ),
)

# The words of a customer's names, folded (case, accents, ё): a prefix search is an index range.
customer_words = Table(
    "customer_words",
    metadata,
    Column("word", code_text(64), primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
    Index("ix_customer_words_customer_id", "customer_id"),
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
    UniqueConstraint("customer_id", "e164", "extension"),
    Index("ix_phone_numbers_e164", "e164"),
    Index("ix_phone_numbers_reversed_digits", "reversed_digits"),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("title", String(160), nullable=False),
    Column("amount_minor", Money, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("status", String(16), nullable=False),
    Column("placed_on", Date, nullable=False),
    Index("ix_orders_customer_id", "customer_id", "status"),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("amount_minor", Money, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("paid_on", Date),
    # Overdue is asked at every ring: only what is unpaid is in this index.
    _partial("ix_invoices_unpaid", "paid_on IS NULL", "customer_id", "due_on"),
    Index("ix_invoices_customer_id", "customer_id"),
)

# --- calls and what they leave ----------------------------------------------------------------
# Names that the PBX gives (ids) are keys and never cut; other text is cut to its column.

calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("pbx", String, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("direction", String(8), nullable=False),
    Column("result", String(16), nullable=False),
    Column("started_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("caller_number", String(80), nullable=False),
    Column("caller_name", String(120), nullable=False),
    Column("dialed", String(80), nullable=False),
    Column("trunk", String(80), nullable=False),
    Column("route", String(80), nullable=False),
    Column("queue", String(80), nullable=False),
    Column("wait_seconds", Float),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    Column("park_seconds", Float, nullable=False, server_default="0"),
    Column("end_seen", Boolean, nullable=False, server_default=true()),
    Column("hangup_by", String(120), nullable=False),
    Column("hangup_cause", Integer),
    Column("record", JSON, nullable=False),
    Column("merged_into", String),
    # When the ledger had its say: it confirmed the call or corrected it.
    Column("settled_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    _partial("ix_calls_live", "live", "pbx", "started_at", sqlite="live = 1"),
    Index("ix_calls_started_at", "started_at"),
    # How many calls of a day the ledger has confirmed, counted without opening a row.
    Index("ix_calls_settled_at", "started_at", "merged_into", "settled_at"),
)

call_channels = Table(
    "call_channels",
    metadata,
    # In this order: a look-up by uniqueids must not read every channel of a PBX. The call is part
    # of the key, since a PBX that was made anew gives its old uniqueids again, years later.
    Column("uniqueid", String, primary_key=True),
    Column("pbx", String, primary_key=True),
    Column("call_id", String, ForeignKey("calls.id"), primary_key=True, index=True),
    # When that call was, roughly: tells apart the calls of two lives of a PBX.
    Column("at", UtcDateTime, nullable=False),
)

call_legs = Table(
    "call_legs",
    metadata,
    Column("call_id", String, ForeignKey("calls.id"), primary_key=True),
    Column("uniqueid", String, primary_key=True),
    Column("channel", String(120), nullable=False),
    Column("endpoint", String(80), nullable=False),
    Column("number", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("user_id", Id),
    Column("ringing_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("result", String(16), nullable=False),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    Column("wrap_up_seconds", Float, nullable=False, server_default="0"),
    Index("ix_call_legs_user_id", "user_id", "ringing_at"),
)

interactions = Table(
    "interactions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False, server_default="call"),
    # One call, one interaction: the constraint, not the code, is the last word.
    Column("call_id", String, ForeignKey("calls.id"), unique=True),
    Column("direction", String(8), nullable=False),
    Column("result", String(16), nullable=False),
    Column("number", code_text(16), nullable=False),
    Column("number_raw", String(80), nullable=False),
    Column("number_kind", String(16), nullable=False),
    Column("dialed", String(80), nullable=False),
    Column("queue", String(80), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("match", String(16), nullable=False),
    Column("operator_id", Id, ForeignKey("users.id")),
    Column("started_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("wait_seconds", Float),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("ring_seconds", Float, nullable=False, server_default="0"),
    # How many fields of its call the ledger has mended.
    Column("repairs", Integer, nullable=False, server_default="0"),
    Column("explanation", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_interactions_customer_id", "customer_id", "started_at", "id"),
    Index("ix_interactions_number", "number", "started_at", "id"),
    Index("ix_interactions_started_at", "started_at", "id"),
    Index("ix_interactions_operator_id", "operator_id", "started_at", "id"),
    Index("ix_interactions_result", "result", "started_at", "id"),
    Index("ix_interactions_queue", "queue", "started_at", "id"),
    _partial("ix_interactions_repaired", "repairs > 0", "started_at", "id"),
)

interaction_candidates = Table(
    "interaction_candidates",
    metadata,
    Column(
        "interaction_id", Id, ForeignKey("interactions.id"), primary_key=True, autoincrement=False
    ),
    Column("customer_id", Id, ForeignKey("customers.id"), primary_key=True, autoincrement=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("interaction_id", Id, ForeignKey("interactions.id"), index=True),
    Column("customer_id", Id, ForeignKey("customers.id"), index=True),
    Column("author_id", Id, ForeignKey("users.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

routing_decisions = Table(
    "routing_decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pbx", String(80), nullable=False),
    Column("uniqueid", String(80), nullable=False),
    Column("number", String(80), nullable=False),
    Column("dialed", String(80), nullable=False),
    Column("route", String(80), nullable=False),
    Column("rule", String(80), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("failed_open", Boolean, nullable=False),
    Column("micros", Integer, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Index("ix_routing_decisions_uniqueid", "uniqueid", "pbx"),
)

pbx_links = Table(
    "pbx_links",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("detail", String(255), nullable=False, server_default=""),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("version", String(80), nullable=False, server_default=""),
)

# --- programs that call us --------------------------------------------------------------------

# A POST carrying an Idempotency-Key is done once per user: `status` is null while it is under way.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("body", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# --- what calls were made from, and the ledger --------------------------------------------------

# The raw events of calls, compressed. No foreign key: what explains a call must never cost it.
# `digest` tells parts of source "live" apart and is '' for the one part of source "ledger";
# `dated_at` is what retention counts from.
call_journal = Table(
    "call_journal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("call_id", String, nullable=False),
    Column("pbx", String(80), nullable=False),
    Column("source", String(8), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("started_at", UtcDateTime),
    Column("dated_at", UtcDateTime, nullable=False, index=True),
    Column("events", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("call_id", "source", "digest"),
)

# `digest` stands for (field, before, after, at): the texts may be longer than an index takes.
call_repairs = Table(
    "call_repairs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("call_id", String, ForeignKey("calls.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("cause", String(16), nullable=False),
    Column("field", String(80), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    UniqueConstraint("call_id", "digest"),
)

ledger_positions = Table(
    "ledger_positions",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("source", String(8), primary_key=True),
    Column("file_id", String(255), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("read_to", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

ledger_set_aside = Table(
    "ledger_set_aside",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pbx", String(80), nullable=False),
    Column("source", String(8), nullable=False),
    Column("file", String(512), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("line", String(2000), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("pbx", "source", "file", "position"),
    Index("ix_ledger_set_aside_at", "at", "id"),
)

# How far each file of a forwarder has come here; its chunks go when they are read, this stays.
ledger_received = Table(
    "ledger_received",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("file_id", String(255), primary_key=True),
    Column("path", String(1024), nullable=False),
    Column("received_to", BigInteger, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)

ledger_inbox = Table(
    "ledger_inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("pbx", String(80), nullable=False),
    Column("file_id", String(255), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_ledger_inbox_pbx", "pbx", "id"),
)

# The system names a PBX has called itself by: a changed one is no other PBX's.
pbx_names = Table(
    "pbx_names",
    metadata,
    Column("pbx", String(80), primary_key=True),
    Column("system_name", String(80), primary_key=True),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
)

# What must not come back: a keyed hash of a number or of a call, and until when it counts. Who it
# was cannot be told from it.
erased = Table(
    "erased",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False, index=True),
)
