"""Assessments in words: states, what is wrong with a card, scores and agreement as figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from babel import numbers
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from callcenter.assessments.card import MOST_POINTS, WHOLE, Question
from callcenter.assessments.checks import Problem
from callcenter.assessments.scoring import Given
from callcenter.queries import assessments as queries
from web.context import me, reading
from web.conversation_words import CHANNEL_LOOKS
from web.presentation import Look
from web.viewer import the_viewer

_PROBLEMS: Mapping[str, Any] = {
    "title_missing": _l("Give it a name."),
    "title_long": _l("At most %(most)s characters."),
    "title_taken": _l("Another card has this name."),
    "unknown_queue": _l("There is no queue “%(queue)s” any more."),
    "unknown_channel": _l("Choose a channel of the list."),
    "pass_score_range": _l("From 0 to 100 percent."),
    "no_question": _l("Ask at least one question."),
    "too_many_sections": _l("At most %(most)s sections."),
    "too_many_questions": _l("At most %(most)s questions: nobody answers more with care."),
    "section_without_title": _l("Give the section a name."),
    "section_empty": _l("This section asks nothing."),
    "key_twice": _l("Two questions have the same key “%(key)s”."),
    "question_empty": _l("Write the question."),
    "question_long": _l("At most %(most)s characters."),
    "help_long": _l("At most %(most)s characters."),
    "weight_range": _l("From 0 to %(most)s."),
    "weight_nothing": _l("With the weight 0 it changes no score."),
    "weight_over_half": _l("It weighs more than all others together."),
    "points_range": _l("A scale goes up to 2 at least, %(most)s at most."),
    "fatal_scale": _l("Only a question of yes or no can be fatal."),
    "nothing_counts": _l("All weights are 0: nothing would come out."),
    "only_fatal": _l(
        "There are fatal questions alone: a contact would be perfect or worth nothing. Add "
        "questions that tell the better from the worse."
    ),
}
STATES: Mapping[str, Look] = {
    "draft": Look("calm", "pencil", _l("Draft")),
    "final": Look("warn", "clock", _l("Waits for the operator")),
    "answered": Look("ok", "check", _l("Agreed")),
    "disputed": Look("bad", "message", _l("Objected")),
    "closed": Look("calm", "lock", _lp("state", "Closed")),
}
KINDS: Mapping[str, Any] = {"yesno": _l("Yes or no"), "scale": _l("Scale from 0")}
BY: Mapping[str, Any] = {
    "operator": _l("Operator"),
    "queue": _l("Queue"),
    "question": _l("Question"),
}


def problem_words(problem: Problem) -> str:
    text = str(_PROBLEMS.get(problem.code, problem.code))
    return text % problem.params if problem.params else text


def percent(value: int | Fraction | float | None, digits: int = 1) -> str:
    """`value` in hundredths of a percent when whole, else a share of one."""
    if value is None:
        return "–"
    share = Fraction(value, WHOLE) if isinstance(value, int) else value
    shape = f"#,##0.{'#' * digits} %" if digits else "#,##0 %"
    return str(numbers.format_percent(float(share), format=shape, locale=get_locale()))


def mean(value: Fraction | None) -> str:
    return "–" if value is None else percent(value / 100)


def number(value: Fraction | None) -> str:
    if value is None:
        return "–"
    return str(numbers.format_decimal(float(value), format="0.00", locale=get_locale()))


def tone(score: int | None, pass_score: int = 0) -> str:
    if score is None or not pass_score:
        return "calm"
    return "ok" if score >= pass_score else "bad"


def choices(question: Question) -> list[tuple[str, str, str]]:
    """What can be answered: value, word, the key that answers it."""
    if question.kind == "yesno":
        found = [("1", str(_("Yes")), "1"), ("0", str(_("No")), "2")]
    else:
        found = [(str(n), str(n), str(n)) for n in range(min(question.most, MOST_POINTS) + 1)]
    return [*found, ("na", str(_("Does not apply")), "x")] if question.optional else found


def told(question: Question, given: Given | None) -> str:
    if given is None or not given.answered:
        return "–"
    if given.not_applicable:
        return str(_("Does not apply"))
    if question.kind == "yesno":
        return str(_("Yes") if given.value else _("No"))
    return f"{given.value}/{question.most}"


def chosen(given: Given | None) -> str:
    if given is None or not given.answered:
        return ""
    return "na" if given.not_applicable else str(given.value)


def clock(seconds: float | None) -> str:
    whole = int(seconds or 0)
    return f"{whole // 60}:{whole % 60:02}"


def place() -> str:
    """Where "Quality" leads this person; '' where there is nothing for them."""
    viewer = the_viewer()
    if viewer.may("quality", "create") and me().is_supervisor:
        return "assessments.page"
    if not viewer.may("quality", "read"):
        return ""
    with reading() as connection:
        return "assessments.mine" if queries.has_any(connection, viewer.user_id) else ""


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        card_problem=problem_words,
        quality_percent=percent,
        quality_mean=mean,
        quality_number=number,
        quality_tone=tone,
        quality_choices=choices,
        quality_told=told,
        quality_chosen=chosen,
        quality_clock=clock,
        quality_place=place,
        ASSESSMENT_STATES=STATES,
        QUESTION_KINDS=KINDS,
        QUALITY_BY=BY,
        QUALITY_CHANNELS=CHANNEL_LOOKS,
    )
