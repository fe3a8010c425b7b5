"""Routing decisions that were made: of one call, and of a time; the names that explain them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, tuple_

from callcenter.fields.definition import FieldDef
from callcenter.queries import fields
from callcenter.queries.views import RoutingView
from callcenter.store import archive
from callcenter.store.tables import (
    calendars,
    call_channels,
    menus,
    prompts,
    queue_settings,
    routing_decisions,
    routing_versions,
    segments,
    tags,
    users,
)

_ONE_CALLS = 20
"""A call asks at most five times, and each of its channels may be a call of its own before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteNames:
    """What ids and keys in a decision are called: people by id and by extension."""

    people: Mapping[int, str] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[int, str] = field(default_factory=dict)
    segments: Mapping[int, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)
    menus: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, FieldDef] = field(default_factory=dict)
    """The company's own lists: `status`, `segment`."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Titles by the rules' names, of the versions that were asked for; the newest first."""

    def with_rules(self, titles: Mapping[str, str]) -> RouteNames:
        return replace(self, rules={**self.rules, **titles})


@archive.steadily
def of_call(connection: Connection, call_id: str) -> tuple[RoutingView, ...]:
    """Every stage of a call in order: how it came in, what a menu or an overflow asked."""
    channels: Any = select(call_channels.c.uniqueid, call_channels.c.pbx).where(
        call_channels.c.call_id == call_id
    )
    source = archive.source_of_call(connection, call_id)
    if source is not connection:
        channels = [tuple(row) for row in source.execute(channels)]
    table = routing_decisions.c
    rows = connection.execute(
        _decisions()
        .where(tuple_(table.uniqueid, table.pbx).in_(channels))
        .order_by(routing_decisions.c.id)
        .limit(_ONE_CALLS)
    )
    return tuple(RoutingView(**row._mapping) for row in rows)


def by_ids(connection: Connection, ids: list[int]) -> dict[int, RoutingView]:
    rows = connection.execute(
        _decisions(routing_decisions.c.id).where(routing_decisions.c.id.in_(ids))
    ).mappings()
    return {
        row["id"]: RoutingView(**{name: row[name] for name in row if name != "id"}) for row in rows
    }


def since(connection: Connection, moment: datetime) -> tuple[int, int, int]:
    """(id before the first, last id, how many) of the decisions since then."""
    row = connection.execute(
        select(
            func.min(routing_decisions.c.id),
            func.max(routing_decisions.c.id),
            func.count(),
        ).where(routing_decisions.c.decided_at >= moment)
    ).one()
    return (row[0] or 1) - 1, row[1] or 0, row[2]


def names(connection: Connection, versions: Iterable[int | None] = ()) -> RouteNames:
    people = connection.execute(select(users.c.id, users.c.extension, users.c.display_name)).all()

    def titles(table: Any, key: str, title: str) -> dict[Any, str]:
        rows = connection.execute(select(table.c[key], table.c[title]))
        return {row[0]: row[1] for row in rows if row[1]}

    return RouteNames(
        people={row.id: row.display_name for row in people},
        extensions={row.extension: row.display_name for row in people if row.extension},
        tags=titles(tags, "id", "name"),
        segments=titles(segments, "id", "name"),
        queues=titles(queue_settings, "name", "title"),
        calendars=titles(calendars, "key", "title"),
        menus=titles(menus, "key", "title"),
        prompts=titles(prompts, "key", "title"),
        choices=fields.choices(connection),
        rules=_rule_titles(connection, {one for one in versions if one is not None}),
    )


def _rule_titles(connection: Connection, versions: set[int]) -> dict[str, str]:
    if not versions:
        return {}
    wanted = (
        select(routing_versions.c.rules)
        .where(routing_versions.c.number.in_(versions))
        .order_by(routing_versions.c.number)
    )
    return {
        rule["name"]: rule["title"]
        for rules in connection.scalars(wanted)
        for rule in rules
        if rule.get("title")
    }


def _decisions(*more: Any) -> Select[Any]:
    columns = (c for c in routing_decisions.c if c.name not in ("id", "pbx", "uniqueid"))
    return select(*more, *columns).select_from(routing_decisions)
