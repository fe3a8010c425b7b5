"""What the staffing of queues is planned for."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from callcenter.erlang.goals import StaffingGoal


class StaffingGoals(Protocol):
    def all(self) -> dict[str, StaffingGoal]:
        """By queue; only those that somebody planned."""
        ...

    def save(self, goal: StaffingGoal, at: datetime) -> None: ...
