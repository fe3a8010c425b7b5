"""Calendars of business hours as rows: what reads them and what writes them share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from callcenter.hours.calendar import Calendar, Closure, Interval, SpecialDay, week_from_json
from callcenter.store.tables import calendar_days, calendars, closures


def all_calendars(connection: Connection) -> tuple[Calendar, ...]:
    rows = connection.execute(
        select(calendars).order_by(calendars.c.position, calendars.c.id)
    ).mappings()
    days = _days_of(connection, select(calendar_days))
    return tuple(_calendar(row, days.get(row["id"], ())) for row in rows)


def get(connection: Connection, key: str) -> Calendar | None:
    row = connection.execute(select(calendars).where(calendars.c.key == key)).mappings().first()
    if row is None:
        return None
    mine = select(calendar_days).where(calendar_days.c.calendar_id == row["id"])
    return _calendar(row, _days_of(connection, mine).get(row["id"], ()))


def open_closures(connection: Connection, now: datetime) -> tuple[Closure, ...]:
    """Those that are going on or to come, the next first."""
    wanted = _closures().where(closures.c.ends_at > now)
    ordered = wanted.order_by(closures.c.ends_at, closures.c.id)
    return tuple(_closure(row) for row in connection.execute(ordered).mappings())


def closure(connection: Connection, closure_id: int) -> Closure | None:
    row = connection.execute(_closures().where(closures.c.id == closure_id)).mappings().first()
    return _closure(row) if row is not None else None


def _closures() -> Select[Any]:
    return select(closures, calendars.c.key.label("calendar_key")).select_from(
        closures.outerjoin(calendars)
    )


def _days_of(connection: Connection, statement: Select[Any]) -> dict[int, tuple[SpecialDay, ...]]:
    ordered = statement.order_by(
        calendar_days.c.calendar_id, calendar_days.c.day, calendar_days.c.open_from
    )
    kept: dict[int, dict[date, list[RowMapping]]] = {}
    for row in connection.execute(ordered).mappings():
        kept.setdefault(row["calendar_id"], {}).setdefault(row["day"], []).append(row)
    return {id_: tuple(map(_special, days.values())) for id_, days in kept.items()}


def _special(rows: Sequence[RowMapping]) -> SpecialDay:
    intervals = (Interval(one["open_from"], one["open_to"]) for one in rows if one["open_to"])
    first = rows[0]
    return SpecialDay(
        day=first["day"], kind=first["kind"], intervals=tuple(intervals), title=first["title"]
    )


def _calendar(row: RowMapping, days: Iterable[SpecialDay]) -> Calendar:
    return Calendar(
        id=row["id"],
        key=row["key"],
        title=row["title"],
        time_zone=row["time_zone"],
        week=week_from_json(row["week"]),
        country=row["country"],
        subdivision=row["subdivision"],
        observe_holidays=row["observe_holidays"],
        worked=frozenset(row["worked"]),
        special_days=tuple(days),
    )


def _closure(row: RowMapping) -> Closure:
    return Closure(
        id=row["id"],
        calendar=row["calendar_key"] or "",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        reason=row["reason"],
        message=row["message"],
    )
