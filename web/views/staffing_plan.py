"""How many operators the calls of a week need, half hour by half hour, beside what happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal, format_percent
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from callcenter.erlang.goals import BOUNDS, USUAL_HANDLE
from callcenter.errors import ProductError
from callcenter.exports.writing import csv_chunks
from callcenter.queries import hours
from callcenter.queries import staffing_plan as queries
from callcenter.queries.staffing_plan import Asked, PlannedHalf, WeekPlan
from callcenter.services.staffing_plans import save_goal
from web import staffing_charts, staffing_forms
from web.access import allow
from web.context import me, reading, runtime, today
from web.service_words import words_of
from web.staffing_forms import GROWTH, PlanForm
from web.viewer import the_viewer

_SLIDERS = {"seconds": 180, "patience_seconds": 600, "handle_seconds": 1200}
"""How far a slider goes where more is allowed: it would be too coarse."""
staffing_plan = Blueprint("staffing_plan", __name__, url_prefix="/staffing")


@staffing_plan.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page(request.args)


@staffing_plan.post("")
@allow("supervisor", "admin")
def save() -> ResponseReturnValue:
    """The goal as it is tried out, for each of the queues that are shown."""
    asked = _read(request.form)
    try:
        if asked.problems:
            name, (least, most) = next(iter(asked.problems.items()))
            return _page(request.form, name, _bounds(least, most)), 422
        save_goal(
            asked.goal,
            asked.queues,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _page(request.form, error.field, words_of(error)), 422
    flash(_("Saved."))
    return redirect(url_for("staffing_plan.page", **asked.address()))


@staffing_plan.get("/plan.csv")
@allow("supervisor", "admin")
def as_csv() -> Response:
    """The whole week, a half hour a row."""
    asked = _read(request.args)
    name = f"staffing-{asked.monday.isoformat()}.csv"
    return Response(
        csv_chunks(_rows(_plan(asked))),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(args: MultiDict[str, str], problem_field: str = "", problem: str = "") -> str:
    asked = _read(args)
    with reading() as connection:
        goals = queries.goals(connection)
        calendars = hours.all_calendars(connection)
    plan = _plan(asked)
    if not problem and asked.problems:
        problem_field, (least, most) = next(iter(asked.problems.items()))
        problem = _bounds(least, most)
    elif not problem and goals and not asked.queues:
        problem_field, problem = "queue", _("Choose at least one queue.")
    week = timedelta(days=7)
    days = [asked.monday + timedelta(days=number) for number in range(7)]
    return render_template(
        "staffing_plan/page.html",
        asked=asked,
        plan=plan,
        days=[(day, format_date(day, "EEE d MMM")) for day in days],
        rows=staffing_charts.busy_part(plan.day(asked.day)),
        clock=staffing_charts.clock,
        number=_number,
        as_percent=partial(format_percent, format="#,##0\u00a0%"),
        more_or_less=partial(format_percent, format="+#,##0\u00a0%;−#,##0\u00a0%"),
        before=asked.address(day=(asked.day - week).isoformat()),
        after=asked.address(day=(asked.day + week).isoformat()),
        known=tuple(goals),
        calendars=calendars,
        bounds={**BOUNDS, "growth": GROWTH},
        ends=_SLIDERS,
        usual_handle=USUAL_HANDLE,
        charts=staffing_charts.of_day(plan, asked.day, asked.goal),
        heat=staffing_charts.of_week(plan, asked.monday),
        may_save=the_viewer().may("settings", "change"),
        problem=problem,
        problem_field=problem_field,
    )


def _read(args: MultiDict[str, str]) -> PlanForm:
    with reading() as connection:
        goals = queries.goals(connection)
    return staffing_forms.read(args, goals, today())


def _plan(asked: PlanForm) -> WeekPlan:
    question = Asked(
        queues=asked.queues,
        goal=asked.goal,
        monday=asked.monday,
        zone=me().zone,
        growth=asked.growth / 100,
    )
    with reading() as connection:
        return queries.week(connection, question, runtime().clock.now())


def _bounds(least: int, most: int) -> str:
    return str(_("From %(least)s to %(most)s, please.", least=least, most=most))


def _number(value: float, digits: int = 1) -> str:
    return str(format_decimal(round(value, digits) if digits else round(value)))


def _rows(plan: WeekPlan) -> Iterator[tuple[str, ...]]:
    yield (
        _("Half hour"),
        _("Expected calls"),
        _("Operators needed"),
        _("In the plan"),
        _("Expected service level, %"),
        _("Expected occupancy, %"),
        _("Calls that came"),
        _("Operators there"),
        _("Operators needed for these calls"),
        _("Service level, %"),
    )
    for one in plan.halves:
        yield (one.half.astimezone(plan.zone).isoformat(), *_planned(one), *_happened(one))


def _planned(one: PlannedHalf) -> tuple[str, ...]:
    need = one.need
    numbers = (one.calls, need.agents, need.scheduled)
    shares = (need.outlook.service_level, need.outlook.occupancy) if need.agents else (None, None)
    return (*(f"{number:g}" for number in map(_short, numbers)), *map(_percent, shares))


def _happened(one: PlannedHalf) -> tuple[str, ...]:
    told = one.happened
    if told is None:
        return ("",) * 4
    return (
        str(told.offered),
        f"{_short(told.there):g}",
        str(told.needed),
        _percent(told.level),
    )


def _short(number: float) -> float:
    return round(number, 2)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"
