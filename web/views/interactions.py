"""Every logged contact: the list with its filters in the address, one contact with its legs and
the reasons behind it, its notes, and saying who it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.customers.phone import parse_number
from callcenter.errors import ProductError
from callcenter.outcomes.outcome import Outcome
from callcenter.outcomes.tree import forest_of, path_to, walk
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import outcomes as outcome_queries
from callcenter.queries import surveys
from callcenter.queries import users as user_queries
from callcenter.queries.interactions import InteractionFilters
from web import actions
from web.access import allow
from web.context import me, reading, runtime, today
from web.conversation_words import CHANNEL_LOOKS
from web.errors import status_of
from web.explain.words import RULES
from web.presentation import DIRECTIONS, RESULTS
from web.service_words import words_of
from web.viewer import the_viewer
from web.views.desk import my_note
from web.views.explain import is_explained_to_me, traces_of
from web.whole_numbers import whole_number

interactions = Blueprint("interactions", __name__, url_prefix="/interactions")
PAGE = 50


@interactions.get("")
@allow()
def page() -> str:
    filters, problems = _filters()
    with reading() as connection:
        found = interaction_queries.page(
            connection, filters, request.args.get("cursor"), PAGE, today(), viewer=the_viewer()
        )
        people = user_queries.all(connection)
        outcomes = _indented(outcome_queries.all(connection))
    kept = {name: value for name, value in request.args.items() if value and name != "cursor"}
    more = request.headers.get("HX-Target") == "more"
    return render_template(
        "interactions/rows.html" if more else "interactions/page.html",
        found=found,
        people=people,
        outcomes=outcomes,
        kept=kept,
        CHANNEL_LOOKS=CHANNEL_LOOKS,
        problems=problems,
    )


@interactions.get("/<int:interaction_id>")
@allow()
def one(interaction_id: int) -> str:
    with reading() as connection:
        interaction = interaction_queries.get(connection, interaction_id, today())
        answers = surveys.of_interactions(connection, [interaction_id], the_viewer())
    if interaction is None:
        abort(404)
    explainable = interaction.call_id is not None and is_explained_to_me(interaction)
    return render_template(
        "interactions/one.html",
        interaction=interaction,
        note=my_note(interaction),
        survey=answers.get(interaction_id),
        explainable=explainable,
        traces=traces_of(interaction) if explainable else (),
        RULES=RULES,
        CHANNEL_LOOKS=CHANNEL_LOOKS,
    )


@interactions.post("/<int:interaction_id>/note")
@allow()
def note(interaction_id: int) -> ResponseReturnValue:
    try:
        actions.save_interaction_note(interaction_id, me().id, request.form.get("text", ""))
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


@interactions.post("/<int:interaction_id>/customer")
@allow()
def choose(interaction_id: int) -> ResponseReturnValue:
    """A customer, nobody (`none`), or again whoever the number says (`restore`)."""
    customer_id = request.form.get("customer_id", type=whole_number)
    wanted = request.form.get("who", "")
    if customer_id is None and wanted not in ("none", "restore"):
        return {"message": _("Say which customer.")}, 422
    try:
        if wanted == "restore":
            actions.forget_choice(interaction_id, me().id)
        else:
            actions.link_interaction(interaction_id, customer_id, me().id)
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


def _filters() -> tuple[InteractionFilters, dict[str, str]]:
    """Filters as the address says; what cannot be read is named and left out."""
    problems: dict[str, str] = {}
    phone = request.args.get("phone", "").strip()
    parsed = parse_number(phone, runtime().settings.number_plan, internal_allowed=False)
    if phone and not parsed.e164:
        problems["phone"] = _("This is not a number we can read, so it was left out.")
    since, until = _day("since", problems), _day("until", problems)
    return InteractionFilters(
        phone=parsed.e164 or None if phone else None,
        operator_id=request.args.get("operator", type=whole_number),
        result=_known("result", RESULTS),
        direction=_known("direction", DIRECTIONS),
        channel=_known("channel", CHANNEL_LOOKS),
        queue=request.args.get("queue", "").strip() or None,
        since=_start_of(since) if since else None,
        until=_start_of(until + timedelta(days=1)) if until else None,
        text=request.args.get("text", "").strip() or None,
        outcome_id=_number("outcome"),
        corrected={"yes": True, "no": False}.get(request.args.get("corrected", "")),
    ), problems


def _indented(outcomes: tuple[Outcome, ...]) -> list[tuple[Outcome, int]]:
    """Every queue's tree, each outcome with how deep it stands."""
    queues = sorted({one.queue for one in outcomes})
    trees = [node for queue in queues for node in walk(forest_of(outcomes, queue))]
    return [(node.outcome, len(path_to(outcomes, node.outcome.id)) - 1) for node in trees]


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _known(name: str, table: object) -> str | None:
    value = request.args.get(name, "")
    return value if value in table else None  # type: ignore[operator]


def _day(name: str, problems: dict[str, str]) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems[name] = _("This is not a date, so it was left out.")
        return None


def _start_of(day: date) -> datetime:
    """Midnight on the user's wall, as UTC."""
    return datetime.combine(day, time.min, tzinfo=me().zone).astimezone(UTC)
