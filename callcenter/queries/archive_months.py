"""The archive's months as their page shows them, and how long calls stay in the database."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from callcenter.archive.months import Month
from callcenter.store import archive
from callcenter.store.tables import archive_returned, archive_rules, interactions


def all(connection: Connection) -> tuple[Month, ...]:  # noqa: A001 (the caller says archive_months.all)
    """The oldest first."""
    return tuple(archive.months(connection))


def erased_in(connection: Connection, months: Iterable[str]) -> dict[str, int]:
    """How many contacts of people who were erased still lie in the files of these months."""
    wanted = list(months)
    if not wanted:
        return {}
    back, row = archive_returned.c, interactions.c
    query = (
        select(back.month, func.count())
        .join(interactions, row.id == back.interaction_id)
        .where(back.month.in_(wanted), row.explanation["erased"].as_boolean())
        .group_by(back.month)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def rule(connection: Connection) -> int | None:
    """How many whole months stay; None: all of them."""
    query = select(archive_rules.c.months).where(archive_rules.c.kind == "call")
    found: int | None = connection.scalar(query)
    return found
