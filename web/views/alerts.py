"""Alerts: what is beyond its threshold now, what was, and how far today's goals are."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.alert_work import room_of
from callcenter.alerts.reach import reach
from callcenter.errors import ProductError
from callcenter.queries import alerts as queries
from callcenter.queries import tasks as task_queries
from callcenter.services import alert_mails
from callcenter.services import alerts as service
from web.access import allow
from web.alert_forms import read_filters
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

alerts = Blueprint("alerts", __name__, url_prefix="/alerts")
PAGE: Final = 50


@alerts.get("")
@allow("supervisor", "admin")
def page() -> str:
    filters = read_filters(request.args, me().zone)
    kept = {name: value for name, value in request.args.items() if value and name != "cursor"}
    with reading() as connection:
        past = queries.history(connection, filters, request.args.get("cursor"), PAGE, the_viewer())
        if request.headers.get("HX-Target") == "more":
            return render_template("alerts/rows.html", past=past, kept=kept)
        return render_template(
            "alerts/page.html",
            past=past,
            kept=kept,
            goals=queries.goals_now(connection, runtime().clock.now(), the_viewer()),
            mails=queries.mail_problems(connection, the_viewer()),
            queues=_queues(connection),
            **_standing(connection),
        )


@alerts.get("/open")
@allow("supervisor", "admin")
def standing() -> str:
    """The open ones alone: the page asks for them when one changes."""
    with reading() as connection:
        return render_template("alerts/open.html", **_standing(connection))


@alerts.post("/<int:alert_id>/acknowledge")
@allow("supervisor", "admin")
def acknowledge(alert_id: int) -> ResponseReturnValue:
    """From the box on any page by script, from the page of alerts as a form."""
    by_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        service.acknowledge(alert_id, request.form.get("note", ""), me().id, room_of(runtime()))
    except ProductError as error:
        if by_script:
            return {"message": words_of(error)}, status_of(error)
        flash(words_of(error), "refused")
    if by_script:
        return "", 204
    return redirect(url_for("alerts.page"))


@alerts.post("/mails/<int:mail_id>/again")
@allow("supervisor", "admin")
def send_again(mail_id: int) -> ResponseReturnValue:
    try:
        alert_mails.retry_mail(mail_id, me().id, room_of(runtime()))
        flash(_("It is tried again now."))
    except ProductError as error:
        flash(words_of(error), "refused")
    return redirect(url_for("alerts.page"))


def _standing(connection: Connection) -> dict[str, Any]:
    """What is open and theirs to see."""
    return {
        "standing": queries.open(connection, the_viewer()),
        "zones": queries.zones(connection),
        "has_thresholds": queries.have_thresholds(connection, the_viewer()),
    }


def _queues(connection: Connection) -> list[str]:
    """To choose from in the history."""
    theirs = reach(the_viewer(), "read")
    known = task_queries.queues(connection)
    return [one for one in known if theirs is None or one in theirs.queues]
