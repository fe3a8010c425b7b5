"""/tasks: what is to be done, by whom, until when."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from callcenter.errors import Conflict
from callcenter.queries import tasks as queries
from callcenter.queries import users as user_queries
from callcenter.queries.tasks import TaskView
from callcenter.services import tasks as services
from callcenter.tasks.due import end_of_day, zone_of
from callcenter.tasks.task import TaskDraft, may_read
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import ProblemError, invalid, not_found
from web.api.shapes import tasks as shapes
from web.api.versions import version_mismatch, wanted_version

api = area("tasks", "/tasks", "What is to be done: tasks and call-backs.")


@operation(api, "get", "", shapes.TaskPage)
def list_tasks(query: shapes.TaskQuery) -> Response:
    """Tasks: what is open by when it is due, what is done the newest first"""
    caller, runtime = the_caller(), the_runtime()
    if query.scope == "all" and not caller.leads:
        raise ProblemError(403, "forbidden", "Only supervisors list everybody's tasks.")
    if query.due_since and query.due_until and query.due_since >= query.due_until:
        raise invalid([("due_until", "must be after due_since")])
    values = query.model_dump(exclude={"scope", "cursor", "limit"})
    now = runtime.clock.now()
    with runtime.reader() as connection:
        filters = queries.TaskFilters(
            user_id=caller.user_id,
            viewer=the_viewer(),
            scope=query.scope or ("all" if caller.leads else "mine"),
            now=now,
            day_ends=end_of_day(now, _zone(connection, caller.user_id)),
            **values,
        )
        page = queries.page(connection, filters, query.cursor, query.limit, today())
    return answer(shapes.TaskPage, page)


@operation(api, "get", "/<task_id>", shapes.Task)
def get_task(path: shapes.TaskPath) -> Response:
    """One task"""
    return _task(path.task_id)


@operation(api, "post", "", shapes.Task, status=201)
@idempotent
def create_task(body: shapes.TaskNew) -> Response:
    """Give a task"""
    task_id = services.create_task(
        TaskDraft(**body.model_dump()), user_id=the_caller().user_id, desk=_desk()
    )
    return _task(task_id, status=201)


@operation(api, "patch", "/<task_id>", shapes.Task, problems=(412, 428))
def change_task(path: shapes.TaskPath, body: shapes.TaskPatch) -> Response:
    """Change a task, finish it, or open it again

    The version changed must be named: `If-Match` with the ETag read, or `version` in the body.
    """
    stored = _read(path.task_id)
    version = wanted_version(stored.task.version, body.version)
    changes = body.model_dump(include=body.model_fields_set - {"version", "state", "result"})
    missing = [name for name in ("title", "due_at", "kind") if changes.get(name, "") is None]
    if missing:
        raise invalid([(name, "must not be null") for name in missing])
    who: dict[str, Any] = {"user_id": the_caller().user_id, "desk": _desk()}
    try:
        if changes:
            version = services.update_task(path.task_id, changes, version=version, **who)
        if body.state == "open":
            services.reopen_task(path.task_id, version=version, **who)
        elif body.state is not None:
            cancelled = body.state == "cancelled"
            services.finish_task(
                path.task_id, version=version, result=body.result, cancelled=cancelled, **who
            )
    except Conflict as conflict:
        if conflict.field != "version":
            raise
        raise version_mismatch(_read(path.task_id).task.version) from conflict
    return _task(path.task_id)


def _desk() -> services.Desk:
    runtime = the_runtime()
    return services.Desk(
        runtime.unit_of_work, runtime.bus, runtime.clock, runtime.settings.number_plan
    )


def _zone(connection: Any, user_id: int) -> ZoneInfo:
    user = user_queries.by_id(connection, user_id)
    return zone_of(user.time_zone if user is not None else "UTC")


def _read(task_id: int) -> TaskView:
    """A task that is none of the caller's business is not found either."""
    caller = the_caller()
    with the_runtime().reader() as connection:
        view = queries.get(connection, task_id, today())
        if view is None:
            raise not_found(f"task {task_id}")
        team = queries.is_of_team(connection, view.task.queue, caller.user_id)
    if not may_read(view.task, caller.user_id, leads=caller.leads, team=team):
        raise not_found(f"task {task_id}")
    return view


def _task(task_id: int, status: int = 200) -> Response:
    view = _read(task_id)
    headers = {"ETag": f'"{view.task.version}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/tasks/{task_id}"
    return answer(shapes.Task, view, status=status, headers=headers)
