"""Surveys in words: what is wrong with one, by which way, how good a score is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from babel import numbers
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.queries.surveys import SATISFIED
from callcenter.surveys.answering import Answer, Figures
from callcenter.surveys.checks import Problem
from callcenter.surveys.survey import LOW, Survey

_SHARE: Final = "#,##0\u00a0%"
_PROBLEMS: Mapping[str, Any] = {
    "title_missing": _l("Give it a name."),
    "title_long": _l("At most %(most)s characters."),
    "unknown_language": _l("Choose a language of the list."),
    "unknown_person": _l("Choose a supervisor or an administrator."),
    "no_question": _l("Ask at least one question."),
    "too_many_questions": _l("At most %(most)s questions: callers hang up on more."),
    "question_empty": _l("Write the question, in one language at least."),
    "question_untold": _l("Not written in: %(languages)s. Who speaks it is asked in another."),
    "question_long": _l("At most %(most)s characters: it is read aloud."),
    "unknown_prompt": _l("There is no prompt “%(prompt)s”."),
    "no_queue": _l("Choose a queue: its callers are asked."),
    "unknown_queue": _l("There is no queue “%(queue)s” any more."),
    "queue_twice": _l(
        "Callers of “%(queue)s” are asked by “%(survey)s” already. Switch that off, or leave the "
        "queue out."
    ),
    "no_way": _l("Choose at least one way to ask."),
    "no_gateway_sms": _l("Sending short messages is not set up (SMS_URL)."),
    "no_gateway_email": _l("Sending mail is not set up (MAIL_SMTP_URL)."),
    "no_address": _l("A link needs the address at which callers reach us (PUBLIC_URL)."),
    "out_of_range": _l("From %(least)s to %(most)s."),
    "never_quiet": _l("The same person may be asked after every call."),
    "answered_already": _l(
        "Callers have answered these questions: their order and kind stay. Add new ones at the "
        "end, or make another survey."
    ),
    "key_unfit": _l("Small letters, digits and dashes only."),
}
WAYS: Mapping[str, Any] = {
    "keys": _l("By keys, after the call"),
    "sms": _l("Link in a short message"),
    "email": _l("Link in a mail"),
}
WAY_ICONS: Mapping[str, str] = {
    "keys": "grid-dots",
    "sms": "device-mobile-message",
    "email": "mail",
}
KINDS: Mapping[str, Any] = {"score": _l("From 1 to 5"), "yesno": _l("Yes or no")}


def problem_words(problem: Problem) -> str:
    text = str(_PROBLEMS.get(problem.code, problem.code))
    return text % problem.params if problem.params else text


def tone(score: int | None) -> str:
    if score is None:
        return "calm"
    return "bad" if score <= LOW else "ok" if score >= SATISFIED else "warn"


def csat_words(figures: Figures) -> str:
    return (
        str(numbers.format_percent(figures.csat, format=_SHARE, locale=get_locale()))
        if figures.csat is not None
        else "–"
    )


def mean_words(figures: Figures) -> str:
    """Never without the number of answers it is the mean of."""
    if figures.mean is None:
        return "–"
    return str(numbers.format_decimal(figures.mean, format="0.00", locale=get_locale()))


def response_words(figures: Figures) -> str:
    if figures.response is None:
        return "–"
    return str(numbers.format_percent(figures.response, format=_SHARE, locale=get_locale()))


def said_words(survey: Survey, answer: Answer) -> list[tuple[str, str]]:
    """Each question with what was answered; unanswered ones are left out."""
    found = []
    locale = str(get_locale())
    for place, question in enumerate(survey.questions):
        value = answer.answers.get(str(place))
        if value is not None:
            yes = _("Yes") if value else _("No")
            told = yes if question.kind == "yesno" else f"{value}/5"
            found.append((question.text(locale), told))
    return found


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        survey_problem=problem_words,
        survey_tone=tone,
        survey_csat=csat_words,
        survey_mean=mean_words,
        survey_response=response_words,
        survey_said=said_words,
        SURVEY_WAYS=WAYS,
        SURVEY_WAY_ICONS=WAY_ICONS,
        SURVEY_KINDS=KINDS,
    )
