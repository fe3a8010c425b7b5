"""Calendars of business hours as they are stored: for decisions, pages and whoever plans ahead."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from callcenter.hours.timetable import Timetable
from callcenter.store.hours_rows import all_calendars, get, open_closures
from callcenter.store.tables import calendars, closures

__all__ = ["all_calendars", "get", "load", "open_closures", "stamp"]


def load(connection: Connection, now: datetime) -> Timetable:
    """Every calendar, and the closures that are not over."""
    stamped = stamp(connection)
    return Timetable(all_calendars(connection), open_closures(connection, now), stamped)


def stamp(connection: Connection) -> str:
    """Another one after every change: one cheap statement, for who asks every second."""
    found = connection.execute(
        select(
            select(func.count()).select_from(calendars).scalar_subquery(),
            select(func.max(calendars.c.updated_at)).scalar_subquery(),
            select(func.max(closures.c.updated_at)).scalar_subquery(),
        )
    ).one()
    return "/".join(str(one) for one in found)
