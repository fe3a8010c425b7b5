"""What is wrong with a score card, or looks like a slip. Codes and values; words are the door's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from types import MappingProxyType
from typing import Final, Literal

from callcenter.assessments.card import (
    CHANNELS,
    MOST_POINTS,
    MOST_QUESTIONS,
    MOST_SECTIONS,
    MOST_WEIGHT,
    WHOLE,
    Question,
    ScoreCard,
)

LONGEST_TITLE: Final = 80
LONGEST_TEXT: Final = 300
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """`field`: title, queues, channels, pass_score, sections, `section-0`…, or a question's key.
    An error is refused, a warning is shown and kept."""

    field: str
    code: str
    params: Mapping[str, str] = made_by(default_factory=lambda: _NOTHING)
    severity: Literal["error", "warning"] = "error"


def check_card(card: ScoreCard, queues: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """`queues`: those that there are."""
    return (
        *_frame(card, queues),
        *_sections(card),
        *(problem for one in card.questions for problem in _question(one)),
        *_whole(card),
    )


def _frame(card: ScoreCard, queues: frozenset[str]) -> Iterator[Problem]:
    if not card.title.strip():
        yield Problem("title", "title_missing")
    elif len(card.title) > LONGEST_TITLE:
        yield Problem("title", "title_long", {"most": str(LONGEST_TITLE)})
    if unknown := sorted(set(card.queues) - queues):
        yield Problem("queues", "unknown_queue", {"queue": unknown[0]}, "warning")
    if set(card.channels) - set(CHANNELS):
        yield Problem("channels", "unknown_channel")
    if not 0 <= card.pass_score <= WHOLE:
        yield Problem("pass_score", "pass_score_range")


def _sections(card: ScoreCard) -> Iterator[Problem]:
    if not card.questions:
        yield Problem("sections", "no_question")
    if len(card.sections) > MOST_SECTIONS:
        yield Problem("sections", "too_many_sections", {"most": str(MOST_SECTIONS)})
    if len(card.questions) > MOST_QUESTIONS:
        yield Problem("sections", "too_many_questions", {"most": str(MOST_QUESTIONS)})
    for place, section in enumerate(card.sections):
        if not section.title.strip():
            yield Problem(f"section-{place}", "section_without_title")
        elif len(section.title) > LONGEST_TITLE:
            yield Problem(f"section-{place}", "title_long", {"most": str(LONGEST_TITLE)})
        if not section.questions:
            yield Problem(f"section-{place}", "section_empty", severity="warning")
    for key, times in Counter(one.key for one in card.questions).items():
        if times > 1:
            yield Problem(key, "key_twice", {"key": key})


def _question(question: Question) -> Iterator[Problem]:
    if not question.text.strip():
        yield Problem(question.key, "question_empty")
    elif len(question.text) > LONGEST_TEXT:
        yield Problem(question.key, "question_long", {"most": str(LONGEST_TEXT)})
    if len(question.help) > LONGEST_TEXT:
        yield Problem(question.key, "help_long", {"most": str(LONGEST_TEXT)})
    if not 0 <= question.weight <= MOST_WEIGHT:
        yield Problem(question.key, "weight_range", {"most": str(MOST_WEIGHT)})
    elif question.weight == 0 and not question.kills:
        yield Problem(question.key, "weight_nothing", severity="warning")
    if question.kind == "scale" and not 2 <= question.points <= MOST_POINTS:
        yield Problem(question.key, "points_range", {"most": str(MOST_POINTS)})
    if question.fatal and question.kind != "yesno":
        yield Problem(question.key, "fatal_scale")


def _whole(card: ScoreCard) -> Iterator[Problem]:
    """A card must be able to tell a good contact from a middling one."""
    if not card.questions:
        return
    counting = [one for one in card.questions if one.weight > 0]
    if not counting:
        yield Problem("sections", "nothing_counts")
    elif all(one.kills for one in card.questions):
        yield Problem("sections", "only_fatal")
    total = sum(one.weight for one in counting)
    for one in counting:
        if len(counting) > 2 and one.weight * 2 > total:
            yield Problem(one.key, "weight_over_half", severity="warning")
