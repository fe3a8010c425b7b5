"""/callbacks: callers who asked to be called back instead of waiting."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.queries import callback_requests as queries
from callcenter.services import callback_requests as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.operation import area, operation
from web.api.problems import ProblemError, not_found
from web.api.shapes import callbacks as shapes

api = area("callbacks", "/callbacks", "Callers who asked to be called back.")


@operation(api, "get", "", shapes.CallbackPage)
def list_callbacks(query: shapes.CallbackQuery) -> Response:
    """Call-backs: what is open by its place, what is closed the newest first"""
    caller = the_caller()
    filters = queries.CallbackFilters(
        closed=query.state == "closed",
        queue=query.queue,
        of_user=None if caller.leads else caller.user_id,
        viewer=the_viewer(),
    )
    with the_runtime().reader() as connection:
        page = queries.page(connection, filters, query.cursor, query.limit, today())
    return answer(shapes.CallbackPage, page)


@operation(api, "get", "/<callback_id>", shapes.Callback)
def get_callback(path: shapes.CallbackPath) -> Response:
    """One call-back"""
    return answer(shapes.Callback, _read(path.callback_id))


@operation(api, "patch", "/<callback_id>", shapes.Callback)
def change_callback(path: shapes.CallbackPath, body: shapes.CallbackPatch) -> Response:
    """Give a call-back to somebody, or take it off the list

    Giving it to somebody is for supervisors; without a name it is whoever's of the queue is ready.
    """
    _read(path.callback_id)
    caller = the_caller()
    if "assigned_to" in body.model_fields_set:
        if not caller.leads:
            raise ProblemError(403, "forbidden", "Only supervisors give call-backs to somebody.")
        services.assign(path.callback_id, body.assigned_to, user_id=caller.user_id, **_store())
    if body.state is not None:
        services.close(path.callback_id, body.state, body.note, user_id=caller.user_id, **_store())
    return answer(shapes.Callback, _read(path.callback_id))


def _read(callback_id: int) -> queries.CallbackView:
    with the_runtime().reader() as connection:
        found = queries.get(connection, callback_id, today(), viewer=the_viewer())
    if found is None:
        raise not_found(f"call-back {callback_id}")
    return found


def _store() -> dict[str, Any]:
    runtime = the_runtime()
    return {
        "unit_of_work": runtime.unit_of_work,
        "publisher": runtime.bus,
        "clock": runtime.clock,
    }
