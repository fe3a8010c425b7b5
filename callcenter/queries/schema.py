"""Whether the database has the schema that this code is written for."""

from __future__ import annotations

from functools import cache

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from callcenter.store import migrate


def outdated(connection: Connection) -> str:
    """'' when it has; else what is wrong, in words."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found == _head():
        return ""
    if found is None:
        return "the database is empty"
    return f"the database is at revision {found}, this program needs {_head()}"


@cache
def _head() -> str:
    return migrate.head()
