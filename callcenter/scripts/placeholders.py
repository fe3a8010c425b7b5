"""Placeholders in a script's text, filled from the card, the call and the answers given. Pure.

What is not known stays a visible gap: braces are never shown to whoever reads it out, and what a
customer is called is never read as a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

NAMES = (
    "customer.name",
    "customer.given_name",
    "customer.organization",
    "customer.owes",
    "operator.name",
    "call.queue",
    "call.number",
)
ANSWER = "answer."
FIELD = "field."
"""One of the company's own fields, by its key: `{field.limit}`."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BRACES = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a filled text: of the script itself, a value, or a gap named for what lacks."""

    kind: Literal["text", "value", "gap"]
    text: str


def fill(text: str, values: Mapping[str, str]) -> tuple[Part, ...]:
    """The text in parts, in order. Never raises, whatever the text and the values hold."""
    parts: list[Part] = []
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        parts.append(Part("text", _BRACES.sub("", text[end : found.start()])))
        parts.append(_part(found.group(1).strip(), values))
        end = found.end()
    parts.append(Part("text", _BRACES.sub("", text[end:])))
    return tuple(part for part in parts if part.text or part.kind == "gap")


def _part(name: str, values: Mapping[str, str]) -> Part:
    value = values.get(name, "").strip()
    return Part("value", value) if value else Part("gap", name)


def placeholders_in(text: str) -> tuple[str, ...]:
    return tuple(found.strip() for found in _PLACEHOLDER.findall(text))


def has_lone_brace(text: str) -> bool:
    return bool(_BRACES.search(_PLACEHOLDER.sub("", text)))


def answer_values(answers: Mapping[str, str]) -> dict[str, str]:
    return {f"{ANSWER}{step_id}": value for step_id, value in answers.items()}
