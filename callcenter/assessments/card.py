"""A score card: sections of weighted questions, and what can be answered to each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["yesno", "scale"]
KINDS: Final[tuple[Kind, ...]] = ("yesno", "scale")
CHANNELS: Final = ("call", "email", "sms", "chat")
MOST_SECTIONS: Final = 10
MOST_QUESTIONS: Final = 60
MOST_POINTS: Final = 9
MOST_WEIGHT: Final = 100
WHOLE: Final = 10_000
"""A full score, in hundredths of a percent."""
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`key` stays when the words change, so that answers can be compared over versions. A scale
    goes from 0 to `points`; yes is 1 of 1. Answered with 0, a `fatal` one makes the whole score
    zero; only questions of yes and no are fatal. `optional`: may be left out as not applicable."""

    key: str
    text: str
    kind: Kind = "yesno"
    weight: int = 1
    points: int = 5
    fatal: bool = False
    optional: bool = True
    help: str = ""

    @property
    def most(self) -> int:
        return 1 if self.kind == "yesno" else self.points

    @property
    def kills(self) -> bool:
        return self.fatal and self.kind == "yesno"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCard:
    """One version of a card. `queues`, `channels`: what it is for; none named means all of them.
    `pass_score` in hundredths of a percent, 0 where nothing is said of it. `number` is that of the
    version, `version` counts changes."""

    id: int = 0
    version_id: int = 0
    number: int = 1
    version: int = 1
    title: str
    sections: tuple[Section, ...] = ()
    queues: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    pass_score: int = 0
    active: bool = True

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(one for section in self.sections for one in section.questions)

    def question(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.key == key), None)

    def suits(self, channel: str, queue: str) -> bool:
        return (not self.channels or channel in self.channels) and (
            not self.queues or queue in self.queues
        )


def scores_alike(one: ScoreCard, other: ScoreCard) -> bool:
    """Whether an assessment by either comes to the same: no new version is needed."""
    return one.sections == other.sections and one.pass_score == other.pass_score


def with_keys(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Every question with a key of its own: what it had, else a number that nobody has."""
    told = tuple(sections)
    known = {one.key for section in told for one in section.questions}
    free = (key for key in (f"q{n}" for n in range(1, 10_000)) if key not in known)
    taken: set[str] = set()
    return tuple(
        Section(
            title=section.title,
            questions=tuple(_keyed(one, taken, free) for one in section.questions),
        )
        for section in told
    )


def _keyed(question: Question, taken: set[str], free: Iterator[str]) -> Question:
    key = question.key
    if not _KEY.fullmatch(key) or key in taken:
        key = next(free)
    taken.add(key)
    return question if key == question.key else _with_key(question, key)


def _with_key(question: Question, key: str) -> Question:
    told = {name: getattr(question, name) for name in question.__slots__}
    return Question(**told | {"key": key})


def sections_to_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    return [
        {
            "title": section.title,
            "questions": [
                {name: getattr(one, name) for name in one.__slots__} for one in section.questions
            ],
        }
        for section in sections
    ]


def sections_from_json(document: Any) -> tuple[Section, ...]:
    return tuple(
        Section(
            title=str(one.get("title") or ""),
            questions=tuple(_question(told) for told in one.get("questions") or ()),
        )
        for one in document
    )


def _question(told: Any) -> Question:
    return Question(
        key=str(told["key"]),
        text=str(told["text"]),
        kind="scale" if told.get("kind") == "scale" else "yesno",
        weight=int(told.get("weight", 1)),
        points=int(told.get("points", 5)),
        fatal=bool(told.get("fatal")),
        optional=bool(told.get("optional", True)),
        help=str(told.get("help") or ""),
    )
