"""Business hours of the demo company: an office week with a short day, and a line day and night."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from callcenter.hours.calendar import Calendar, Interval, SpecialDay, Week
from callcenter.ports import UnitOfWork

_OFFICE: Week = ((Interval(8 * 60, 20 * 60),),) * 5 + ((Interval(10 * 60, 16 * 60),), ())
_ALWAYS: Week = ((Interval(0, 24 * 60),),) * 7


def add_hours(uow: UnitOfWork, now: datetime, region: str, zone: str) -> None:
    office = Calendar(key="office", title="Office", time_zone=zone, week=_OFFICE, country=region)
    uow.hours.add(office, now)
    always = Calendar(key="day-and-night", title="Day and night", time_zone=zone, week=_ALWAYS)
    uow.hours.add(always, now)
    kept = uow.hours.get("office")
    if kept is None:
        return
    today = now.astimezone(ZoneInfo(zone)).date()
    eve = date(today.year, 12, 31)
    short = SpecialDay(
        day=eve, kind="open", intervals=(Interval(8 * 60, 13 * 60),), title="New Year's Eve"
    )
    uow.hours.set_day(kept, short, now)
