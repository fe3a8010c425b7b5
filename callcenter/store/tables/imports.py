"""Files taken in and given out: how far each is, what could not be taken, remembered mappings."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    false,
)

from callcenter.store.tables.base import metadata, one_of, partial
from callcenter.store.types import Id, UtcDateTime, code_text

imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(255), nullable=False),
    Column("size", BigInteger, nullable=False, server_default="0"),
    # The file's name in the folder of imports; '' once it was removed.
    Column("stored_as", String(64), nullable=False, server_default=""),
    Column("state", String(16), nullable=False, server_default="draft"),
    Column("user_id", Id, ForeignKey("users.id")),
    Column("plan", JSON, nullable=False),
    Column("dry_run", Boolean, nullable=False, server_default=false()),
    # Records done: moves in the transaction that writes them, so that none is taken twice.
    Column("position", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    Column("created", BigInteger, nullable=False, server_default="0"),
    Column("updated", BigInteger, nullable=False, server_default="0"),
    Column("unchanged", BigInteger, nullable=False, server_default="0"),
    Column("failed", BigInteger, nullable=False, server_default="0"),
    Column("wanted", String(8), nullable=False, server_default=""),
    # Whose turn it is: a job that stands still for too long is another's to go on with.
    Column("turn", String(40), nullable=False, server_default=""),
    Column("batch_id", Id),
    Column("problem", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    one_of("state", "draft", "queued", "running", "paused", "done", "failed", "undone"),
    Index("ix_imports_state", "state", "id"),
    Index("ix_imports_user_id", "user_id", "id"),
)

import_errors = Table(
    "import_errors",
    metadata,
    Column("import_id", Id, ForeignKey("imports.id"), primary_key=True, autoincrement=False),
    # Which record of the file, the first is 1.
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("line", BigInteger, nullable=False, server_default="0"),
    Column("cells", JSON, nullable=False),
    # [[column's header, message]…]
    Column("problems", JSON, nullable=False),
)

# What was chosen for files of this header the last time.
import_mappings = Table(
    "import_mappings",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("signature", String(64), primary_key=True),
    Column("plan", JSON, nullable=False),
    Column("user_id", Id, ForeignKey("users.id")),
    Column("used_at", UtcDateTime, nullable=False),
)

# Under which id another system knows a record of ours.
external_ids = Table(
    "external_ids",
    metadata,
    Column("object", String(16), primary_key=True),
    Column("external_id", code_text(120), primary_key=True),
    Column("object_id", Id, nullable=False),
    Index("ix_external_ids_object_id", "object", "object_id"),
)

exports = Table(
    "exports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("format", String(8), nullable=False),
    Column("state", String(16), nullable=False, server_default="queued"),
    Column("user_id", Id, ForeignKey("users.id")),
    Column("plan", JSON, nullable=False),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("stored_as", String(64), nullable=False, server_default=""),
    Column("turn", String(40), nullable=False, server_default=""),
    Column("problem", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    one_of("state", "queued", "running", "done", "failed"),
    Index("ix_exports_state", "state", "id"),
    Index("ix_exports_user_id", "user_id", "id"),
    partial("ix_exports_kept", "stored_as != ''", "stored_as"),
)
