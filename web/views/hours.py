"""When we are there: calendars with their week, holidays and special days; closing for a time."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Conflict, NotFound
from callcenter.hours import public_holidays
from callcenter.hours.calendar import KEY, OFFICE_HOURS, Calendar, SpecialDay
from callcenter.hours.checks import Problem
from callcenter.hours.opening import zone_of
from callcenter.hours.written import Unread, read_day
from callcenter.queries import hours as queries
from callcenter.services.hours import HoursDesk, Unfit
from web import hours_forms, hours_words
from web.access import allow
from web.context import me, reading, runtime
from web.hours_forms import WeekForm
from web.service_words import words_of
from web.zones import ZONES

hours = Blueprint("hours", __name__, url_prefix="/hours")


@hours.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page()


@hours.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    settings = runtime().settings
    draft = Calendar(
        key="",
        title="",
        time_zone=me().time_zone,
        week=OFFICE_HOURS,
        country=settings.default_region,
    )
    return _form(draft, hours_forms.of_calendar(draft, _today(draft)))


@hours.post("/new")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    draft, week = hours_forms.read_calendar(request.form)
    if not week.refused:
        try:
            key = _desk().create(draft)
        except Unfit as error:
            week.problems += error.problems
        else:
            flash(_("Saved."))
            return redirect(url_for("hours.one", key=key))
    return _form(draft, week), 422


@hours.post("/week")
@allow("supervisor", "admin")
def week() -> str:
    """The week as typed so far, looked through: what is wrong stands beside each day."""
    draft, typed = hours_forms.read_calendar(request.form)
    if not typed.refused:
        typed = hours_forms.of_calendar(draft, _today(draft))
    return render_template("hours/week.html", week=typed)


@hours.get("/calendars/<key>")
@allow("supervisor", "admin")
def one(key: str) -> str:
    calendar = _existing(key)
    return _form(calendar, hours_forms.of_calendar(calendar, _today(calendar)), calendar)


@hours.post("/calendars/<key>")
@allow("supervisor", "admin")
def save(key: str) -> ResponseReturnValue:
    calendar = _existing(key)
    draft, week = hours_forms.read_calendar(request.form)
    if not week.refused:
        try:
            _desk().save(key, draft)
        except Unfit as error:
            week.problems += error.problems
        else:
            flash(_("Saved."))
            return redirect(url_for("hours.one", key=key))
    return _form(draft, week, calendar), 422


@hours.post("/calendars/<key>/holiday")
@allow("supervisor", "admin")
def keep_holiday(key: str) -> ResponseReturnValue:
    """All names of one day at once: who works then works whatever it is called."""
    _existing(key)
    try:
        for name in request.form.getlist("name"):
            _desk().keep_holiday(key, name, worked=request.form.get("worked") == "yes")
    except NotFound:
        abort(404)
    return redirect(url_for("hours.one", key=key, _anchor="holidays"))


@hours.post("/calendars/<key>/day")
@allow("supervisor", "admin")
def set_day(key: str) -> ResponseReturnValue:
    calendar = _existing(key)
    problem = _set_day(calendar)
    if problem is None:
        flash(_("Saved."))
        return redirect(url_for("hours.one", key=key, _anchor="special-days"))
    week = hours_forms.of_calendar(calendar, _today(calendar))
    return _form(calendar, week, calendar, problem), 422


@hours.post("/calendars/<key>/day/remove")
@allow("supervisor", "admin")
def remove_day(key: str) -> ResponseReturnValue:
    day = hours_forms.read_date(request.form.get("day", ""))
    try:
        _desk().remove_day(key, day or date.min)
    except NotFound:
        abort(404)
    return redirect(url_for("hours.one", key=key, _anchor="special-days"))


@hours.post("/calendars/<key>/delete")
@allow("supervisor", "admin")
def delete(key: str) -> ResponseReturnValue:
    _existing(key)
    with reading() as connection:
        users = queries.used_by(connection, key)
    try:
        _desk().remove(key, users)
    except Conflict as error:
        flash(words_of(error), "refused")
        return redirect(url_for("hours.one", key=key))
    flash(_("Deleted."))
    return redirect(url_for("hours.page"))


@hours.post("/close")
@allow("supervisor", "admin")
def close() -> ResponseReturnValue:
    with reading() as connection:
        known = {one.key: one for one in queries.all_calendars(connection)}
    calendar = known.get(request.form.get("calendar", ""))
    zone = (zone_of(calendar) if calendar else None) or me().zone
    read = hours_forms.read_closure(request.form, runtime().clock.now(), zone, frozenset(known))
    if isinstance(read, Problem):
        return _page(read), 422
    try:
        _desk().close(read)
    except Unfit as error:
        return _page(error.problems[0]), 422
    flash(_("Closed. Calls are decided by it within two seconds."))
    return redirect(url_for("hours.page"))


@hours.post("/closures/<int:closure_id>/end")
@allow("supervisor", "admin")
def reopen(closure_id: int) -> ResponseReturnValue:
    try:
        _desk().reopen(closure_id)
    except NotFound:
        abort(404)
    flash(_("Open again, as the hours say."))
    return redirect(url_for("hours.page"))


def _page(problem: Problem | None = None) -> str:
    now = runtime().clock.now()
    with reading() as connection:
        table = queries.load(connection, now)
        prompts = queries.prompt_titles(connection)
    calendars = list(table.calendars.values())
    return render_template(
        "hours/page.html",
        calendars=calendars,
        states={one.key: table.state(one.key, now) for one in calendars},
        closures=table.closures,
        titles={one.key: one.title for one in calendars},
        prompts=prompts,
        now=now,
        typed=request.form,
        problem=problem,
    )


def _form(
    shown: Calendar,
    week: WeekForm,
    stored: Calendar | None = None,
    day_problem: Problem | None = None,
) -> str:
    now = runtime().clock.now()
    with reading() as connection:
        closures = queries.open_closures(connection, now)
        prompts = queries.prompt_titles(connection)
    state = None
    if stored is not None:
        table = queries.Timetable([stored], closures)
        state = table.state(stored.key, now)
    return render_template(
        "hours/form.html",
        calendar=shown,
        stored=stored,
        week=week,
        state=state,
        prompts=prompts,
        now=now,
        zones=ZONES,
        countries=hours_words.countries(),
        parts=public_holidays.subdivisions(shown.country),
        holidays=hours_words.holiday_rows(stored, _today(stored)) if stored else (),
        day_problem=day_problem,
        typed=request.form,
        today=_today(shown),
    )


def _set_day(calendar: Calendar) -> Problem | None:
    day = hours_forms.read_date(request.form.get("day", ""))
    if day is None:
        return Problem("day", "no_day")
    read = read_day(request.form.get("day_hours", "")[:200])
    if isinstance(read, Unread):
        return Problem("day_hours", read.code, {"text": read.text[:60]})
    kind: Any = "open" if read else "closed"
    title = request.form.get("title", "").strip()[:120]
    try:
        _desk().set_day(calendar.key, SpecialDay(day=day, kind=kind, intervals=read, title=title))
    except Unfit as error:
        return error.problems[0]
    return None


def _existing(key: str) -> Calendar:
    if not KEY.fullmatch(key):
        abort(404)
    with reading() as connection:
        found = queries.get(connection, key)
    if found is None:
        abort(404)
    return found


def _desk() -> HoursDesk:
    return HoursDesk(runtime().unit_of_work, runtime().clock, me().id)


def _today(calendar: Calendar) -> date:
    return runtime().clock.now().astimezone(zone_of(calendar) or ZoneInfo("UTC")).date()
