"""What can be watched, and what a goal can be set for: a catalogue. Pure.

Figures of "now" come from live calls and states, those of "today" from the reports: the same
definitions, since local midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Metric = Literal[
    "waiting",
    "longest_wait",
    "ready",
    "service_level_now",
    "service_level_today",
    "abandoned_today",
    "abandonment_today",
    "callbacks_waiting",
    "paused_over",
    "pbx_down",
    "default_way",
    "wrong_pins",
]
GoalMetric = Literal["service_level", "answered", "abandonment", "asa", "aht"]
Unit = Literal["count", "seconds", "percent"]
Scope = Literal["overall", "queues", "team"]
Comparison = Literal["at_least", "at_most"]

METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
GOAL_METRICS: Final[tuple[GoalMetric, ...]] = get_args(GoalMetric)


@dataclass(frozen=True, slots=True)
class Kind:
    """`comparison`: on which side it is bad as a rule. `live`: told by the PBX, and so unknown
    while its link is down."""

    unit: Unit
    comparison: Comparison
    scopes: tuple[Scope, ...]
    live: bool = False


_QUEUES: Final[tuple[Scope, ...]] = ("overall", "queues")
_PEOPLE: Final[tuple[Scope, ...]] = ("overall", "team")
_WHOLE: Final[tuple[Scope, ...]] = ("overall",)

KINDS: Final[Mapping[Metric, Kind]] = {
    "waiting": Kind("count", "at_least", _QUEUES, live=True),
    "longest_wait": Kind("seconds", "at_least", _QUEUES, live=True),
    "ready": Kind("count", "at_most", ("overall", "queues", "team"), live=True),
    "service_level_now": Kind("percent", "at_most", _QUEUES),
    "service_level_today": Kind("percent", "at_most", _QUEUES),
    "abandoned_today": Kind("count", "at_least", _QUEUES),
    "abandonment_today": Kind("percent", "at_least", _QUEUES),
    "callbacks_waiting": Kind("count", "at_least", _QUEUES),
    "paused_over": Kind("count", "at_least", _PEOPLE),
    "pbx_down": Kind("count", "at_least", _WHOLE),
    "default_way": Kind("count", "at_least", _WHOLE),
    "wrong_pins": Kind("count", "at_least", _WHOLE),
}
"""`service_level_now`: of contacts offered in the last 30 minutes. `default_way`: calls of the last
hour that no rule could be asked for. `wrong_pins`: of callers, within the last hour.
`paused_over`: people paused beyond their reason's limit."""

GOAL_KINDS: Final[Mapping[GoalMetric, tuple[Unit, Comparison]]] = {
    "service_level": ("percent", "at_least"),
    "answered": ("count", "at_least"),
    "abandonment": ("percent", "at_most"),
    "asa": ("seconds", "at_most"),
    "aht": ("seconds", "at_most"),
}
"""Unit, and on which side of its target a goal is reached."""


def is_reached(metric: GoalMetric, value: float, target: float) -> bool:
    return value >= target if GOAL_KINDS[metric][1] == "at_least" else value <= target
