"""What the pages of business hours are sent: read, with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callcenter.hours.calendar import DAY_END, WEEKDAYS, Calendar, Closure, Interval, Week
from callcenter.hours.checks import Problem, check_calendar
from callcenter.hours.moments import moment
from callcenter.hours.written import Unread, read_day, write_day

_LONGEST = 200
_FOR = {"30": 30, "60": 60, "120": 120, "240": 240}


@dataclass(slots=True)
class WeekForm:
    """`texts` are as typed; a day that cannot be read has a problem, and counts as closed."""

    texts: dict[str, str]
    week: Week
    problems: list[Problem] = field(default_factory=list)

    def of(self, name: str) -> list[Problem]:
        return [one for one in self.problems if one.field == name]

    @property
    def refused(self) -> bool:
        return any(one.severity == "error" for one in self.problems)


def of_calendar(calendar: Calendar, today: date) -> WeekForm:
    pairs = zip(WEEKDAYS, calendar.week, strict=True)
    texts = {name: write_day(day) for name, day in pairs}
    return WeekForm(texts, calendar.week, list(check_calendar(calendar, today)))


def read_week(values: Mapping[str, str]) -> WeekForm:
    texts = {name: values.get(name, "")[:_LONGEST] for name in WEEKDAYS}
    for name in values.get("edit", "").split():
        if name in WEEKDAYS:
            texts |= _copied(texts, name)
    days: list[tuple[Interval, ...]] = []
    problems = []
    for name, text in texts.items():
        read = read_day(text)
        if isinstance(read, Unread):
            problems.append(Problem(name, read.code, {"text": read.text[:60]}))
            read = ()
        days.append(read)
    return WeekForm(texts, tuple(days), problems)


def read_calendar(values: Mapping[str, str]) -> tuple[Calendar, WeekForm]:
    week = read_week(values)
    calendar = Calendar(
        key="",
        title=values.get("title", "").strip()[:80],
        time_zone=values.get("time_zone", "")[:64],
        week=week.week,
        country=values.get("country", "")[:2],
        subdivision=values.get("subdivision", "")[:8],
        observe_holidays=values.get("observe_holidays") == "yes",
    )
    return calendar, week


def read_closure(
    values: Mapping[str, str], now: datetime, zone: ZoneInfo, known: frozenset[str]
) -> Closure | Problem:
    """Now for some minutes (`for`), till the end of the day, or from one moment to another."""
    calendar = values.get("calendar", "")
    if calendar and calendar not in known:
        return Problem("calendar", "unknown_calendar")
    start, end = now, _end(values.get("for", ""), now, zone)
    if end is None:
        given = _moment(values.get("starts_at", ""), zone)
        end = _moment(values.get("ends_at", ""), zone)
        if end is None or (given is None and values.get("starts_at")):
            return Problem("ends_at" if end is None else "starts_at", "no_time")
        start = given or now
    reason, message = values.get("reason", "").strip()[:_LONGEST], values.get("message", "")[:64]
    return Closure(calendar=calendar, starts_at=start, ends_at=end, reason=reason, message=message)


def read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _copied(texts: Mapping[str, str], source: str) -> dict[str, str]:
    """Monday's hours for the days up to Friday; another day's for the one after it."""
    at = WEEKDAYS.index(source)
    to = WEEKDAYS[1:5] if at == 0 else WEEKDAYS[at + 1 : at + 2]
    return dict.fromkeys(to, texts[source])


def _end(asked: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    if asked == "today":
        return moment(now.astimezone(zone).date(), DAY_END, zone)
    minutes = _FOR.get(asked)
    return now + timedelta(minutes=minutes) if minutes else None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        wall = datetime.fromisoformat(text.strip())
        clock = time(wall.hour, wall.minute)
        return datetime.combine(wall.date(), clock, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
