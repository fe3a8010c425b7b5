"""How the work is divided: queues' settings, who can do what, and what a pause may be for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.agents.staffing import PauseReason, QueueSettings
from callcenter.errors import ProductError
from callcenter.finding.latin import slug
from callcenter.queries import hours
from callcenter.queries import queues as queries
from callcenter.queries import users as user_queries
from callcenter.queries.menus import all_prompts
from web import actions
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of

staffing = Blueprint("staffing", __name__, url_prefix="/staffing")

_NUMBERS = (
    "wrap_up_seconds",
    "return_minutes",
    "short_abandon_seconds",
    "sl_seconds",
    "sl_percent",
    "position",
    "announce_seconds",
    "max_wait_seconds",
    "callback_after_seconds",
    "callback_over_minutes",
    "callback_attempts",
    "callback_retry_minutes",
    "callback_hours",
    "message_due_minutes",
)
_SWITCHES = (
    "auto_answer",
    "outcome_required",
    "announce_position",
    "announce_estimate",
    "callback_offered",
    "message_box",
)
_WORDS = ("callback_calendar", "overflow")


@staffing.get("/queues")
@allow("supervisor", "admin")
def queues() -> str:
    with reading() as connection:
        views = queries.now(connection, runtime().clock.now())
    return render_template("admin/queues.html", views=views)


@staffing.get("/queues/<name>")
@allow("supervisor", "admin")
def queue(name: str) -> str:
    return _queue_form(_known_queue(name))


@staffing.post("/queues/<name>")
@allow("supervisor", "admin")
def save_queue(name: str) -> ResponseReturnValue:
    known = _known_queue(name)
    try:
        actions.save_queue(name, _queue_values(), me().id)
    except ProductError as error:
        return _queue_form(known, error), 422
    flash(_("Saved."))
    return redirect(url_for("staffing.queues"))


@staffing.get("/skills")
@allow("supervisor", "admin")
def skills() -> str:
    with reading() as connection:
        people = [user for user, _status in user_queries.agents(connection, runtime().clock.now())]
        known = queries.settings(connection)
        levels = queries.skills(connection)
    wanted: dict[str, list[str]] = {}
    for one in known.values():
        wanted.setdefault(one.needs, []).append(one.shown)
    return render_template("admin/skills.html", people=people, skills=wanted, levels=levels)


@staffing.post("/skills")
@allow("supervisor", "admin")
def set_skill() -> ResponseReturnValue:
    """One cell of the table: saved as it is typed."""
    user_id, level = _number("user_id"), _number("level")
    try:
        actions.set_skill(user_id, request.form.get("skill", ""), level, me().id)
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


@staffing.get("/pauses")
@allow("supervisor", "admin")
def pauses() -> str:
    return _pauses()


@staffing.post("/pauses")
@allow("supervisor", "admin")
def save_pause() -> ResponseReturnValue:
    form = request.form
    minutes = _number("limit_minutes")
    reason = PauseReason(
        code=form.get("code", "").strip() or slug(form.get("title", ""), between="_"),
        title=form.get("title", "").strip()[:80],
        productive=form.get("productive") == "yes",
        limit_seconds=60 * minutes if minutes else None,
        position=_number("position"),
        active=form.get("active") == "yes",
    )
    try:
        actions.save_pause_reason(reason, me().id)
    except ProductError as error:
        return _pauses(error), 422
    flash(_("Saved."))
    return redirect(url_for("staffing.pauses"))


def _known_queue(name: str) -> QueueSettings:
    with reading() as connection:
        known = {view.settings.name: view.settings for view in _views(connection)}
    if name not in known:
        abort(404)
    return known[name]


def _views(connection: Any) -> list[queries.QueueView]:
    return queries.now(connection, runtime().clock.now())


def _queue_values() -> dict[str, Any]:
    form = request.form
    values: dict[str, Any] = {
        "title": form.get("title", "").strip()[:80],
        "skill": form.get("skill", "").strip(),
        "wrap_up": form.get("wrap_up", ""),
    }
    values |= {name: _number(name) for name in _NUMBERS if name in form}
    values |= {name: form.get(name, "").strip()[:80] for name in _WORDS if name in form}
    if "announce_seconds" in form:
        values["messages"] = " ".join(form.getlist("messages"))
    return values | {name: form.get(name) == "yes" for name in _SWITCHES}


def _queue_form(settings: QueueSettings, error: ProductError | None = None) -> str:
    with reading() as connection:
        others = [one for one in queries.settings(connection).values() if one.name != settings.name]
        calendars = hours.all_calendars(connection)
        own_prompts = all_prompts(connection)
    return render_template(
        "admin/queue_form.html",
        queue=settings,
        others=others,
        calendars=calendars,
        messages={"wait-message": "", **{key: one.title for key, one in own_prompts.items()}},
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _pauses(error: ProductError | None = None) -> str:
    with reading() as connection:
        reasons = queries.pause_reasons(connection)
    return render_template(
        "admin/pauses.html",
        reasons=reasons,
        problem=words_of(error) if error else "",
    )


def _number(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0
