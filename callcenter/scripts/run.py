"""A script as it is gone through: which step is next is a function of the answers alone. Pure.

Answers stand under their steps' ids, so that a step may be gone back to and answered anew. They
outlive changes of the script: what they answered and is not there any more, is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from callcenter.scripts.script import DONE, Script, Step

LONGEST_ANSWER = 2000
_NUMBER = re.compile(r"[-+]?\d{1,15}([.,]\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Position:
    """Where one is: the ids gone through, the step now (None: at the end), how far that is."""

    path: tuple[str, ...]
    step: Step | None
    remaining: int

    @property
    def progress(self) -> float:
        """0 at the beginning, 1 at the end."""
        whole = len(self.path) + self.remaining
        return len(self.path) / whole if whole else 1.0


def next_step(step: Step, answer: str | None) -> str | None:
    """The id after a step with this answer; '' is the end, None that it is not answered."""
    if answer is None:
        return None
    if step.kind != "choice":
        return step.next
    return next((option.next for option in step.options if option.label == answer), None)


def position(script: Script, answers: Mapping[str, str], at: str = "") -> Position:
    """Follow the answers from the first step: to `at`, if they lead there, else as far as they go.

    A step that is come to a second time is asked again: its answer has led here already.
    """
    path: list[str] = []
    step = script.steps[0] if script.steps else None
    while step is not None and step.id != at and step.id not in path:
        following = next_step(step, answers.get(step.id))
        if following is None:
            break
        path.append(step.id)
        step = script.step(following) if following else None
    if step is not None and step.id in path:
        path = path[: path.index(step.id)]
    return Position(tuple(path), step, _remaining(script, step))


def _remaining(script: Script, step: Step | None) -> int:
    """The fewest steps from here to the end, this one included."""
    count, layer, seen = 0, {step.id} if step is not None else set(), set[str]()
    while layer:
        count += 1
        seen |= layer
        steps = [found for one in layer if (found := script.step(one)) is not None]
        ways = {way for one in steps for way in one.ways}
        if not ways or "" in ways:
            break
        layer = ways - seen
    return count


def accepted(step: Step, given: str) -> str | None:
    """An answer as it is kept; None when it does not answer this step."""
    text = given.strip()
    if step.kind in ("info", "card_data"):
        return DONE
    if step.kind == "choice":
        return text if any(option.label == text for option in step.options) else None
    if step.kind == "number":
        return text if _NUMBER.fullmatch(text) else None
    if step.kind == "date":
        return _day(text)
    return text if 0 < len(text) <= LONGEST_ANSWER else None


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
