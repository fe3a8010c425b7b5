"""What an outcome is, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["good", "bad", "neutral"]
KINDS: tuple[Kind, ...] = ("good", "bad", "neutral")
Requirement: TypeAlias = Literal["note", "callback_at", "task", "deal_step"]
REQUIREMENTS: tuple[Requirement, ...] = ("note", "callback_at", "task", "deal_step")
LONGEST_LABEL = 120
DEEPEST = 4
"""As many choices lead to an outcome at most: more would be no help in a conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One choice in a tree. `queue` '' is every queue's; `labels` are other languages' words."""

    id: int
    label: str
    queue: str = ""
    parent_id: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = "neutral"
    requires: tuple[Requirement, ...] = ()
    position: int = 0
    active: bool = True

    def label_in(self, locale: str) -> str:
        """Its words in a language; where nobody wrote any, the ones that everybody has."""
        return self.labels.get(locale) or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDraft:
    """What a supervisor says about an outcome."""

    label: str
    queue: str = ""
    parent_id: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = "neutral"
    requires: tuple[Requirement, ...] = ()
