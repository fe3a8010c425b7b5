"""The archive's months as their page shows them, and how long calls stay in the database."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.archive.months import Month
from callcenter.store import archive
from callcenter.store.tables import archive_rules


def all(connection: Connection) -> tuple[Month, ...]:  # noqa: A001 (the caller says archive_months.all)
    """The oldest first."""
    return tuple(archive.months(connection))


def rule(connection: Connection) -> int | None:
    """How many whole months stay; None: all of them."""
    query = select(archive_rules.c.months).where(archive_rules.c.kind == "call")
    found: int | None = connection.scalar(query)
    return found
