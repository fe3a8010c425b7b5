"""Call-backs that callers asked for: whose turn comes first; called, given to somebody, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import Invalid, ProductError
from callcenter.queries import callback_requests as queries
from callcenter.queries import hours
from callcenter.queries import tasks as task_queries
from callcenter.queries import users as user_queries
from callcenter.queries.callback_requests import CallbackFilters
from callcenter.services import callback_requests as service
from callcenter.services import callback_turns
from web import unfolding
from web.access import allow
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

callback_requests = Blueprint("callback_requests", __name__, url_prefix="/callbacks")


@callback_requests.get("")
@allow()
def page() -> str:
    filters = _filters()
    part = unfolding.asked()
    with reading() as connection:
        found = queries.page(connection, filters, part.cursor, part.rows, today())
        queues = task_queries.queues(connection)
        people = user_queries.all(connection) if me().is_supervisor else []
    in_place = request.headers.get("HX-Target") == "callback-rows"
    return render_template(
        "callback_requests/rows.html" if in_place else "callback_requests/page.html",
        found=found,
        filters=filters,
        kept=unfolding.kept(),
        part=part,
        queues=queues,
        people=[one for one in people if one.active and one.endpoint],
        now=runtime().clock.now(),
    )


@callback_requests.post(
    "/<int:callback_id>/<any(call, take, release, assign, done, cancelled):step>"
)
@allow()
def act(callback_id: int, step: str) -> ResponseReturnValue:
    with reading() as connection:
        if queries.get(connection, callback_id, today(), viewer=the_viewer()) is None:
            abort(404)
    try:
        _act(callback_id, step)
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


def _act(callback_id: int, step: str) -> None:
    user_id, form = me().id, request.form
    store: dict[str, Any] = {
        "unit_of_work": runtime().unit_of_work,
        "publisher": runtime().bus,
        "clock": runtime().clock,
    }
    if step == "call":
        desk = callback_turns.Door(**store, pbxs=runtime().settings.hand_names)
        callback_turns.call_now(callback_id, user_id, _opening, desk)
    elif step == "assign":
        if not me().is_supervisor:
            abort(403)
        service.assign(callback_id, _person(form.get("to", "")), user_id=user_id, **store)
    elif step in ("take", "release"):
        service.take(callback_id, user_id, release=step == "release", **store)
    else:
        service.close(callback_id, step, form.get("why", ""), user_id=user_id, **store)


def _opening(calendar: str, at: datetime) -> datetime | None:
    with reading() as connection:
        return hours.opening(connection, calendar, at) if calendar else at


def _person(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 12:
        raise Invalid("assigned_to", "there is no such person with a phone")
    return int(text)


def _filters() -> CallbackFilters:
    """One's own queues, unless all are asked for."""
    everything = request.args.get("whose") == "all" or me().is_supervisor
    return CallbackFilters(
        closed=request.args.get("state") == "closed",
        queue=request.args.get("queue", "")[:80] or None,
        of_user=None if everything else me().id,
        viewer=the_viewer(),
    )
