"""The page that a caller opens from their link: no log-in, nothing of them on it, answered once."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from callcenter.errors import Conflict
from callcenter.services import survey_answers
from callcenter.services.survey_answers import SurveyRoom
from callcenter.surveys.answering import value_of
from callcenter.surveys.links import is_ours
from callcenter.surveys.survey import LONGEST_COMMENT, Survey
from web.access import public
from web.context import runtime
from web.i18n import LOCALES
from web.limits import limiter

survey_answer = Blueprint("survey_answer", __name__, url_prefix="/survey")
PER_ADDRESS: Final = "60 per minute"
_LARGEST: Final = 32 * 1024


def _limit() -> str:
    return str(current_app.config.get("SURVEY_LIMIT", PER_ADDRESS))


@survey_answer.get("/<token>")
@public
@limiter.limit(_limit)
def form(token: str) -> ResponseReturnValue:
    return _page(token)


@survey_answer.post("/<token>")
@public
@limiter.limit(_limit)
def answer(token: str) -> ResponseReturnValue:
    request.max_content_length = _LARGEST
    found = survey_answers.open_link(token, _room()) if _ours(token) else None
    if found is None:
        return _over()
    asked, survey = found
    answers = _answers(survey)
    if not answers:
        return _page(token, lacking=True)
    try:
        comment = request.form.get("comment", "")[: 2 * LONGEST_COMMENT]
        survey_answers.answer_link(token, answers, comment, _room())
    except Conflict:
        return _over()
    return _answer("surveys/thanks.html", asked.language, survey=survey)


def _page(token: str, *, lacking: bool = False) -> ResponseReturnValue:
    found = survey_answers.open_link(token, _room()) if _ours(token) else None
    if found is None:
        return _over()
    asked, survey = found
    told = _answer(
        "surveys/visitor.html",
        asked.language,
        survey=survey,
        spoken=_language(asked.language),
        lacking=lacking,
        longest=LONGEST_COMMENT,
    )
    return (told, 422) if lacking else told


def _over() -> ResponseReturnValue:
    """Used, too old or never ours: nobody learns which."""
    return _answer("surveys/over.html", ""), 404


def _answer(template: str, language: str, **told: object) -> Response:
    with force_locale(_language(language)):
        page = render_template(template, **told)
    made = make_response(page)
    made.headers["Referrer-Policy"] = "no-referrer"
    made.headers["Cache-Control"] = "no-store"
    made.headers["X-Robots-Tag"] = "noindex"
    return made


def _language(known: str) -> str:
    """What they choose on the page, else what they spoke, else what their browser says."""
    chosen = request.args.get("lang", "")
    wanted = chosen if chosen in LOCALES else known
    return wanted if wanted in LOCALES else request.accept_languages.best_match(LOCALES) or "en"


def _answers(survey: Survey) -> dict[str, int]:
    values = {
        str(place): value_of(question, request.form.get(f"answer-{place}", ""))
        for place, question in enumerate(survey.questions)
    }
    return {place: value for place, value in values.items() if value is not None}


def _ours(token: str) -> bool:
    return is_ours(token, runtime().settings.secret_key)


def _room() -> SurveyRoom:
    made = runtime()
    return SurveyRoom(unit_of_work=made.unit_of_work, publisher=made.bus, clock=made.clock)
