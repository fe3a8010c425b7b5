"""What is wrong with a survey, or looks like a slip. Codes and values; words are the door's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from types import MappingProxyType
from typing import Final, Literal

from callcenter.surveys.survey import KEY, LONGEST_QUESTION, MOST_QUESTIONS, WAYS, Survey, Way

LONGEST_TITLE: Final = 80
_NUMBERS: Final = (
    ("every_nth", 1, 1000),
    ("quiet_days", 0, 730),
    ("delay_minutes", 0, 1440),
    ("valid_hours", 1, 720),
)
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """`field`: title, key, queues, ways, language, low_task_for, a number's name, questions, or
    `question-0`… An error is refused, a warning is shown and kept."""

    field: str
    code: str
    params: Mapping[str, str] = made_by(default_factory=lambda: _NOTHING)
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is: queues, ways that can be gone now, prompts, who may be given a task, and the
    other surveys."""

    queues: frozenset[str] = frozenset()
    ways: frozenset[Way] = frozenset(WAYS)
    has_address: bool = True
    prompts: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    locales: tuple[str, ...] = ("en",)
    others: tuple[Survey, ...] = ()


def check_survey(survey: Survey, known: Known) -> tuple[Problem, ...]:
    return (
        *_frame(survey, known),
        *_questions(survey, known),
        *_queues(survey, known),
        *_ways(survey, known),
        *_limits(survey),
    )


def _frame(survey: Survey, known: Known) -> Iterator[Problem]:
    if not survey.title.strip():
        yield Problem("title", "title_missing")
    elif len(survey.title) > LONGEST_TITLE:
        yield Problem("title", "title_long", {"most": str(LONGEST_TITLE)})
    if survey.key and not KEY.fullmatch(survey.key):
        yield Problem("key", "key_unfit")
    if survey.language not in known.locales:
        yield Problem("language", "unknown_language")
    if survey.low_task_for is not None and survey.low_task_for not in known.people:
        yield Problem("low_task_for", "unknown_person")


def _questions(survey: Survey, known: Known) -> Iterator[Problem]:
    if not survey.questions:
        yield Problem("questions", "no_question")
    if len(survey.questions) > MOST_QUESTIONS:
        yield Problem("questions", "too_many_questions", {"most": str(MOST_QUESTIONS)})
    for place, question in enumerate(survey.questions):
        field = f"question-{place}"
        missing = [one for one in known.locales if not question.texts.get(one, "").strip()]
        if len(missing) == len(known.locales):
            yield Problem(field, "question_empty")
        elif missing:
            yield Problem(field, "question_untold", {"languages": ", ".join(missing)}, "warning")
        if any(len(text) > LONGEST_QUESTION for text in question.texts.values()):
            yield Problem(field, "question_long", {"most": str(LONGEST_QUESTION)})
        if question.prompt and question.prompt not in known.prompts:
            yield Problem(field, "unknown_prompt", {"prompt": question.prompt})


def _queues(survey: Survey, known: Known) -> Iterator[Problem]:
    if not survey.queues:
        yield Problem("queues", "no_queue")
    for queue in survey.queues:
        if queue not in known.queues:
            yield Problem("queues", "unknown_queue", {"queue": queue})
        other = _asked_by(queue, known.others) if survey.active else None
        if other is not None:
            yield Problem("queues", "queue_twice", {"queue": queue, "survey": other.title})


def _asked_by(queue: str, others: Iterable[Survey]) -> Survey | None:
    return next((one for one in others if one.active and queue in one.queues), None)


def _ways(survey: Survey, known: Known) -> Iterator[Problem]:
    if not survey.ways:
        yield Problem("ways", "no_way")
    for way in survey.ways:
        if way not in known.ways:
            yield Problem("ways", f"no_gateway_{way}")
    if survey.link_ways and not known.has_address:
        yield Problem("ways", "no_address")


def _limits(survey: Survey) -> Iterator[Problem]:
    for name, least, most in _NUMBERS:
        if not least <= getattr(survey, name) <= most:
            yield Problem(name, "out_of_range", {"least": str(least), "most": str(most)})
    if not survey.quiet_days:
        yield Problem("quiet_days", "never_quiet", severity="warning")
