"""The picture of a call, measured: where each lane, bar and mark stands. Templates draw it.

Across everything is per cent of the width, so that one picture fits a desk and a phone; down it is
pixels. Words and colours are the template's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callcenter.calls.story import Bar, Lane, Move, Story

TOP = 24
LANE = 52
BAR_TOP = 22
BAR = 22
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_MOST_TICKS = 6
_WORD, _SECONDS = 12.0, 5.0
_LEAST = 0.4


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """`shows`: "all" (word and seconds everywhere), "wide" (word only where there is room),
    "seconds" (only there), or "" for a bar too narrow for any."""

    x: str
    width: str
    bar: Bar
    shows: str


@dataclass(frozen=True, slots=True)
class DrawnLane:
    y: int
    lane: Lane
    bars: tuple[DrawnBar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    anchor: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A move of the call from one lane to another; `y2` is None when it went to nobody shown."""

    x: str
    y1: int
    y2: int | None
    move: Move


@dataclass(frozen=True, slots=True)
class Chart:
    height: int
    lanes: tuple[DrawnLane, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def draw(story: Story) -> Chart:
    scale = _Scale(story.start, max(story.seconds, 1.0))
    lanes = tuple(
        DrawnLane(TOP + at * LANE, lane, tuple(scale.bar(bar) for bar in lane.bars))
        for at, lane in enumerate(story.lanes)
    )
    return Chart(
        height=TOP + len(lanes) * LANE,
        lanes=lanes,
        ticks=tuple(scale.ticks()),
        marks=tuple(scale.mark(move) for move in story.moves if move.by >= 0),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    seconds: float

    def at(self, moment: datetime) -> float:
        passed = (moment - self.start).total_seconds()
        return min(100.0, max(0.0, 100.0 * passed / self.seconds))

    def bar(self, bar: Bar) -> DrawnBar:
        left = self.at(bar.start)
        width = max(_LEAST, self.at(bar.end) - left)
        left = min(left, 100.0 - width)
        shows = "all" if width >= 3 * _WORD else "wide" if width >= _WORD else "seconds"
        return DrawnBar(_percent(left), _percent(width), bar, shows if width >= _SECONDS else "")

    def ticks(self) -> Iterable[Tick]:
        step = next((s for s in _STEPS if self.seconds / s <= _MOST_TICKS), _STEPS[-1])
        for number in range(int(self.seconds // step) + 1):
            x = 100.0 * number * step / self.seconds
            anchor = "start" if x < 2 else "end" if x > 96 else "middle"
            yield Tick(_percent(x), anchor, float(number * step))

    def mark(self, move: Move) -> Mark:
        y2 = _middle(move.to) if move.to >= 0 and move.to != move.by else None
        return Mark(_percent(self.at(move.at)), _middle(move.by), y2, move)


def _middle(lane: int) -> int:
    return TOP + lane * LANE + BAR_TOP + BAR // 2


def _percent(value: float) -> str:
    return f"{value:.3f}%"
