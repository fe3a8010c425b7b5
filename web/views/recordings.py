"""Recordings of calls: what there is, the sound itself in pieces, its picture, who listened; and
pauses of the user's own call while card data is said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.queries import recordings as queries
from callcenter.queries import users as user_queries
from callcenter.queries import voicemails as voicemail_queries
from callcenter.queries.recordings import CallSound
from callcenter.recordings.listing import Recording, place, places
from callcenter.recordings.rights import may_hear
from callcenter.services import recordings as service
from callcenter.voicemail.message import only_messages
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.recording_states import Shown, cache, shown
from web.service_words import words_of
from web.viewer import the_viewer

recordings = Blueprint("recordings", __name__, url_prefix="/recordings")
_PLAYING = re.compile(r"[A-Za-z0-9-]{8,64}")
_MOST_ASKED = 100


@recordings.get("/<int:interaction_id>")
@allow()
def players(interaction_id: int) -> str:
    """A piece of a page: a player for each recording, or why there is none."""
    sound = _sound(interaction_id)
    listened = []
    if me().is_supervisor:
        with reading() as connection:
            listened = queries.listeners(connection, interaction_id)
    return render_template(
        "recordings/players.html",
        sound=sound,
        shown=shown(sound, runtime().settings),
        listened=listened,
        with_listeners=me().is_supervisor and request.args.get("listeners") == "yes",
    )


@recordings.get("/<int:interaction_id>/<int:number>")
@allow()
def sound(interaction_id: int, number: int) -> Response:
    """The file, or the piece of it that a player asks for."""
    one = _one(_sound(interaction_id), number)
    if one.path is None:
        abort(404)
    taken = request.args.get("take") == "yes"
    playing = request.args.get("playing", "")
    service.note_heard(
        interaction_id,
        number,
        playing if _PLAYING.fullmatch(playing) else "",
        me().id,
        taken=taken,
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
    )
    name = f"call-{interaction_id}-{number}{one.path.suffix.lower()}"
    answer = send_file(
        one.path, one.kind, as_attachment=taken, download_name=name, conditional=True
    )
    answer.headers["Cache-Control"] = "no-store"  # nor does a browser keep what was said
    return answer


@recordings.get("/<int:interaction_id>/<int:number>/peaks")
@allow()
def peaks(interaction_id: int, number: int) -> ResponseReturnValue:
    """What is drawn: the wave, the gaps in it, and who came and went."""
    found = _sound(interaction_id)
    one = _one(found, number)
    if one.path is None or found.record is None:
        abort(404)
    drawing = cache(runtime().settings).drawing_of(found.record.pbx, one.recording.file, one.path)
    if drawing is None:
        return {"seconds": 0, "peaks": [], "pauses": [], "marks": []}
    gaps = [(a, b) for a, b in one.recording.pauses if b is not None]
    return {
        "seconds": drawing.seconds,
        "peaks": drawing.peaks,
        "pauses": [_rounded(gap) for gap in places(one.recording, gaps, drawing.seconds)],
        "marks": _marks(one.recording, drawing.seconds),
    }


@recordings.get("/of")
@allow()
def of() -> dict[str, list[int]]:
    """Which of these interactions have a recording that the user may hear."""
    asked = request.args.get("ids", "").split(",")[:_MOST_ASKED]
    ids = sorted({int(one) for one in asked if one.isdecimal() and len(one) < 16})
    with reading() as connection:
        found = queries.hearable(connection, ids, the_viewer()) if ids else []
        left = voicemail_queries.of_interactions(connection, ids, the_viewer())
    return {"ids": sorted({*found, *left})}


@recordings.get("/paused")
@allow()
def paused() -> dict[str, str | None]:
    """Until when the recording of a call is paused; for a screen that was just opened."""
    with reading() as connection:
        pauses = queries.open_pauses(connection, request.args.get("call_id", ""))
    until = service.paused_until(one for one in pauses if one.user_id == me().id)
    return {"paused_until": until.isoformat() if until is not None else None}


@recordings.post("/pause")
@allow()
def pause() -> ResponseReturnValue:
    try:
        done = service.pause_recording(
            request.form.get("call_id", ""),
            me().id,
            request.form.get("cause", "button"),
            publisher=runtime().bus,
            **_store(),
        )
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return {"paused_until": done.until.isoformat(), "commands": list(done.commands)}, 202


@recordings.post("/resume")
@allow()
def resume() -> ResponseReturnValue:
    try:
        service.resume_recording(
            request.form.get("call_id", ""), me().id, publisher=runtime().bus, **_store()
        )
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return {"paused_until": None}, 202


def _store() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}


def _sound(interaction_id: int) -> CallSound:
    """Of an interaction that this user may hear."""
    with reading() as connection:
        found = queries.of_interaction(connection, interaction_id)
    if found is None:
        abort(404)
    if may_hear(the_viewer(), found.spoke):
        return found
    with reading() as connection:
        left = voicemail_queries.of_interactions(connection, [interaction_id], the_viewer())
    if not left or found.record is None:
        abort(403)
    return replace(found, record=only_messages(found.record))


def _one(sound: CallSound, number: int) -> Shown:
    found = [one for one in shown(sound, runtime().settings) if one.recording.number == number]
    if not found:
        abort(404)
    return found[0]


def _marks(recording: Recording, seconds: float) -> list[dict[str, Any]]:
    with reading() as connection:
        people = user_queries.endpoint_map(connection)
        names = {user.id: user.display_name for user in user_queries.all(connection)}
    found = []
    for mark in recording.marks:
        at = place(recording, mark.at, seconds)
        if at is not None:
            who = names.get(people.get(mark.who, 0)) or mark.who
            found.append({"at": round(at, 2), "kind": mark.kind, "who": who})
    return found


def _rounded(span: tuple[float, float]) -> list[float]:
    return [round(span[0], 2), round(span[1], 2)]
