"""A score card whose scores are worked out in one's head."""

from __future__ import annotations

from callcenter.assessments.card import Question, ScoreCard, Section
from callcenter.assessments.scoring import Answers, Given

GREETING = Question(key="greeting", text="Did they greet?", weight=1)
LISTENED = Question(key="listened", text="Did they listen?", kind="scale", points=5, weight=2)
IDENTITY = Question(key="identity", text="Was the caller identified?", weight=3, fatal=True)
CARD = ScoreCard(
    title="Service",
    sections=(
        Section(title="Opening", questions=(GREETING, IDENTITY)),
        Section(title="Middle", questions=(LISTENED,)),
    ),
)


def answers(**told: int | None) -> Answers:
    """None: not applicable."""
    return {
        key: Given(question=key, value=value, not_applicable=value is None)
        for key, value in told.items()
    }
