"""Calendars of business hours as they are stored: for decisions, pages and whoever plans ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from callcenter.hours.opening import next_opening
from callcenter.hours.timetable import Timetable
from callcenter.routing.conditions import KINDS
from callcenter.speech.builtin import BUILTIN
from callcenter.store.hours_rows import all_calendars, get, open_closures
from callcenter.store.tables import (
    calendars,
    closures,
    menu_versions,
    menus,
    pbx_numbers,
    prompts,
    routing_versions,
)

__all__ = ["CALENDAR_KINDS", "Timetable", "all_calendars", "get", "load", "open_closures", "stamp"]

CALENDAR_KINDS: Final = frozenset(name for name, kind in KINDS.items() if kind.of == "calendar")


def load(connection: Connection, now: datetime) -> Timetable:
    """Every calendar, and the closures that are not over. A message whose prompt is gone is left
    out: nobody could hear it."""
    stamped = stamp(connection)
    known = {"", *prompt_titles(connection)}
    closed = (
        one if one.message in known else replace(one, message="")
        for one in open_closures(connection, now)
    )
    return Timetable(all_calendars(connection), closed, stamped)


def prompt_titles(connection: Connection) -> dict[str, str]:
    """What a closure's callers may hear, by key: the company's own before the product's."""
    rows = connection.execute(select(prompts.c.key, prompts.c.title).order_by(prompts.c.key))
    own = {row.key: row.title for row in rows}
    return own | {key: "" for key in BUILTIN if key not in own}


def opening(connection: Connection, key: str, at: datetime) -> datetime | None:
    """When the calendar is open next; `at` itself where it is, or where there is none of the key;
    None for not within a year."""
    calendar = get(connection, key)
    return at if calendar is None else next_opening(calendar, open_closures(connection, at), at)


def stamp(connection: Connection) -> str:
    """Another one after every change: one cheap statement, for who asks every second."""
    found = connection.execute(
        select(
            select(func.count()).select_from(calendars).scalar_subquery(),
            select(func.max(calendars.c.updated_at)).scalar_subquery(),
            select(func.max(closures.c.updated_at)).scalar_subquery(),
            select(func.count()).select_from(prompts).scalar_subquery(),
        )
    ).one()
    return "/".join(str(one) for one in found)


def used_by(connection: Connection, key: str) -> tuple[str, ...]:
    """Names of rules and menus, live or in a draft, that ask this calendar: without it they would
    be skipped."""
    rules = select(routing_versions.c.rules).where(routing_versions.c.state.in_(("draft", "live")))
    menu_rows = select(menus.c.title, menu_versions.c.definition).select_from(
        menus.join(menu_versions, menu_versions.c.menu_id == menus.c.id)
    )
    found = [
        rule.get("title") or rule.get("name", "")
        for told in connection.scalars(rules)
        for rule in told
        if _names(rule.get("conditions"), key)
    ]
    numbers = select(pbx_numbers.c.number).where(pbx_numbers.c.calendar == key)
    found += connection.scalars(numbers)
    wanted = menu_rows.where(menu_versions.c.state.in_(("draft", "live")))
    found += [row.title for row in connection.execute(wanted) if _names(row.definition, key)]
    return tuple(sorted(set(found)))


def _names(told: Any, key: str) -> bool:
    """Anywhere within: conditions stand in groups, a menu's hours in its choices."""
    if isinstance(told, list):
        return any(_names(one, key) for one in told)
    if not isinstance(told, dict):
        return False
    here = told.get("calendar") == key or (
        told.get("of") == key and told.get("kind") in CALENDAR_KINDS
    )
    return here or any(_names(one, key) for one in told.values())
