"""Months of the archive: their names, bounds, and what state each is in. Pure.

A month is `YYYY-MM` of UTC: an interaction is in the month in which it began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from callcenter.errors import Invalid

State = Literal["to_move", "copying", "deleting", "moved", "to_restore", "restoring"]
READABLE: Final[frozenset[State]] = frozenset({"deleting", "moved", "to_restore", "restoring"})
"""In these a month's files hold what the database does not."""
HARMED: Final = "the files are not as they were left: bring them from a back-up"
"""The problem of a month about which a person decides."""
NO_MEMORY: Final = "the archive has no memory left for this now"
"""What DuckDB's lack of memory is called, and the problem of a month that waits for it."""
LEAST_MONTHS: Final = 1
MOST_MONTHS: Final = 1200
YOUNGEST: Final = timedelta(days=27)
"""What is younger than this is in no archive: a month must be over, and another one as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`position`: the id of the last interaction that was gone through, while deleting or
    restoring. `kept`: why how many stayed. `folder`: where its files lie, below the archive's.
    `tries`: that lacked memory, one after the other; `try_at`: no next one before then."""

    month: str
    state: State
    folder: str = ""
    sha256: str = ""
    files: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    interactions: int = 0
    bytes: int = 0
    kept: Mapping[str, int] = field(default_factory=dict)
    first_id: int = 0
    last_id: int = 0
    position: int = 0
    done: int = 0
    stale: bool = False
    problem: str = ""
    asked_by: int | None = None
    moved_at: datetime | None = None
    accepted: bool = False
    tries: int = 0
    try_at: datetime | None = None

    @property
    def readable(self) -> bool:
        return self.state in READABLE and bool(self.folder)

    @property
    def harmed(self) -> bool:
        return self.problem == HARMED

    @property
    def lacks_memory(self) -> bool:
        return self.problem == NO_MEMORY

    def bounds(self) -> tuple[datetime, datetime]:
        return bounds(self.month)


def checked(month: str) -> str:
    """Raises Invalid for what is no month."""
    try:
        return name_of(datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC))
    except ValueError as error:
        raise Invalid("month", "must be a month such as 2024-03") from error


def checked_months(months: int | None) -> int | None:
    """How many whole months stay in the database; None: all of them."""
    if months is not None and not LEAST_MONTHS <= months <= MOST_MONTHS:
        raise Invalid("months", f"must be from {LEAST_MONTHS} to {MOST_MONTHS}")
    return months


def name_of(at: datetime) -> str:
    moment = at.astimezone(UTC)
    return f"{moment.year:04}-{moment.month:02}"


@lru_cache(maxsize=MOST_MONTHS)  # a reader asks them of every month that there is
def bounds(month: str) -> tuple[datetime, datetime]:
    """From its first moment up to, without, the next month's."""
    begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return begin, _next(begin)


def youngest_to_move(now: datetime, months_live: int) -> str:
    """The youngest month that a policy moves: so many whole months before this one stay."""
    begin = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(months_live + 1):
        begin = (begin - timedelta(days=1)).replace(day=1)
    return name_of(begin)


def between(first: datetime, last_month: str) -> Sequence[str]:
    """Every month from that of `first` to `last_month`, the oldest first."""
    found, begin = [], bounds(name_of(first))[0]
    while name_of(begin) <= last_month:
        found.append(name_of(begin))
        begin = _next(begin)
    return found


def _next(begin: datetime) -> datetime:
    return (begin + timedelta(days=32)).replace(day=1)
