"""What a call script is: steps, each with its text and where it leads. Pure.

A step's `next` is the id of the step after it; '' is the end. Of a choice, each option leads on by
itself. Scripts are kept and handed out as JSON; reading it never raises, `validation` says what is
wrong with what was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

StepKind: TypeAlias = Literal["info", "choice", "text", "number", "date", "card_data"]
STEP_KINDS: tuple[StepKind, ...] = get_args(StepKind)
DONE = "done"
"""The answer to a step that asks nothing: it was read out, or the card's data were taken. What a
caller says in a card_data step is never kept."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice, and the step that it leads to."""

    label: str
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    id: str
    title: str = ""
    text: str = ""
    kind: str = "info"
    options: tuple[Option, ...] = ()
    next: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """Where it may lead; '' is the end."""
        if self.kind == "choice":
            return tuple(option.next for option in self.options)
        return (self.next,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    title: str
    steps: tuple[Step, ...]
    queue: str = ""

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def place(self, step_id: str) -> int:
        """Its place in the list, for people: from 1; 0 when there is none."""
        return next((n for n, step in enumerate(self.steps, 1) if step.id == step_id), 0)


def steps_of(stored: object) -> tuple[Step, ...]:
    """Steps from JSON, whatever it holds: what is no step is left out, what is no text is empty."""
    if not isinstance(stored, Sequence) or isinstance(stored, str):
        return ()
    return tuple(_step(one) for one in stored if isinstance(one, Mapping))


def steps_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [_step_json(step) for step in steps]


def _step(stored: Mapping[str, Any]) -> Step:
    options = stored.get("options")
    return Step(
        id=_text(stored, "id"),
        title=_text(stored, "title"),
        text=_text(stored, "text"),
        kind=_text(stored, "kind") or "info",
        options=tuple(
            Option(_text(one, "label"), _text(one, "next"))
            for one in (options if isinstance(options, list | tuple) else ())
            if isinstance(one, Mapping)
        ),
        next=_text(stored, "next"),
    )


def _text(stored: Mapping[str, Any], name: str) -> str:
    value = stored.get(name)
    return value.strip() if isinstance(value, str) else ""


def _step_json(step: Step) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": step.id,
        "title": step.title,
        "text": step.text,
        "kind": step.kind,
    }
    if step.kind == "choice":
        options = [{"label": option.label, "next": option.next} for option in step.options]
        return plain | {"options": options}
    return plain | {"next": step.next}
