"""A report that goes out by mail: when next, of which days, and what is wrong with one. Pure.

A mail at 07:00 is about the whole day, week (Monday to Sunday) or month before, in the schedule's
own zone; where clocks skip its time, it goes at the first moment after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal

from callcenter.errors import Invalid
from callcenter.reporting import address
from callcenter.reporting.catalog import REPORTS
from callcenter.reports.periods import zone_of

Every = Literal["day", "week", "month"]
EVERY: Final[tuple[Every, ...]] = ("day", "week", "month")
FORMATS: Final = ("pdf", "xlsx", "csv")
MOST_RECIPIENTS: Final = 20
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_ADDRESS: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,}")
_DAY: Final = timedelta(days=1)
_RETRIES: Final = (1, 5, 15, 60, 180, 360, 720, 1440)
"""Minutes until a mail that a server did not take is tried again; then it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`words`: how its files and mails speak, as `reporting.language` keeps it; empty: English."""

    id: int = 0
    owner_id: int = 0
    title: str
    report: str
    address: str = ""
    format: str = "pdf"
    every: Every = "day"
    day: int = 1
    at: str = "07:00"
    zone: str = "UTC"
    recipients: tuple[str, ...] = ()
    active: bool = True
    words: Mapping[str, Any] = field(default_factory=dict, hash=False)
    next_at: datetime | None = None
    last_run_at: datetime | None = None
    last_result: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Schedule:
        """From a row; what it has more is left out."""
        own = {one.name: values[one.name] for one in fields(cls) if one.name in values}
        return cls(**{**own, "recipients": tuple(own.get("recipients", ()))})


def check(schedule: Schedule) -> None:
    """Raises Invalid of the field that is wrong."""
    if not schedule.title.strip():
        raise Invalid("title", "give it a name")
    if schedule.report not in REPORTS:
        raise Invalid("report", "there is no such report")
    if schedule.format not in FORMATS:
        raise Invalid("format", "must be one of: pdf, xlsx, csv")
    if schedule.every not in EVERY:
        raise Invalid("every", "must be one of: day, week, month")
    most = {"day": 28, "week": 7, "month": 28}[schedule.every]
    if not 1 <= schedule.day <= most:
        raise Invalid("day", f"must be from 1 to {most}")
    if not _TIME.fullmatch(schedule.at):
        raise Invalid("at", "must be a time of day such as 07:00")
    zone_of(schedule.zone)
    address.check(REPORTS[schedule.report], schedule.address)
    _check_recipients(schedule.recipients)


def _check_recipients(recipients: tuple[str, ...]) -> None:
    if not recipients:
        raise Invalid("recipients", "say to whom it goes")
    if len(recipients) > MOST_RECIPIENTS:
        raise Invalid("recipients", f"must be at most {MOST_RECIPIENTS} addresses")
    for one in recipients:
        if not (_ADDRESS.fullmatch(one) and one.isascii() and one.isprintable()):
            raise Invalid("recipients", f"this is not a mail address: {one[:80]}")


def next_after(schedule: Schedule, moment: datetime) -> datetime:
    """Its next time after `moment`, aware UTC."""
    zone = zone_of(schedule.zone)
    day = moment.astimezone(zone).date() - _DAY
    hour, minute = schedule.at.split(":")
    wall = time(int(hour), int(minute))
    while True:
        if _is_its_day(schedule, day):
            due = datetime.combine(day, wall, zone).astimezone(UTC)
            if due > moment:
                return due
        day += _DAY


def _is_its_day(schedule: Schedule, day: date) -> bool:
    if schedule.every == "week":
        return day.isoweekday() == schedule.day
    return schedule.every == "day" or day.day == schedule.day


def days_before(schedule: Schedule, due: datetime) -> tuple[date, date]:
    """The first and the last day that a mail due then is about."""
    today = due.astimezone(zone_of(schedule.zone)).date()
    if schedule.every == "week":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - _DAY
    if schedule.every == "month":
        last = today.replace(day=1) - _DAY
        return last.replace(day=1), last
    return today - _DAY, today - _DAY


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None: it is given up."""
    return timedelta(minutes=_RETRIES[attempts - 1]) if attempts <= len(_RETRIES) else None
