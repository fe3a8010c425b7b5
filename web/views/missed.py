"""The worklist of calls in vain: who waits longest is first; one claims, calls, or closes."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.missed.rule import CLAIM, claimed
from callcenter.queries import missed as queries
from callcenter.queries import tasks as task_queries
from callcenter.queries.missed import MissedFilters
from web import actions, unfolding
from web.access import allow
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

missed = Blueprint("missed", __name__, url_prefix="/missed")
ON_DESK = 6


@missed.get("")
@allow()
def page() -> str:
    filters = _filters()
    part = unfolding.asked()
    with reading() as connection:
        found = queries.page(connection, filters, part.cursor, part.rows, today())
        queues = task_queries.queues(connection)
    target = request.headers.get("HX-Target")
    return render_template(
        "missed/rows.html" if target == "missed-rows" else "missed/page.html",
        found=found,
        filters=filters,
        kept=unfolding.kept(),
        part=part,
        queues=queues,
        now=runtime().clock.now(),
        claimed=claimed,
        claim_minutes=int(CLAIM.total_seconds() // 60),
    )


@missed.get("/desk")
@allow()
def desk() -> str:
    whose = None if me().is_supervisor else me().id
    filters = MissedFilters(of_user=whose, viewer=the_viewer())
    with reading() as connection:
        found = queries.page(connection, filters, None, ON_DESK, today())
    return render_template(
        "missed/desk.html", found=found, now=runtime().clock.now(), claimed=claimed
    )


@missed.get("/<int:missed_id>/history")
@allow()
def history(missed_id: int) -> str:
    """Every call from and to the number since."""
    with reading() as connection:
        row = queries.get(connection, missed_id, today(), viewer=the_viewer())
        if row is None:
            abort(404)
        calls = queries.history(connection, row, today(), viewer=the_viewer())
    return render_template("missed/history.html", row=row, calls=calls)


@missed.post("/<int:missed_id>/<any(claim, release, close):what>")
@allow()
def act(missed_id: int, what: str) -> ResponseReturnValue:
    with reading() as connection:
        if queries.get(connection, missed_id, today(), viewer=the_viewer()) is None:
            abort(404)
    try:
        if what == "close":
            actions.close_missed(missed_id, request.form.get("why", ""), me().id)
        else:
            actions.claim_missed(missed_id, me().id, release=what == "release")
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


def _filters() -> MissedFilters:
    """One's own queues, unless all are asked for."""
    everything = request.args.get("whose") == "all" or me().is_supervisor
    return MissedFilters(
        closed=request.args.get("state") == "closed",
        queue=request.args.get("queue", "")[:80] or None,
        of_user=None if everything else me().id,
        viewer=the_viewer(),
    )
