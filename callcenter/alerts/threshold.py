"""A bound that a figure is watched by, an alert that came of it, and a day's goal: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from callcenter.alerts.metrics import Comparison, GoalMetric, Metric, Scope

Level = Literal["ok", "amber", "red"]
Why = Literal[
    "cleared", "nothing_to_measure", "out_of_hours", "switched_off", "changed", "deleted", "gone"
]
"""Why an alert was closed; `gone`: its queue or team is no longer there."""
LEVELS: Final[tuple[Level, ...]] = ("ok", "amber", "red")
OVERALL: Final = ""
"""The subject of what is watched for the whole centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """`clear_by`: how far a figure must come back behind its bound before the alert is over, so
    that one that swings around the bound is told once. `sustained_minutes` 0: at once.
    `calendar` '': at any hour. `zone`: whose midnight "today" begins at. `words`: how its mails
    speak, as `reporting.language` keeps it; empty: English."""

    metric: Metric
    comparison: Comparison
    amber: float | None = None
    red: float | None = None
    id: int = 0
    title: str = ""
    scope: Scope = "overall"
    queues: tuple[str, ...] = ()
    team_id: int | None = None
    sustained_minutes: int = 0
    clear_by: float = 0.0
    calendar: str = ""
    zone: str = "UTC"
    browser: bool = True
    mails: tuple[str, ...] = ()
    webhook: bool = False
    active: bool = True
    words: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def sustained(self) -> timedelta:
        return timedelta(minutes=self.sustained_minutes)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Each is watched by itself: a queue's name, a team's number, '' for the whole centre."""
        if self.scope == "queues":
            return self.queues
        if self.scope == "team":
            return (str(self.team_id),) if self.team_id is not None else ()
        return (OVERALL,)

    def watches_as(self, other: Threshold) -> bool:
        """Whether what was seen under one counts under the other: bounds and times may differ."""
        names = ("metric", "comparison", "scope", "team_id", "zone")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def bound(self, level: Level) -> float | None:
        return {"amber": self.amber, "red": self.red}.get(level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """`subject_title`: the queue's or team's name then. `level` is that of now, or of the end."""

    metric: Metric
    comparison: Comparison
    bound: float
    level: Level
    value: float
    opened_at: datetime
    level_at: datetime
    worst_level: Level
    worst_value: float
    id: int = 0
    threshold_id: int | None = None
    title: str = ""
    scope: Scope = "overall"
    subject: str = OVERALL
    subject_title: str = ""
    sustained_minutes: int = 0
    browser: bool = True
    closed_at: datetime | None = None
    why: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: int | None = None
    acknowledged_name: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`queue` '': the whole centre. `target` in the metric's unit: percent, seconds or a count."""

    metric: GoalMetric
    target: float
    id: int = 0
    queue: str = ""
    zone: str = "UTC"
