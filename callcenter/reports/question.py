"""A question to the reports, and its answer: plain values that pages, files and boards share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from callcenter.reports.periods import Period

By = Literal[
    "half_hour",
    "hour",
    "day",
    "week",
    "month",
    "year",
    "weekday",  # 1 Monday … 7 Sunday, local
    "time_of_day",  # the local half hour: 00:00 … 23:30
    "channel",
    "direction",
    "queue",
    "dialed",
    "trunk",
    "operator",
    "state",
    "reason",
    "result",
    "outcome",
    "segment",
    "menu_path",  # the keys that were pressed in voice menus, such as "1 2"
]
MOST_ROWS: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """How the service level is counted. `seconds` None: as each queue says.

    `abandons` "in": of all who were offered; "out": of those who were answered alone. `short`
    "out": who hung up within the seconds of a short abandon counts for nothing.
    """

    seconds: int | None = None
    abandons: Literal["in", "out"] = "in"
    short: Literal["in", "out"] = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which contacts are meant; an empty tuple means all. `operators` None: everybody's, with what
    nobody took; a tuple: these operators' alone (also the empty one: nobody's)."""

    channels: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    dialed: tuple[str, ...] = ()
    trunks: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    operators: tuple[int, ...] | None = None
    outcomes: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()
    segments_of: int | None = None
    """Whose segments may be told of: their own and those that are shared. None: all; 0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`kpis`: names from the catalogue (`definitions.KPIS`). `by`: what each row stands for, at
    most three; empty: the totals alone."""

    kpis: tuple[str, ...]
    period: Period
    by: tuple[By, ...] = ()
    filters: Filters = Filters()
    sl: ServiceLevel = ServiceLevel()
    again_days: int = 7
    """Within how many days another contact of the same person or number is one again."""
    at: datetime | None = None
    """When it is asked: whom a live segment has is told for this moment, and for its day in the
    period's zone. None only where nothing is asked of segments."""


@dataclass(frozen=True, slots=True)
class Row:
    """`key`: one text for each of the question's `by`, e.g. ("2026-11-22", "support"). A value of
    None: nothing to count it from (a share of nothing)."""

    key: tuple[str, ...]
    values: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What of a question a figure knows nothing of: which of its filters, and which of the things
    that its rows stand for."""

    filters: tuple[By, ...] = ()
    by: tuple[By, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.filters or self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`rows` in the order of their keys. `cut`: there were more than `MOST_ROWS`. `overlap`: one
    contact may count in several rows, and counts once in the totals."""

    rows: tuple[Row, ...]
    totals: Mapping[str, float | None]
    cut: bool = False
    overlap: bool = False
    live_segments: bool = False
    """Told by segments, some of which are live: of those who belong to them as it is read."""
    as_of: datetime | None = None
    """Contacts up to here are counted; later ones are still being summed up. None: all are."""
    unknown: Mapping[str, Unknown] = field(default_factory=dict)
    """Figures that are None in every row and in the totals, whatever there was: why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number of an answer: of which row (its key, empty for the totals) and which figure."""

    kpi: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayFigures:
    """One queue since local midnight. Shares are 0 to 1, seconds are means; None: nothing yet."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    service_level: float | None = None
    asa: float | None = None
    aht: float | None = None
    abandonment: float | None = None
    longest_wait: float = 0.0
    sums: Mapping[str, float] = field(default_factory=dict)
