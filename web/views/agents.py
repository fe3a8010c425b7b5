"""Operators' states: the switch in the top bar, wrap-up, and the team's states for supervisors."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.agents.status import CHOOSABLE
from callcenter.errors import ProductError
from callcenter.queries import queues as queue_queries
from callcenter.queries import users as user_queries
from web import actions
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.pauses import pauses
from web.service_words import words_of

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
        flash(_("There is no such state."))
        return redirect(url_for("agents.team"))
    try:
        actions.set_state(user_id, wanted, reason, by=me().id)
    except ProductError as error:
        flash(words_of(error))
    return redirect(url_for("agents.team"))


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


def _team() -> dict[str, object]:
    now = runtime().clock.now()
    with reading() as connection:
        people = user_queries.agents(connection, now)
        views = queue_queries.now(connection, now)
    queues = {
        user.id: [v.figures.title for v in views if v.people is not None and v.is_of(user.id)]
        for user, _status in people
    }
    return {"people": people, "queues": queues, "reasons": pauses()}
