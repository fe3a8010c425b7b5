"""The message line: the panel's pieces, writing, reading, calling for help."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.line.line import may_read_with
from callcenter.queries import line as queries
from callcenter.queries import tasks as task_queries
from callcenter.queries import users as user_queries
from web import actions
from web.access import allow
from web.context import me, reading
from web.errors import status_of
from web.service_words import words_of
from web.whole_numbers import whole_number

line = Blueprint("line", __name__, url_prefix="/line")
PAGE = 30


@line.get("")
@allow()
def panel() -> str:
    """An operator's conversation with the supervisors; for these, whom they can write to."""
    if not me().is_supervisor:
        return conversation(me().id)
    with reading() as connection:
        people = queries.correspondents(connection, me().id)
        queues = task_queries.queues(connection)
    return render_template("line/people.html", people=people, queues=queues)


@line.get("/<int:user_id>")
@allow()
def conversation(user_id: int) -> str:
    if not may_read_with(me().role, me().id, user_id):
        abort(404)  # an operator has one conversation; there are no others for them
    with reading() as connection:
        other = user_queries.by_id(connection, user_id)
        if other is None:
            abort(404)
        found = queries.conversation(connection, me().id, user_id, request.args.get("cursor"), PAGE)
    older = bool(request.args.get("cursor"))
    return render_template(
        "line/messages.html" if older else "line/conversation.html", found=found, other=other
    )


@line.post("/write")
@allow()
def write() -> ResponseReturnValue:
    to_user = request.form.get("to_user", type=whole_number)
    to_queue = request.form.get("to_queue", "")[:80]
    return _done(
        lambda: actions.write_line(me().id, request.form.get("text", ""), to_user, to_queue)
    )


@line.post("/<int:user_id>/read")
@allow()
def read(user_id: int) -> ResponseReturnValue:
    up_to = request.form.get("up_to", type=whole_number)
    if up_to is None:
        abort(400)
    return _done(lambda: actions.read_line(me().id, user_id, up_to))


@line.post("/help")
@allow()
def call_for_help() -> ResponseReturnValue:
    call_id, text = request.form.get("call_id", "")[:255], request.form.get("text", "")
    return _done(lambda: actions.call_for_help(me().id, call_id, text))


@line.post("/help/<int:help_id>/come")
@allow()
def come(help_id: int) -> ResponseReturnValue:
    return _done(lambda: actions.come_to_help(help_id, me().id))


@line.post("/help/<int:help_id>/away")
@allow()
def put_away(help_id: int) -> ResponseReturnValue:
    return _done(lambda: actions.put_help_away(help_id, me().id))


def _done(act: Callable[[], object]) -> ResponseReturnValue:
    try:
        act()
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204
