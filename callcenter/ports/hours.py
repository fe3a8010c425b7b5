"""When we are there: calendars and closures, as they are written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from callcenter.hours.calendar import Calendar, Closure, SpecialDay
from callcenter.hours.timetable import Timetable


class Hours(Protocol):
    """Every write is seen by whoever asks `queries.hours.stamp`."""

    def get(self, key: str) -> Calendar | None: ...

    def timetable(self, at: datetime) -> Timetable:
        """Every calendar, with the closures that were not over then."""
        ...

    def keys(self) -> frozenset[str]: ...

    def add(self, calendar: Calendar, at: datetime) -> None: ...

    def save(self, calendar: Calendar, at: datetime) -> None:
        """All but its key and its special days."""
        ...

    def remove(self, calendar: Calendar) -> None:
        """With its days and closures."""
        ...

    def set_day(self, calendar: Calendar, day: SpecialDay, at: datetime) -> None:
        """In place of what was said of this day."""
        ...

    def remove_day(self, calendar: Calendar, day: date, at: datetime) -> None: ...

    def close(self, closure: Closure, *, created_by: int | None, at: datetime) -> int:
        """The closure's id."""
        ...

    def closure(self, closure_id: int) -> Closure | None: ...

    def end_closure(self, closure: Closure, at: datetime) -> None:
        """From now on it is over; one that had not begun never was."""
        ...
