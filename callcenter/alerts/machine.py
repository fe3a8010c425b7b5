"""The state machine of one threshold over the samples of one subject. Pure.

| sample | level ok | level amber or red |
|---|---|---|
| beyond a bound | waits for the sustained time, then opens | goes up to red in the same way |
| back, but by less than `clear_by` | the wait is over | stays |
| back by `clear_by` or more | the wait is over | goes down at once: to amber, or closes |
| nothing to measure (a share of nothing) | the wait is over | closes |
| unknown, or none for long (we were down, the clock jumped) | the wait begins anew | stays |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from callcenter.alerts.threshold import LEVELS, Level, Threshold

LONGEST_GAP: Final = timedelta(seconds=30)
"""Between two samples: after a longer one nobody knows what was in between."""


@dataclass(frozen=True, slots=True)
class State:
    """Since when the figure has been beyond the bound without a break; None while it is not."""

    level: Level = "ok"
    amber_since: datetime | None = None
    red_since: datetime | None = None


CALM: Final = State()


def is_gap(before: datetime | None, now: datetime) -> bool:
    """Also where the clock went back."""
    return before is None or not timedelta(0) <= now - before <= LONGEST_GAP


def unseen(state: State) -> State:
    """What is waited for begins anew; what was told stays told."""
    return replace(
        state,
        amber_since=state.amber_since if state.level != "ok" else None,
        red_since=state.red_since if state.level == "red" else None,
    )


def step(rule: Threshold, state: State, value: float, now: datetime) -> State:
    """After one sample that follows the last one without a gap."""
    red = _since(rule, state, "red", value, now)
    amber = _since(rule, state, "amber", value, now)
    return State(_level(rule, state, amber, red, now), amber, red)


def _since(
    rule: Threshold, state: State, level: Level, value: float, now: datetime
) -> datetime | None:
    bound = rule.bound(level)
    if bound is None:
        return None
    held = LEVELS.index(state.level) >= LEVELS.index(level)
    if not _is_beyond(rule, bound, value, rule.clear_by if held else 0.0):
        return None
    return (state.amber_since if level == "amber" else state.red_since) or now


def _is_beyond(rule: Threshold, bound: float, value: float, slack: float) -> bool:
    if rule.comparison == "at_least":
        return value >= bound - slack
    return value <= bound + slack


def _level(
    rule: Threshold, state: State, amber: datetime | None, red: datetime | None, now: datetime
) -> Level:
    if red is not None and (state.level == "red" or now - red >= rule.sustained):
        return "red"
    if amber is not None and (state.level != "ok" or now - amber >= rule.sustained):
        return "amber"
    return "ok"


def is_worse(level: Level, than: Level) -> bool:
    return LEVELS.index(level) > LEVELS.index(than)


def worst_of(rule: Threshold, one: float, other: float) -> float:
    return max(one, other) if rule.comparison == "at_least" else min(one, other)
