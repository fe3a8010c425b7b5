"""The routing rules as they are live, as they are being changed, and as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from callcenter.routing.rules import FIRST_RULES, Rule
from callcenter.routing.versions import RulesVersion
from callcenter.store import routing_rows
from callcenter.store.tables import routing_versions, users

FIRST_NUMBER = 1
"""What a call centre begins with, stored or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One line of the list of versions."""

    number: int
    live: bool
    note: str
    published_at: datetime | None
    published_by: str
    rules: int


def live_stamp(connection: Connection) -> tuple[int, int] | None:
    """Another one whenever something was published: for who asks every second."""
    row = connection.execute(
        select(routing_versions.c.id, routing_versions.c.number).where(
            routing_versions.c.state == routing_rows.LIVE
        )
    ).first()
    return (row.id, row.number) if row is not None else None


def live(connection: Connection) -> RulesVersion | None:
    """None before anything was changed: the first rules are live then."""
    return routing_rows.in_state(connection, routing_rows.LIVE)


def live_rules(connection: Connection) -> tuple[tuple[Rule, ...], int]:
    found = live(connection)
    return (found.rules, found.number) if found is not None else (FIRST_RULES, FIRST_NUMBER)


def draft(connection: Connection) -> RulesVersion | None:
    return routing_rows.in_state(connection, routing_rows.DRAFT)


def by_number(connection: Connection, number: int) -> RulesVersion | None:
    return routing_rows.by_number(connection, number)


def published(connection: Connection, before: int | None, limit: int) -> list[VersionLine]:
    """The newest first; `before` is the last number of the page before."""
    row = routing_versions.c
    query = (
        select(routing_versions, users.c.display_name)
        .select_from(routing_versions.outerjoin(users, users.c.id == row.published_by))
        .where(row.state != routing_rows.DRAFT, row.number > 0)
        .order_by(row.number.desc(), row.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(row.number < before)
    return [
        VersionLine(
            number=one.number,
            live=one.state == "live",
            note=one.note,
            published_at=one.published_at,
            published_by=one.display_name or "",
            rules=len(one.rules),
        )
        for one in connection.execute(query)
    ]
