"""What the staffing of a queue is planned for, as it is stored, and what a half hour then needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from callcenter.erlang.outlook import LONGEST_PATIENCE
from callcenter.erlang.staffing import Goal, Need, agents_needed, stream_of

USUAL_HANDLE: Final = 180.0
"""Seconds, where no call was handled yet."""
BOUNDS: Final = {
    "percent": (1, 99),
    "seconds": (0, 600),
    "patience_seconds": (0, int(LONGEST_PATIENCE)),
    "shrinkage_percent": (0, 90),
    "occupancy_percent": (10, 100),
    "handle_seconds": (0, 7200),
}
"""What each whole number may be, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingGoal:
    """`percent` of all callers answered within `seconds`. `patience_seconds` 0: callers never hang
    up (Erlang C, else A). `handle_seconds` 0: as long as the last calls took. `calendar`: key of
    the hours in which somebody is there; '': always."""

    queue: str = ""
    percent: int = 80
    seconds: int = 20
    patience_seconds: int = 120
    shrinkage_percent: int = 30
    occupancy_percent: int = 85
    handle_seconds: int = 0
    calendar: str = ""

    @property
    def goal(self) -> Goal:
        return Goal(
            percent=self.percent,
            seconds=self.seconds,
            occupancy_percent=self.occupancy_percent,
            shrinkage_percent=self.shrinkage_percent,
        )

    def need(self, calls: float, measured: float | None = None) -> Need:
        """For `calls` in a half hour; `measured`: mean seconds that handling took lately."""
        handle = self.handle_seconds or measured or USUAL_HANDLE
        return agents_needed(stream_of(calls, handle, self.patience_seconds), self.goal)
