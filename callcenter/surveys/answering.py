"""What somebody answered, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from callcenter.surveys.survey import LOW, SCORES, Question, Way

State = Literal["asked", "answered", "refused"]
_HIGHEST, _LOWEST = SCORES[-1], SCORES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One contact that was asked about. `answers`: question number (from "0") → 1–5, or 1 yes and
    0 no. `refused`: they could not be asked (`problem`)."""

    id: int
    survey_id: int
    pbx: str
    call_id: str
    interaction_id: int | None
    customer_id: int | None
    operator_id: int | None
    number: str
    queue: str
    language: str
    way: Way
    state: State
    asked_at: datetime
    expires_at: datetime | None
    answered_at: datetime | None
    score: int | None
    answers: Mapping[str, int]
    comment: str
    message: str
    message_id: int | None
    problem: str

    def open_at(self, now: datetime) -> bool:
        """Whether its link may still be answered by."""
        return self.state == "asked" and (self.expires_at is None or now < self.expires_at)

    @property
    def low(self) -> bool:
        return self.score is not None and self.score <= LOW


def value_of(question: Question, key: str) -> int | None:
    """What a key, or a choice on the page, means as an answer; None where it means nothing."""
    if question.kind == "yesno":
        return {"1": 1, "2": 0}.get(key)
    return int(key) if key in {str(one) for one in SCORES} else None


def score_of(questions: Iterable[Question], answers: Mapping[str, int]) -> int | None:
    """The contact's one score: the first question from 1 to 5 that was answered; without one, the
    first yes (5) or no (1)."""
    given = [
        (question.kind, answers[str(place)])
        for place, question in enumerate(questions)
        if str(place) in answers
    ]
    for kind, value in given:
        if kind == "score":
            return value
    return next((_HIGHEST if value else _LOWEST for _kind, value in given), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of contacts that were asked about.

    Score scale: 1 (very bad) to 5 (very good); of a survey without such a question yes is 5, no 1.
    CSAT = answers with a score of 4 or 5 / all answers with a score; nobody's without an answer.
    Mean = the sum of scores / n, n = answers with a score. It is never shown without n.
    Response rate = answered / asked; asked are contacts whose caller heard the first question, or
    whose link went out. Whoever was answered partly counts with what they said.
    """

    asked: int = 0
    answered: int = 0
    n: int = 0
    satisfied: int = 0
    low: int = 0
    total: int = 0
    refused: int = 0

    @property
    def csat(self) -> float | None:
        return self.satisfied / self.n if self.n else None

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.n else None

    @property
    def response(self) -> float | None:
        return self.answered / self.asked if self.asked else None
