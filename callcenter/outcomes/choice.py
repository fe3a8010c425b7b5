"""Whether a chosen outcome is complete: a leaf of its queue's tree, with all that it asks for.

Every problem names its field and says what to do. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callcenter.outcomes.outcome import Requirement
from callcenter.outcomes.tree import Node, find

LONGEST_TASK = 160
LONGEST_STEP = 255
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an operator said about how it ended, and what is to follow from it.

    `deal_id` of None with a `deal_step` begins a new deal.
    """

    outcome_id: int | None
    note: str = ""
    callback_at: datetime | None = None
    task: str = ""
    task_due_at: datetime | None = None
    deal_id: int | None = None
    deal_currency: str = "EUR"
    deal_step: str = ""
    deal_step_on: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    message: str


_MISSING: Mapping[Requirement, tuple[Callable[[Choice], object], Problem]] = {
    "note": (
        lambda choice: choice.note.strip(),
        Problem("note", "write a note first: this outcome asks for one"),
    ),
    "callback_at": (
        lambda choice: choice.callback_at,
        Problem("callback_at", "say when to call back"),
    ),
    "task": (
        lambda choice: choice.task.strip(),
        Problem("task", "say what is to be done"),
    ),
    "deal_step": (
        lambda choice: choice.deal_step.strip(),
        Problem("deal_step", "say what the next step of the deal is"),
    ),
}


def check(tree: Sequence[Node], choice: Choice, now: datetime) -> tuple[Problem, ...]:
    """What is still wrong with it; () when it can be given."""
    if choice.outcome_id is None:
        return (Problem("outcome_id", "choose an outcome first"),)
    node = find(tree, choice.outcome_id)
    if node is None:
        return (
            Problem("outcome_id", "this outcome is not one of the queue's any more; take another"),
        )
    if not node.is_leaf:
        return (Problem("outcome_id", "this is a group: choose one of the outcomes under it"),)
    return (*_missing(node.outcome.requires, choice), *_wrong(choice, now))


def _missing(requires: Iterable[Requirement], choice: Choice) -> list[Problem]:
    asked = [_MISSING[name] for name in requires if name in _MISSING]
    return [problem for given, problem in asked if not given(choice)]


def _wrong(choice: Choice, now: datetime) -> list[Problem]:
    found = []
    for field, moment in (("callback_at", choice.callback_at), ("task_due_at", choice.task_due_at)):
        if moment is not None and moment <= now:
            found.append(Problem(field, "is in the past; take a later time"))
        elif moment is not None and moment > now + FARTHEST:
            found.append(Problem(field, "is more than a year away; take an earlier time"))
    lengths = (("task", choice.task, LONGEST_TASK), ("deal_step", choice.deal_step, LONGEST_STEP))
    found += [
        Problem(field, f"must have at most {longest} characters")
        for field, text, longest in lengths
        if len(text.strip()) > longest
    ]
    return found
