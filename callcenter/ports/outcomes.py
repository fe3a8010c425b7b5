"""Outcomes of conversations: their trees, and which were given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from callcenter.outcomes.given import Contact, Given
from callcenter.outcomes.outcome import Outcome, OutcomeDraft


class Outcomes(Protocol):
    def all(self) -> tuple[Outcome, ...]:
        """Also those that are not in use any more."""
        ...

    def get(self, outcome_id: int) -> Outcome | None: ...

    def add(self, draft: OutcomeDraft) -> int:
        """At the end of those that stand beside it."""
        ...

    def update(self, outcome_id: int, values: Mapping[str, Any]) -> None: ...

    def contact(self, interaction_id: int, user_id: int) -> Contact | None: ...

    def given(self, interaction_id: int) -> Given | None: ...

    def give(self, given: Given) -> None:
        """Replaces the one that the contact has."""
        ...

    def draft(self, interaction_id: int, user_id: int) -> Mapping[str, str]: ...

    def save_draft(
        self, interaction_id: int, user_id: int, fields: Mapping[str, str], at: datetime
    ) -> None: ...

    def drop_drafts(self, interaction_id: int) -> None: ...

    def is_required(self, queue: str) -> bool:
        """Whether calls of this queue are to be given an outcome before their wrap-up ends."""
        ...
