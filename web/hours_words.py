"""Business hours in words: whether we are there, why not, until when; what is wrong with hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_day_names
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.hours import public_holidays
from callcenter.hours.calendar import WEEKDAYS, Calendar, Week
from callcenter.hours.checks import Problem
from callcenter.hours.opening import OpenNow, Why, zone_of
from callcenter.hours.written import Unread, alike_days, write_day
from web.context import me

_UTC = ZoneInfo("UTC")
_PROBLEMS: Mapping[str, Any] = {
    "title_missing": _l("Give it a name."),
    "unknown_zone": _l("There is no time zone “%(zone)s”. Choose one from the list."),
    "unknown_country": _l("Holidays of “%(country)s” are not known. Choose a country of the list."),
    "unknown_subdivision": _l("The country has no part “%(part)s”."),
    "unreadable": _l("“%(text)s” is not read as hours. Write them so: 9:00–13:00, 14:00–18:00."),
    "reversed": _l("“%(text)s” ends before it begins."),
    "past_midnight": _l(
        "“%(text)s” goes past midnight. Write the evening up to 24:00 here, and the morning on "
        "the next day, from 0:00."
    ),
    "too_many": _l("At most eight intervals a day."),
    "overlap": _l("%(first)s and %(second)s overlap: make one of them, or move one."),
    "gap": _l("Closed from %(from)s to %(to)s: is that meant? A day ends at 24:00."),
    "never_open": _l("Nobody is there on any day: callers would never reach anybody."),
    "closure_reversed": _l("It ends before it begins."),
    "closure_past": _l("This time is over already. Choose one to come."),
    "closure_long": _l("Longer than a year. Change the week instead."),
    "day_past": _l("This day is over already."),
    "no_prompt": _l("There is no such announcement any more. Choose one of the list."),
    "no_day": _l("Choose a day."),
    "no_time": _l("Choose a day and a time."),
}
_WHY: Mapping[str, Any] = {
    "hours": _l("within the hours"),
    "special_hours": _l("special hours today"),
    "worked_holiday": _l("we are there on this holiday"),
    "outside_hours": _l("outside the hours"),
    "weekday": _l("no hours on this weekday"),
    "holiday": _l("public holiday"),
    "special_day": _l("closed on this day"),
    "closure": _l("closed for a time"),
    "unknown_zone": _l("its time zone is not known, so it counts as open"),
}


def problem_words(problem: Problem) -> str:
    text = _PROBLEMS.get(problem.code, problem.code)
    return str(text) % problem.params if problem.params else str(text)


def unread_words(unread: Unread) -> str:
    return problem_words(Problem("", unread.code, {"text": unread.text[:60]}))


def why_words(why: Why) -> str:
    """The reason, with the name that people or the calendar of holidays gave it."""
    name = why.params.get("name", "")
    if why.code == "closure":
        return name or str(_("for a time"))
    told = str(_WHY.get(why.code, why.code))
    return f"{told}: {name}" if name else told


def why_code_words(code: str) -> str:
    return str(_WHY.get(code, code))


def state_words(now: OpenNow, calendar: Calendar, at: datetime) -> str:
    """“Open until 18:00”; “Closed (public holiday: …), opens tomorrow, 09:00”."""
    until = when_words(now.until, calendar, at) if now.until is not None else ""
    if now.open:
        return str(_("Open until %(when)s", when=until) if until else _("Always open"))
    why = why_words(now.why)
    if not until:
        return str(_("Closed (%(why)s), not open again within a year", why=why))
    return str(_("Closed (%(why)s), opens: %(when)s", why=why, when=until))


def when_words(moment: datetime, calendar: Calendar, at: datetime) -> str:
    """In the calendar's own zone, which is named where the reader's clock shows another time."""
    zone = zone_of(calendar) or _UTC
    local, here = moment.astimezone(zone), at.astimezone(zone)
    clock = format_datetime(local, "HH:mm", tzinfo=zone, locale=get_locale())
    days = (local.date() - here.date()).days
    if days == 0:
        told = clock
    elif days == 1:
        told = _("tomorrow, %(time)s", time=clock)
    else:
        told = f"{day_words(local.date())}, {clock}"
    if moment.astimezone(me().zone).utcoffset() != local.utcoffset():
        told = f"{told} ({zone.key})"
    return told


def day_words(day: date) -> str:
    return str(format_date(day, "EEEE, d MMM y", locale=get_locale()))


def weekday(number: int, width: Literal["wide", "abbreviated"] = "wide") -> str:
    return str(get_day_names(width, locale=get_locale())[number])


def week_words(week: Week) -> list[tuple[str, str]]:
    """Days alike in one line: ("Mon–Fri", "09:00–18:00"); closed days are left out."""
    found = []
    for first, last, hours in alike_days(week):
        if hours:
            days = weekday(first, "abbreviated")
            days += f"–{weekday(last, 'abbreviated')}" if last > first else ""
            found.append((days, write_day(hours)))
    return found


def country_name(code: str) -> str:
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def countries() -> list[tuple[str, str]]:
    return sorted(((code, country_name(code)) for code in public_holidays.countries()),
                  key=lambda one: one[1])  # fmt: skip


def holiday_rows(calendar: Calendar, first: date) -> list[dict[str, Any]]:
    """This year's and next year's from `first` on. `name` is the reader's, `names` the country's
    own, by which the calendar knows them."""
    found = []
    locale = get_locale()
    language = locale.language if locale else ""
    special = {one.day: one for one in calendar.special_days}
    for year in (first.year, first.year + 1):
        own = public_holidays.of_year(calendar.country, calendar.subdivision, year)
        read = public_holidays.of_year(calendar.country, calendar.subdivision, year, language)
        for day, names in own.items():
            if day < first:
                continue
            told = "; ".join(read.get(day, names))
            found.append({
                "day": day,
                "name": told,
                "own": "; ".join(names) if "; ".join(names) != told else "",
                "names": names,
                "worked": set(names) <= calendar.worked,
                "special": special.get(day),
            })  # fmt: skip
    return found


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        hours_state=state_words,
        hours_week=week_words,
        hours_weekday=weekday,
        hours_day=day_words,
        hours_problem=problem_words,
        hours_weekdays=WEEKDAYS,
        hours_of_day=write_day,
        country_name=country_name,
    )
