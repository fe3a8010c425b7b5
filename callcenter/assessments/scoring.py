"""What the answers of an assessment come to. Exact: fractions until the end, rounded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from callcenter.assessments.card import WHOLE, Question, ScoreCard, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The answer to one question. `value` 0 to the question's `most`, None: not answered yet.
    `at_seconds`: the place in the contact's recording with this number that is meant."""

    question: str
    value: int | None = None
    not_applicable: bool = False
    comment: str = ""
    recording: int | None = None
    at_seconds: float | None = None

    @property
    def answered(self) -> bool:
        return self.not_applicable or self.value is not None


Answers = Mapping[str, Given]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`total`: earned of what could be earned, 0 to 1; None where nothing counted. Where a fatal
    question was failed it is 0, and `unspoilt` says what it would have been. `sections`: the same
    of each section, in order, where fatal questions count by their weight alone."""

    total: Fraction | None
    unspoilt: Fraction | None
    fatal: tuple[str, ...] = ()
    sections: tuple[Fraction | None, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def points(self) -> int | None:
        return hundredths(self.total)

    @property
    def complete(self) -> bool:
        return not self.open


def score(card: ScoreCard, answers: Answers) -> Score:
    """Weighted mean: Σ weight · value/most ÷ Σ weight, over the questions that were answered and
    applied. What is not applicable leaves both sums, so that nobody gains or loses by it."""
    total = _mean(card.questions, answers)
    failed = tuple(one.key for one in card.questions if one.kills and _value(one, answers) == 0)
    return Score(
        total=Fraction(0) if failed else total,
        unspoilt=total,
        fatal=failed,
        sections=tuple(_of_section(section, answers) for section in card.sections),
        open=tuple(one.key for one in card.questions if not _is_answered(one, answers)),
    )


def share(question: Question, given: Given | None) -> Fraction | None:
    """What one answer earned of what it could, 0 to 1; None where it does not count."""
    if given is None or given.not_applicable or given.value is None:
        return None
    return Fraction(min(max(given.value, 0), question.most), question.most)


def hundredths(part: Fraction | None) -> int | None:
    """Of a percent, the half rounded up: 2/3 is 6667."""
    if part is None:
        return None
    return int((part * WHOLE * 2 + 1) // 2)


def _of_section(section: Section, answers: Answers) -> Fraction | None:
    return _mean(section.questions, answers)


def _mean(questions: Iterable[Question], answers: Answers) -> Fraction | None:
    counted = [
        (one.weight, part)
        for one in questions
        if (part := share(one, answers.get(one.key))) is not None
    ]
    weight = sum(one for one, _ in counted)
    return sum((one * part for one, part in counted), Fraction(0)) / weight if weight else None


def _value(question: Question, answers: Answers) -> int | None:
    given = answers.get(question.key)
    return None if given is None or given.not_applicable else given.value


def _is_answered(question: Question, answers: Answers) -> bool:
    given = answers.get(question.key)
    return given is not None and given.answered
