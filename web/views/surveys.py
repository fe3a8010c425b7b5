"""Surveys: what callers are asked after a call, and what they answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.queries import surveys as queries
from callcenter.queries import tasks as task_queries
from callcenter.queries import users as user_queries
from callcenter.queries.menus import all_prompts
from callcenter.queries.surveys import AnswerFilters
from callcenter.services.surveys import SurveyDesk, Unfit
from callcenter.speech import LOCALES
from callcenter.survey_work import visitors_address
from callcenter.surveys.checks import Problem
from callcenter.surveys.survey import MOST_QUESTIONS, WAYS, Question, Survey, Way
from web import survey_forms
from web.access import allow
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

surveys = Blueprint("surveys", __name__, url_prefix="/surveys")
PAGE: Final = 50
_LATELY: Final = timedelta(days=30)
FIRST: Final = Question(
    texts={
        "en": "How satisfied are you with this call?",
        "ru": "Насколько вы довольны этим звонком?",
        "pl": "Jak oceniasz tę rozmowę?",
    }
)


@surveys.get("")
@allow("supervisor", "admin")
def page() -> str:
    first = today() - _LATELY
    lately = survey_forms.read_filters({"since": first.isoformat()}, today(), me().zone).filters
    with reading() as connection:
        found = queries.all_surveys(connection)
        figures = queries.by_survey(connection, replace(lately, viewer=the_viewer()))
    return render_template(
        "surveys/page.html", surveys=found, figures=figures, missing=_missing(found), first=first
    )


@surveys.get("/mine")
@allow()
def mine() -> str:
    """What callers said of one's own calls."""
    filters = AnswerFilters(
        operator_id=me().id,
        since=runtime().clock.now() - _LATELY,
        score=request.args.get("score", ""),
        viewer=the_viewer(),
    )
    with reading() as connection:
        figures = queries.figures(connection, replace(filters, score=""))
        found = queries.page(
            connection, replace(filters, state="answered"), request.args.get("cursor"), PAGE
        )
    return _rows_or("surveys/mine.html", found=found, figures=figures, target="surveys.mine")


@surveys.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    draft = Survey(key="", title="", questions=(FIRST,), language=me().locale)
    return _form(draft)


@surveys.post("")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    draft = survey_forms.read_survey(request.form)
    try:
        survey_id = _desk().create(draft)
    except Unfit as error:
        return _form(draft, error.problems, _not_saved()), 422
    flash(_("Saved."))
    return redirect(url_for("surveys.one", survey_id=survey_id))


@surveys.get("/<int:survey_id>")
@allow("supervisor", "admin")
def one(survey_id: int) -> str:
    """The report: each number opens the answers behind it."""
    asked = survey_forms.read_filters(request.args, today(), me().zone)
    whole = replace(asked.filters, survey_id=survey_id, viewer=the_viewer())
    groups = replace(whole, score="", state="", said=False)
    with reading() as connection:
        survey = queries.survey(connection, survey_id) or abort(404)
        found = queries.page(connection, whole, request.args.get("cursor"), PAGE)
        told: dict[str, Any] = {
            "figures": queries.figures(connection, groups),
            "queues": queries.by_queue(connection, groups),
            "operators": queries.by_operator(connection, groups),
            "weeks": queries.by_week(connection, groups, asked.weeks),
        }
    return _rows_or(
        "surveys/report.html",
        found=found,
        survey=survey,
        asked=asked,
        target="surveys.one",
        problems=_desk().problems_of(survey),
        week=timedelta(days=6, hours=12),
        **told,
    )


@surveys.get("/<int:survey_id>/edit")
@allow("supervisor", "admin")
def edit(survey_id: int) -> str:
    survey = _existing(survey_id)
    return _form(survey, _desk().problems_of(survey))


@surveys.post("/<int:survey_id>")
@allow("supervisor", "admin")
def save(survey_id: int) -> ResponseReturnValue:
    draft = replace(survey_forms.read_survey(request.form), id=survey_id)
    try:
        _desk().save(survey_id, draft)
    except Unfit as error:
        return _form(draft, error.problems, _not_saved()), 422
    flash(_("Saved."))
    return redirect(url_for("surveys.one", survey_id=survey_id))


@surveys.post("/<int:survey_id>/active")
@allow("supervisor", "admin")
def switch(survey_id: int) -> ResponseReturnValue:
    survey = replace(_existing(survey_id), active=request.form.get("active") == "yes")
    try:
        _desk().save(survey_id, survey)
    except Unfit as error:
        return _form(survey, error.problems, _not_saved()), 422
    flash(_("Callers are asked from now on.") if survey.active else _("Nobody is asked any more."))
    return redirect(url_for("surveys.one", survey_id=survey_id))


@surveys.post("/<int:survey_id>/delete")
@allow("supervisor", "admin")
def delete(survey_id: int) -> ResponseReturnValue:
    try:
        _desk().remove(survey_id)
    except ProductError as error:
        survey = _existing(survey_id)
        return _form(survey, refused=words_of(error)), status_of(error)
    flash(_("Deleted."))
    return redirect(url_for("surveys.page"))


def ways_now() -> frozenset[Way]:
    """Those that a gateway serves."""
    settings = runtime().settings
    able = {
        "keys": True,
        "sms": settings.sms is not None,
        "email": settings.mail_server is not None,
    }
    return frozenset(one for one in WAYS if able[one])


def _desk() -> SurveyDesk:
    return SurveyDesk(
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
        ways=ways_now(),
        has_address=bool(visitors_address(runtime().settings)),
        user_id=me().id,
    )


def _not_saved() -> str:
    return str(_("Nothing was saved: see what is marked below."))


def _missing(found: tuple[Survey, ...]) -> dict[int, list[Way]]:
    """Survey → ways of it that nothing serves any more, while it is on."""
    able = ways_now()
    lacking = {one.id: [way for way in one.ways if way not in able] for one in found if one.active}
    return {survey_id: ways for survey_id, ways in lacking.items() if ways}


def _existing(survey_id: int) -> Survey:
    with reading() as connection:
        return queries.survey(connection, survey_id) or abort(404)


def _rows_or(template: str, **told: Any) -> str:
    kept = {name: value for name, value in request.args.items() if value and name != "cursor"}
    more = request.headers.get("HX-Target") == "more"
    return render_template("surveys/answers.html" if more else template, kept=kept, **told)


def _form(survey: Survey, problems: tuple[Problem, ...] = (), refused: str = "") -> str:
    with reading() as connection:
        people = [one for one in user_queries.all(connection) if one.active]
        queues = task_queries.queues(connection)
        prompts = sorted(all_prompts(connection))
    blank = Question()
    lines = [*survey.questions, *([blank] if len(survey.questions) < MOST_QUESTIONS else [])]
    return render_template(
        "surveys/form.html",
        survey=survey,
        lines=lines,
        problems=problems,
        refused=refused,
        people=[one for one in people if one.role in ("supervisor", "admin")],
        queues=queues,
        prompts=prompts,
        locales=LOCALES,
        ways=ways_now(),
    )
