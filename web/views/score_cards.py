"""Score cards: what is looked at, how much it weighs, and what is wrong with a card."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.assessments.card import CHANNELS, Question, ScoreCard, Section
from callcenter.assessments.checks import Problem
from callcenter.errors import ProductError
from callcenter.queries import score_cards as queries
from callcenter.queries import tasks as task_queries
from callcenter.services.score_cards import CardDesk, Unfit
from web import assessment_forms as forms
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of

score_cards = Blueprint("score_cards", __name__, url_prefix="/quality/cards")
_BLANK = ScoreCard(
    title="", sections=(Section(title="", questions=(Question(key="", text=""),)),), pass_score=8000
)


@score_cards.get("")
@allow("supervisor", "admin")
def page() -> str:
    with reading() as connection:
        found, uses = queries.all_cards(connection), queries.uses(connection)
    return render_template("assessments/cards.html", cards=found, uses=uses)


@score_cards.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    return _form(_BLANK)


@score_cards.post("")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    draft = forms.read_card(request.form)
    try:
        _desk().create(draft)
    except Unfit as error:
        return _form(draft, error.problems, _not_saved()), 422
    except ProductError as error:
        return _form(draft, refused=words_of(error)), status_of(error)
    flash(_("Saved."))
    return redirect(url_for("score_cards.page"))


@score_cards.post("/draw")
@allow("supervisor", "admin")
def draw() -> str:
    """The form anew, with what was added or taken away; nothing is saved."""
    edits = request.form.get("edit", "")
    draft = forms.edited(forms.read_card(request.form), edits)
    card_id = forms.record_id(request.form.get("card_id", "")) or 0
    draft = replace(draft, id=card_id)
    shown = _problems(draft) if request.form.get("checked") == "yes" else ()
    return _form(draft, shown, going=forms.goes_on(draft, edits))


@score_cards.get("/<int:card_id>")
@allow("supervisor", "admin")
def one(card_id: int) -> str:
    card = _existing(card_id)
    return _form(card, _problems(card))


@score_cards.post("/<int:card_id>")
@allow("supervisor", "admin")
def save(card_id: int) -> ResponseReturnValue:
    draft = replace(forms.read_card(request.form), id=card_id)
    try:
        _desk().save(card_id, draft, draft.version)
    except Unfit as error:
        return _form(draft, error.problems, _not_saved()), 422
    except ProductError as error:
        return _form(draft, refused=words_of(error)), status_of(error)
    flash(_("Saved. Assessments made before keep the card as it was."))
    return redirect(url_for("score_cards.page"))


@score_cards.post("/<int:card_id>/delete")
@allow("supervisor", "admin")
def delete(card_id: int) -> ResponseReturnValue:
    try:
        _desk().remove(card_id)
    except ProductError as error:
        return _form(_existing(card_id), refused=words_of(error)), status_of(error)
    flash(_("Deleted."))
    return redirect(url_for("score_cards.page"))


def _desk() -> CardDesk:
    return CardDesk(unit_of_work=runtime().unit_of_work, clock=runtime().clock, user_id=me().id)


def _problems(card: ScoreCard) -> tuple[Problem, ...]:
    return _desk().problems_of(card)


def _not_saved() -> str:
    return str(_("Nothing was saved: see what is marked below."))


def _existing(card_id: int) -> ScoreCard:
    with reading() as connection:
        return queries.card(connection, card_id) or abort(404)


def _form(
    card: ScoreCard, problems: tuple[Problem, ...] = (), refused: str = "", going: str = ""
) -> str:
    with reading() as connection:
        queues = task_queries.queues(connection)
    return render_template(
        "assessments/card.html",
        card=card,
        problems=problems,
        refused=refused,
        going=going,
        queues=queues,
        channels=CHANNELS,
    )
