"""How the work is divided: queues' settings, who has which skill, and what a pause may be for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from callcenter.agents.staffing import PauseReason, QueueSettings


class Staffing(Protocol):
    def queues(self) -> dict[str, QueueSettings]:
        """By name, in order of position."""
        ...

    def save_queue(self, name: str, values: Mapping[str, Any]) -> None:
        """A queue that has no settings yet gets them."""
        ...

    def skills(self) -> dict[int, dict[str, int]]:
        """User → skill → level."""
        ...

    def set_skill(self, user_id: int, skill: str, level: int) -> None:
        """Level 0: they have it no more."""
        ...

    def pause_reasons(self) -> Sequence[PauseReason]:
        """All of them, in order of position, those out of use too."""
        ...

    def save_pause_reason(self, reason: PauseReason) -> None: ...
