"""The operator's desk: the page, its pieces for one call and for the time between calls, and the
state switch. Who is calling comes over the socket; the rest of the card is fetched here."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.errors import ProductError
from callcenter.queries import customers as customer_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.views import InteractionView
from web import actions
from web.access import allow
from web.context import me, reading, today
from web.errors import status_of
from web.forms import new_customer_values
from web.presentation import PAUSE_REASONS
from web.service_words import words_of

desk = Blueprint("desk", __name__, url_prefix="/desk")
RECENT = 8


@desk.get("")
@allow()
def page() -> str:
    with reading() as connection:
        return render_template("desk/page.html", **_between_calls(connection))


@desk.get("/idle")
@allow()
def idle() -> str:
    with reading() as connection:
        return render_template("desk/idle_piece.html", **_between_calls(connection))


@desk.get("/call/<int:interaction_id>")
@allow()
def call(interaction_id: int) -> str:
    """Facts, note and timeline for the call on the desk."""
    with reading() as connection:
        interaction = interaction_queries.get(connection, interaction_id, today())
        if interaction is None:
            abort(404)
        card = None
        if interaction.customer is not None:
            card = customer_queries.card(connection, interaction.customer.id, today())
    wanted = card is None and not interaction.candidates
    values = new_customer_values(interaction) if wanted else {}
    return render_template(
        "desk/call.html",
        interaction=interaction,
        card=card,
        values=values,
        note=my_note(interaction),
    )


@desk.post("/state")
@allow()
def state() -> ResponseReturnValue:
    wanted, reason = request.form.get("state", ""), request.form.get("reason", "")
    if wanted not in ("ready", "paused", "offline") or (reason and reason not in PAUSE_REASONS):
        return {"message": _("There is no such state.")}, 422
    try:
        actions.set_state(me().id, wanted, reason)
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


def my_note(interaction: InteractionView) -> str:
    """What this user has written on it so far: one note each, others' are shown beside it."""
    return next((note.text for note in interaction.notes if note.author.id == me().id), "")


def _between_calls(connection: Connection) -> dict[str, object]:
    mine = InteractionFilters(operator_id=me().id)
    recent = interaction_queries.page(connection, mine, None, RECENT, today()).items
    last = interaction_queries.get(connection, recent[0].id, today()) if recent else None
    lost = InteractionFilters(direction="inbound", result=("missed", "abandoned"))
    missed = interaction_queries.page(connection, lost, None, 2 * RECENT, today()).items
    return {
        "last": last,
        "note": my_note(last) if last else "",
        "recent": recent,
        "missed": [item for item in missed if item.ended_at is not None][:RECENT],
    }
