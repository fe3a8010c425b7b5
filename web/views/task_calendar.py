"""The calendar of tasks: a month or a week, drawn on the server, in the user's zone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, request
from flask_babel import format_date, format_datetime

from callcenter.queries import tasks as queries
from callcenter.queries.tasks import TaskView
from callcenter.tasks.due import day_bounds, month_of, month_step, week_of
from web.access import allow
from web.context import me, reading, today
from web.task_forms import day_of
from web.views.tasks import kept, now, the_filters

calendar = Blueprint("task_calendar", __name__, url_prefix="/tasks/calendar")


@calendar.get("")
@allow()
def page() -> str:
    view = "week" if request.args.get("view") == "week" else "month"
    day = day_of(request.args.get("day", ""), today())
    weeks = (week_of(day),) if view == "week" else month_of(day)
    zone = me().zone
    since, until = day_bounds(weeks[0][0], zone)[0], day_bounds(weeks[-1][-1], zone)[1]
    filters = the_filters(due_since=since, due_until=until)
    with reading() as connection:
        found = queries.between(connection, filters, today())
    by_day: dict[date, list[TaskView]] = defaultdict(list)
    for one in found:
        by_day[one.task.due_at.astimezone(zone).date()].append(one)
    before, after = _steps(view, day)
    return render_template(
        "tasks/calendar.html",
        view=view,
        day=day,
        weeks=weeks,
        by_day=by_day,
        before=before,
        after=after,
        filters=filters,
        kept={name: value for name, value in kept().items() if name not in ("view", "day")},
        now=now(),
        this_day=today(),
    )


def _steps(view: str, day: date) -> tuple[date, date]:
    if view == "week":
        return day - timedelta(days=7), day + timedelta(days=7)
    return month_step(day, -1), month_step(day, 1)


@calendar.app_template_filter()
def month_name(day: date) -> str:
    return str(format_date(day, "LLLL y", rebase=False))


@calendar.app_template_filter()
def weekday_name(day: date) -> str:
    return str(format_date(day, "ccc", rebase=False))


@calendar.app_template_filter()
def clock_time(when: datetime) -> str:
    return str(format_datetime(when, "HH:mm"))
