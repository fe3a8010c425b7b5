"""Operators' states: the switch in the top bar, wrap-up, and the team's states for supervisors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.agents.status import CHOOSABLE
from callcenter.errors import ProductError
from callcenter.queries import queues as queue_queries
from callcenter.queries import supervision as supervision_queries
from callcenter.queries import users as user_queries
from callcenter.services import directing
from web import actions
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.pauses import pauses
from web.service_words import words_of
from web.views.supervision import door as steps_door

agents = Blueprint("agents", __name__)


@agents.post("/desk/state")
@allow()
def state() -> ResponseReturnValue:
    """My own: ready, a pause with its reason, or offline."""
    wanted, reason = _wanted()
    if not _exists(wanted, reason):
        return {"message": _("There is no such state.")}, 422
    return _done(lambda: actions.set_state(me().id, wanted, reason))


@agents.post("/desk/done")
@allow()
def done() -> ResponseReturnValue:
    """My wrap-up is over."""
    return _done(lambda: actions.end_wrap_up(me().id))


@agents.post("/desk/wrap-up/more")
@allow()
def more() -> ResponseReturnValue:
    """Half a minute more for it."""
    return _done(lambda: actions.prolong_wrap_up(me().id))


@agents.get("/team")
@allow("supervisor", "admin")
def team() -> str:
    return render_template("admin/team.html", **_team())


@agents.get("/team/rows")
@allow("supervisor", "admin")
def rows() -> str:
    return render_template("admin/team_rows.html", **_team())


@agents.post("/team/<int:user_id>/state")
@allow("supervisor", "admin")
def force(user_id: int) -> ResponseReturnValue:
    """Somebody's state, chosen for them; the audit keeps by whom."""
    wanted, reason = _wanted()
    if not _exists(wanted, reason):
        flash(_("There is no such state."), "refused")
        return redirect(url_for("agents.team"))
    try:
        actions.set_state(user_id, wanted, reason, by=me().id)
    except ProductError as error:
        flash(words_of(error), "refused")
    return redirect(url_for("agents.team"))


@agents.post("/team/<int:user_id>/queues")
@allow("supervisor", "admin")
def move(user_id: int) -> ResponseReturnValue:
    """Somebody works in a queue, or not, for a while."""
    form = request.form
    how_long, level = _choice(form.get("how_long", "")), _level(form.get("level", ""))
    queue = form.get("queue", "")[:80]
    return _told(
        lambda: directing.move(me().id, user_id, queue, level, how_long, me().zone, steps_door())
    )


@agents.post("/team/<int:user_id>/queues/back")
@allow("supervisor", "admin")
def move_back(user_id: int) -> ResponseReturnValue:
    queue = request.form.get("queue", "")[:80]
    return _told(lambda: directing.move_back(me().id, user_id, queue, steps_door()))


def _told(act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except ProductError as error:
        flash(words_of(error), "refused")
    return redirect(url_for("agents.team"))


def _choice(text: str) -> directing.HowLong:
    return "now" if text == "now" else "today"


def _level(text: str) -> int:
    """Something else than a level is refused by the use case."""
    return int(text) if text.isdecimal() and len(text) < 3 else -1


def _wanted() -> tuple[str, str]:
    return request.form.get("state", ""), request.form.get("reason", "")


def _exists(wanted: str, reason: str) -> bool:
    known = not reason or any(one.code == reason for one in pauses())
    return wanted in CHOOSABLE and known


def _done(act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


def _loans(connection: Connection, now: datetime) -> dict[int, list[dict[str, object]]]:
    """Of each who works elsewhere for a while: which queue, in it or not, until when."""
    by_skill = {one.needs: one for one in queue_queries.settings(connection).values()}
    found: dict[int, list[dict[str, object]]] = {}
    for loan in supervision_queries.loans(connection, now):
        if (queue := by_skill.get(loan.skill)) is not None:
            told = {"queue": queue.name, "title": queue.shown, "level": loan.level}
            found.setdefault(loan.user_id, []).append({**told, "until": loan.until})
    return found


def _team() -> dict[str, object]:
    now = runtime().clock.now()
    with reading() as connection:
        people = user_queries.agents(connection, now)
        views = queue_queries.now(connection, now)
        loans = _loans(connection, now)
    queues = {
        user.id: [v.figures.title for v in views if v.people is not None and v.is_of(user.id)]
        for user, _status in people
    }
    return {
        "people": people,
        "queues": queues,
        "pbx_keeps_some": any(v.people is None for v in views),
        "reasons": pauses(),
        "all_queues": [v.figures for v in views],
        "loans": loans,
    }
