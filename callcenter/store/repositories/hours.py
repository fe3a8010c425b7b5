"""Keeps calendars of business hours, their special days and closures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from callcenter.hours.calendar import Calendar, Closure, SpecialDay, week_to_json
from callcenter.hours.timetable import Timetable
from callcenter.store import hours_rows
from callcenter.store.tables import calendar_days, calendars, closures


class HoursRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> Calendar | None:
        return hours_rows.get(self._connection, key)

    def timetable(self, at: datetime) -> Timetable:
        every = hours_rows.all_calendars(self._connection)
        return Timetable(every, hours_rows.open_closures(self._connection, at))

    def keys(self) -> frozenset[str]:
        return frozenset(self._connection.scalars(select(calendars.c.key)))

    def add(self, calendar: Calendar, at: datetime) -> None:
        last = select(func.coalesce(func.max(calendars.c.position), 0) + 1).scalar_subquery()
        values = {"key": calendar.key, "position": last} | _columns(calendar, at)
        self._connection.execute(insert(calendars).values(values))

    def save(self, calendar: Calendar, at: datetime) -> None:
        self._connection.execute(
            update(calendars).where(calendars.c.id == calendar.id).values(_columns(calendar, at))
        )

    def remove(self, calendar: Calendar) -> None:
        for table in (calendar_days, closures):
            self._connection.execute(delete(table).where(table.c.calendar_id == calendar.id))
        self._connection.execute(delete(calendars).where(calendars.c.id == calendar.id))

    def set_day(self, calendar: Calendar, day: SpecialDay, at: datetime) -> None:
        self.remove_day(calendar, day.day, at)
        base: dict[str, Any] = {
            "calendar_id": calendar.id,
            "day": day.day,
            "kind": day.kind,
            "title": day.title,
        }
        rows = [base | {"open_from": one.opens, "open_to": one.closes} for one in day.intervals]
        self._connection.execute(insert(calendar_days), rows or [base])

    def remove_day(self, calendar: Calendar, day: date, at: datetime) -> None:
        that = (calendar_days.c.calendar_id == calendar.id) & (calendar_days.c.day == day)
        self._connection.execute(delete(calendar_days).where(that))
        self._touch(calendar, at)

    def close(self, closure: Closure, *, created_by: int | None, at: datetime) -> int:
        statement = insert(closures).values(
            calendar_id=select(calendars.c.id)
            .where(calendars.c.key == closure.calendar)
            .scalar_subquery(),
            starts_at=closure.starts_at,
            ends_at=closure.ends_at,
            reason=closure.reason,
            message=closure.message,
            created_by=created_by,
            updated_at=at,
        )
        made = self._connection.execute(statement.returning(closures.c.id))
        return int(made.scalar_one())

    def closure(self, closure_id: int) -> Closure | None:
        return hours_rows.closure(self._connection, closure_id)

    def end_closure(self, closure: Closure, at: datetime) -> None:
        self._connection.execute(
            update(closures)
            .where(closures.c.id == closure.id)
            .values(ends_at=at, starts_at=min(closure.starts_at, at), updated_at=at)
        )

    def _touch(self, calendar: Calendar, at: datetime) -> None:
        self._connection.execute(
            update(calendars).where(calendars.c.id == calendar.id).values(updated_at=at)
        )


def _columns(calendar: Calendar, at: datetime) -> dict[str, Any]:
    return {
        "title": calendar.title,
        "time_zone": calendar.time_zone,
        "week": week_to_json(calendar.week),
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "observe_holidays": calendar.observe_holidays,
        "worked": sorted(calendar.worked),
        "updated_at": at,
    }
