"""Tasks and call-backs: lists, one task, its form, what can be done with it, and the piece on the
desk. Times are read and shown in the user's zone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Conflict, Invalid, ProductError
from callcenter.queries import customers as customer_queries
from callcenter.queries import tasks as queries
from callcenter.queries import users as user_queries
from callcenter.queries.tasks import TaskFilters, TaskView
from callcenter.services import tasks as services
from callcenter.tasks.due import end_of_day, next_same_time
from callcenter.tasks.task import KINDS, may_change, may_read
from web import unfolding
from web.access import allow
from web.actions import task_desk
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.service_words import words_of
from web.task_forms import REMINDERS, draft, new_values, task_fields, task_values, values_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

tasks = Blueprint("tasks", __name__, url_prefix="/tasks")
ON_DESK = 6
SCOPES = ("mine", "team", "all")
WHENS = ("open", "today", "overdue", "done")


@tasks.get("")
@allow()
def page() -> str:
    filters = the_filters()
    part = unfolding.asked()
    with reading() as connection:
        found = queries.page(connection, filters, part.cursor, part.rows, today())
        queues = queries.queues(connection)
    target = request.headers.get("HX-Target")
    template = "tasks/rows.html" if target == "task-rows" else "tasks/page.html"
    return render_template(
        template, found=found, filters=filters, kept=kept(), part=part, queues=queues, now=now()
    )


@tasks.get("/desk")
@allow()
def desk() -> str:
    """What comes next: mine, and while somebody is on the line what is open for them."""
    customer_id = request.args.get("customer", type=whole_number)
    with reading() as connection:
        mine = queries.page(connection, filters_for("mine", "open"), None, ON_DESK, today()).items
        theirs = (
            queries.of_customer(connection, customer_id, ON_DESK, today(), viewer=the_viewer())
            if customer_id
            else ()
        )
    return render_template("tasks/desk.html", mine=mine, theirs=theirs, now=now())


@tasks.get("/new")
@allow()
def new() -> str:
    given = {
        name: request.args.get(name, type=whole_number)
        for name in ("customer_id", "interaction_id")
    } | {name: request.args.get(name, "") for name in ("number", "kind", "due_at", "queue")}
    values = new_values(now(), me().zone, {"assignee_id": me().id, **given})
    return _form(values, None)


@tasks.post("/new")
@allow()
def create() -> ResponseReturnValue:
    values = task_values(request.form)
    try:
        services.create_task(draft(values, me().zone), user_id=me().id, desk=task_desk())
    except ProductError as error:
        return _form(values, None, error), status_of(error)
    return redirect(_back())


@tasks.get("/<int:task_id>")
@allow()
def one(task_id: int) -> str:
    view = _readable(task_id)
    return _form(values_of(view.task, me().zone), view)


@tasks.post("/<int:task_id>")
@allow()
def save(task_id: int) -> ResponseReturnValue:
    view = _readable(task_id)
    values = task_values(request.form)
    version = request.form.get("version", type=whole_number) or 0
    try:
        services.update_task(
            task_id,
            task_fields(values, me().zone),
            version=version,
            user_id=me().id,
            desk=task_desk(),
        )
    except (Invalid, Conflict) as error:
        return _form(values, view, error), status_of(error)
    return redirect(_back())


@tasks.post("/<int:task_id>/<any(done, cancel, reopen, take, tomorrow, hour):what>")
@allow()
def act(task_id: int, what: str) -> ResponseReturnValue:
    """One step with a task, from a list or from a reminder."""
    view = _readable(task_id)
    version = request.form.get("version", type=whole_number)
    who: dict[str, Any] = {"user_id": me().id, "desk": task_desk(), "version": version}
    try:
        if what in ("done", "cancel"):
            services.finish_task(task_id, cancelled=what == "cancel", **who)
        elif what == "reopen":
            services.reopen_task(task_id, **who)
        elif what == "take":
            who["version"] = version or view.task.version
            services.update_task(task_id, {"assignee_id": me().id}, **who)
        elif what == "hour":
            services.postpone_task(task_id, now() + timedelta(hours=1), **who)
        else:
            later = next_same_time(view.task.due_at, now(), me().zone)
            services.postpone_task(task_id, later, **who)
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


@tasks.post("/<int:task_id>/remind")
@allow()
def remind(task_id: int) -> ResponseReturnValue:
    """Remind again in so many minutes; 0 for not again."""
    minutes = request.form.get("minutes", type=whole_number)
    try:
        if minutes is None:
            raise Invalid("minutes", "must be 0 to 1440")
        services.put_off_reminder(task_id, minutes, user_id=me().id, desk=task_desk())
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


def now() -> Any:
    return runtime().clock.now()


def filters_for(scope: str, when: str, **more: Any) -> TaskFilters:
    return TaskFilters(
        user_id=me().id,
        viewer=the_viewer(),
        scope=scope,  # type: ignore[arg-type]
        when=when,  # type: ignore[arg-type]
        now=now(),
        day_ends=end_of_day(now(), me().zone),
        **more,
    )


def the_filters(**more: Any) -> TaskFilters:
    """As the address says; what nobody may ask or cannot be read is left out."""
    scope, when = request.args.get("scope", "mine"), request.args.get("when", "open")
    allowed = SCOPES if me().is_supervisor else SCOPES[:2]
    kind = request.args.get("kind", "")
    return filters_for(
        scope if scope in allowed else "mine",
        when if when in WHENS else "open",
        kind=kind if kind in KINDS else None,
        queue=request.args.get("queue", "")[:80] or None,
        **more,
    )


def kept() -> dict[str, str]:
    return unfolding.kept()


def may_i_change(view: TaskView, *, team: bool) -> bool:
    return may_change(view.task, me().id, leads=me().is_supervisor, team=team)


def _readable(task_id: int) -> TaskView:
    """404 also for a task that is none of one's business: that there is one is no news either."""
    with reading() as connection:
        view = queries.get(connection, task_id, today())
        if view is None:
            abort(404)
        team = queries.is_of_team(connection, view.task.queue, me().id)
    if not may_read(view.task, me().id, leads=me().is_supervisor, team=team):
        abort(404)
    return view


def _back() -> str:
    """Where one came from: a page of ours, never another address."""
    place = request.form.get("back", "")
    return place if place.startswith(("/tasks", "/customers/", "/desk")) else url_for("tasks.page")


def _form(values: dict[str, Any], view: TaskView | None, error: ProductError | None = None) -> str:
    customer_id = values.get("customer_id")
    with reading() as connection:
        team = view is not None and queries.is_of_team(connection, view.task.queue, me().id)
        people = [user for user in user_queries.all(connection) if user.active]
        queues = queries.queues(connection)
        customer = (
            customer_queries.card(connection, int(customer_id), today()) if customer_id else None
        )
    return render_template(
        "tasks/form.html",
        values=values,
        view=view,
        customer=customer,
        people=people,
        queues=queues,
        reminders=REMINDERS,
        changeable=view is None or may_i_change(view, team=team),
        back=request.values.get("back", ""),
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
        title=_("Task") if view else _("New task"),
        now=now(),
    )
