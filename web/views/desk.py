"""The operator's desk: the page, its pieces for one call and for the time between calls.

Who is calling comes over the socket; the rest of the card is fetched here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from callcenter.queries import alerts as alert_queries
from callcenter.queries import customers as customer_queries
from callcenter.queries import deals as deal_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import missed_pops
from callcenter.queries import tasks as task_queries
from callcenter.queries.deals import DealFilters
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.views import InteractionView
from web import actions
from web.access import allow
from web.context import me, reading, runtime, today
from web.customer_forms import new_customer_values
from web.explain.routes import short_reason
from web.people_words import words_of_fields
from web.viewer import the_viewer

desk = Blueprint("desk", __name__, url_prefix="/desk")
RECENT = 8
OPEN = 5


@desk.get("")
@allow()
def page() -> str:
    with reading() as connection:
        goals = alert_queries.goals_of(connection, me().id, runtime().clock.now())
        return render_template("desk/page.html", goals=goals, **_between_calls(connection))


@desk.get("/idle")
@allow()
def idle() -> str:
    with reading() as connection:
        return render_template("desk/idle_piece.html", **_between_calls(connection))


@desk.get("/goals")
@allow()
def goals() -> str:
    with reading() as connection:
        found = alert_queries.goals_of(connection, me().id, runtime().clock.now())
    return render_template("desk/goals.html", goals=found)


@desk.get("/call/<int:interaction_id>")
@allow()
def call(interaction_id: int) -> str:
    """Facts, note and timeline for the contact on the desk. `over`: the call has ended, so that
    its head and what is known of it come from here too."""
    with reading() as connection:
        interaction = interaction_queries.get(connection, interaction_id, today())
        if interaction is None:
            abort(404)
        about = _about(connection, interaction.customer.id if interaction.customer else None)
    before = [one for one in about["timeline"] if one.id != interaction.id]
    values = {} if about["card"] else new_customer_values(interaction)
    return render_template(
        "desk/call.html",
        interaction=interaction,
        over="over" in request.args,
        before=before,
        values=values,
        note=my_note(interaction),
        short_reason=short_reason,
        **about,
    )


@desk.post("/missed/seen")
@allow()
def see_missed() -> ResponseReturnValue:
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
        known = until.tzinfo is not None and until.astimezone(UTC)
    except (ValueError, OverflowError):
        known = False
    if not known:
        return {"message": _("This is not a moment.")}, 422
    actions.see_missed(me().id, known)
    return "", 204


def _about(connection: Connection, customer_id: int | None) -> dict[str, Any]:
    """The customer's card with what is open for them."""
    card = customer_queries.card(connection, customer_id, today()) if customer_id else None
    if customer_id is None or card is None:
        return {"card": None, "timeline": (), "deals": (), "tasks": ()}
    wanted = DealFilters(customer_id=customer_id, state="open")
    return {
        **words_of_fields(connection, card, the_viewer()),
        "card": card,
        "timeline": card.interactions,
        "deals": deal_queries.page(
            connection, wanted, None, OPEN, today(), viewer=the_viewer()
        ).items,
        "tasks": task_queries.of_customer(
            connection, customer_id, OPEN, today(), viewer=the_viewer()
        ),
    }


def my_note(interaction: InteractionView) -> str:
    """What this user has written on it so far: one note each, others' are shown beside it."""
    return next((note.text for note in interaction.notes if note.author.id == me().id), "")


def _between_calls(connection: Connection) -> dict[str, object]:
    mine = InteractionFilters(operator_id=me().id)
    recent = interaction_queries.page(
        connection, mine, None, RECENT, today(), viewer=the_viewer()
    ).items
    last = interaction_queries.get(connection, recent[0].id, today()) if recent else None
    now = runtime().clock.now()
    return {
        "last": last,
        "note": my_note(last) if last else "",
        "recent": recent,
        "missed_by_me": missed_pops.unseen(connection, me().id, now),
        "now": now,
    }
