"""What is asked after a call, whom of the callers, and by which ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from zlib import crc32

Kind = Literal["score", "yesno"]
Way = Literal["keys", "sms", "email"]
WAYS: Final[tuple[Way, ...]] = ("keys", "sms", "email")
LINK_WAYS: Final[tuple[Way, ...]] = ("sms", "email")
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
MOST_QUESTIONS: Final = 5
LONGEST_QUESTION: Final = 200
LONGEST_COMMENT: Final = 1000
SCORES: Final = range(1, 6)
LOW: Final = 2
"""A score up to this is a caller whom somebody should ask what went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`texts`: how it is asked, by language. What is asked by telephone is `prompt` where one is
    named (somebody's own voice), else the text read aloud."""

    kind: Kind = "score"
    texts: Mapping[str, str] = field(default_factory=dict)
    prompt: str = ""

    def text(self, locale: str) -> str:
        """In this language, else in the first that there is."""
        own = self.texts.get(locale, "").strip()
        return own or next((one.strip() for one in self.texts.values() if one.strip()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`every_nth`: of the calls that may be asked, one in so many is. `quiet_days`: nobody is asked
    again within them. `comment`: whether one may add a few words, spoken or written."""

    id: int = 0
    key: str
    title: str
    questions: tuple[Question, ...] = ()
    queues: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ("keys",)
    language: str = "en"
    comment: bool = True
    every_nth: int = 1
    quiet_days: int = 30
    delay_minutes: int = 5
    valid_hours: int = 72
    needs_consent: bool = False
    low_task_for: int | None = None
    active: bool = False

    @property
    def link_ways(self) -> tuple[Way, ...]:
        return tuple(one for one in LINK_WAYS if one in self.ways)


def is_chosen(call_id: str, every_nth: int) -> bool:
    """One call in `every_nth`, the same whoever asks and however often: nobody can pick the calls
    that are asked about."""
    return every_nth <= 1 or crc32(call_id.encode()) % every_nth == 0


def survey_of(queue: str, surveys: Iterable[Survey]) -> Survey | None:
    """The active one that is asked after calls of this queue."""
    return next((one for one in surveys if one.active and queue in one.queues), None)


def questions_to_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    return [{"kind": one.kind, "texts": dict(one.texts), "prompt": one.prompt} for one in questions]


def questions_from_json(document: Any) -> tuple[Question, ...]:
    return tuple(
        Question(
            kind="yesno" if one.get("kind") == "yesno" else "score",
            texts={str(name): str(text) for name, text in dict(one.get("texts") or {}).items()},
            prompt=str(one.get("prompt") or ""),
        )
        for one in document
    )
