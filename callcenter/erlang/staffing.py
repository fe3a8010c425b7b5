"""How many operators reach a goal, and how many have to be in the plan for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, isqrt
from typing import Final

from callcenter.erlang.outlook import Outlook, Stream, outlook

HALF_HOUR: Final = 1800.0
MOST_AGENTS: Final = 20_000
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`percent` of all callers answered within `seconds`, and operators busy for at most
    `occupancy_percent` of their time. `shrinkage_percent` of paid time is no time for calls:
    breaks, training, illness."""

    percent: float = 80.0
    seconds: float = 20.0
    occupancy_percent: float = 100.0
    shrinkage_percent: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`agents` take calls, `scheduled` are in the plan so that as many do; `outlook` is what they
    make of it. `bound`: what the number follows from. `reached` False: more than `MOST_AGENTS`
    would be needed."""

    agents: int
    scheduled: int
    outlook: Outlook
    bound: str = "goal"
    reached: bool = True


def stream_of(
    calls: float, handle: float, patience: float = 0.0, interval: float = HALF_HOUR
) -> Stream:
    """`calls` in an interval of so many seconds, each taking an operator `handle` seconds."""
    return Stream(rate=calls / interval, handle=handle, patience=patience)


def agents_needed(stream: Stream, goal: Goal) -> Need:
    """The fewest operators that reach the goal and are not busier than they may be. A mere trickle
    of calls needs one; none needs nobody. ValueError as `outlook`."""
    if stream.load == 0.0:
        return Need(agents=0, scheduled=0, outlook=outlook(0, stream, goal.seconds), bound="none")
    level, occupancy = goal.percent / 100.0, goal.occupancy_percent / 100.0

    def answers(servers: int) -> bool:
        return outlook(servers, stream, goal.seconds).service_level >= level - _ROUNDING

    def breathes(servers: int) -> bool:
        return outlook(servers, stream, goal.seconds).occupancy <= occupancy + _ROUNDING

    fast, calm = _least(answers, stream.load), _least(breathes, stream.load)
    agents = min(max(fast, calm), MOST_AGENTS)
    return Need(
        agents=agents,
        scheduled=with_shrinkage(agents, goal.shrinkage_percent),
        outlook=outlook(agents, stream, goal.seconds),
        bound="occupancy" if calm > fast else "goal",
        reached=max(fast, calm) <= MOST_AGENTS,
    )


def with_shrinkage(agents: float, percent: float) -> int:
    """So many in the plan that `agents` take calls. ValueError for all of the time or more."""
    if not 0 <= percent < 100:
        raise ValueError("shrinkage is a share of the time: from 0 to under 100 percent")
    return ceil(agents / (1.0 - percent / 100.0) - _ROUNDING)


def without_abandons(stream: Stream) -> Stream:
    """The same calls of people who never hang up: Erlang C, on the safe side."""
    return replace(stream, patience=0.0)


def _least(holds: Callable[[int], bool], load: float) -> int:
    """The smallest number of operators for which it holds, as it does for every greater one. From
    the load on, in growing steps, then halved: what is far too few costs the most to work out."""
    step = max(1, isqrt(int(load)))
    low = high = max(1, ceil(load))
    if holds(high):
        low = high - step
        while low > 0 and holds(low):
            high, step = low, step * 2
            low = high - step
        low = max(0, low)
    else:
        high = low + step
        while not holds(high):
            if high > MOST_AGENTS:
                return MOST_AGENTS + 1
            low, step = high, step * 2
            high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
