"""Versions of the routing rules as rows and back."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, literal_column, select

from callcenter.routing.versions import RulesVersion, readable
from callcenter.store.tables import routing_versions

DRAFT: Final[ColumnElement[str]] = literal_column("'draft'")
LIVE: Final[ColumnElement[str]] = literal_column("'live'")


def in_state(connection: Connection, state: Any) -> RulesVersion | None:
    row = connection.execute(_all().where(routing_versions.c.state == state)).first()
    return version(row) if row is not None else None


def by_number(connection: Connection, number: int) -> RulesVersion | None:
    row = connection.execute(
        _all().where(routing_versions.c.number == number, routing_versions.c.state != DRAFT)
    ).first()
    return version(row) if row is not None else None


def version(row: Row[Any]) -> RulesVersion:
    values = dict(row._mapping)
    rules, unreadable = readable(values.pop("rules"))
    return RulesVersion(rules=rules, unreadable=unreadable, **values)


def _all() -> Select[Any]:
    return select(*(one for one in routing_versions.c))
