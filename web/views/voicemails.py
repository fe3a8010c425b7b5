"""Messages that callers left for a queue: heard, given to somebody, done with what came of it."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from callcenter.errors import Invalid, ProductError
from callcenter.queries import tasks as task_queries
from callcenter.queries import users as user_queries
from callcenter.queries import voicemails as queries
from callcenter.queries.voicemails import VoicemailFilters
from callcenter.recordings import files
from callcenter.services import voicemails as service
from web import unfolding
from web.access import allow
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

voicemails = Blueprint("voicemails", __name__, url_prefix="/voicemails")
_PLAYING = re.compile(r"[A-Za-z0-9-]{8,64}")


@voicemails.get("")
@allow()
def page() -> str:
    filters = _filters()
    part = unfolding.asked()
    with reading() as connection:
        found = queries.page(connection, filters, part.cursor, part.rows, today())
        queues = task_queries.queues(connection)
        people = user_queries.all(connection) if me().is_supervisor else []
    in_place = request.headers.get("HX-Target") == "voicemail-rows"
    return render_template(
        "voicemails/rows.html" if in_place else "voicemails/page.html",
        found=found,
        filters=filters,
        kept=unfolding.kept(),
        part=part,
        queues=queues,
        people=[one for one in people if one.active],
        now=runtime().clock.now(),
    )


@voicemails.get("/<int:voicemail_id>/sound")
@allow()
def sound(voicemail_id: int) -> Response:
    """The file, or the piece of it that a player asks for; who heard it is noted once a playing."""
    with reading() as connection:
        row = queries.get(connection, voicemail_id, today(), viewer=the_viewer())
    if row is None:
        abort(404)
    folder = runtime().settings.recordings_folder(row.pbx)
    path = files.find(folder, row.file, row.created_at) if folder is not None else None
    if path is None:
        abort(404)
    playing = request.args.get("playing", "")
    service.note_heard(
        voicemail_id,
        playing if _PLAYING.fullmatch(playing) else "",
        me().id,
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
    )
    answer = send_file(path, files.kind_of(path.name), conditional=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@voicemails.post("/<int:voicemail_id>/<any(take, release, assign, done, reopen):step>")
@allow()
def act(voicemail_id: int, step: str) -> ResponseReturnValue:
    with reading() as connection:
        if queries.get(connection, voicemail_id, today(), viewer=the_viewer()) is None:
            abort(404)
    if step == "assign" and not me().is_supervisor:
        abort(403)
    try:
        service.act(
            voicemail_id,
            step,
            user_id=me().id,
            result=request.form.get("why", ""),
            to=_person(request.form.get("to", "")),
            unit_of_work=runtime().unit_of_work,
            publisher=runtime().bus,
            clock=runtime().clock,
        )
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


def _person(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 12:
        raise Invalid("assigned_to", "there is no such person")
    return int(text)


def _filters() -> VoicemailFilters:
    """One's own queues, unless all are asked for."""
    everything = request.args.get("whose") == "all" or me().is_supervisor
    state = request.args.get("state", "")
    return VoicemailFilters(
        state=state if state in ("done", "aside") else "open",
        queue=request.args.get("queue", "")[:80] or None,
        of_user=None if everything else me().id,
        viewer=the_viewer(),
    )
