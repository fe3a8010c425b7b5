"""Which months of the archive could not be read for what is being asked now: readers go on without
them, and whoever shows the answer says so.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from prometheus_client import Counter

_LEFT_OUT: Final = Counter(
    "callcenter_archive_left_out_total", "Answers that went without a month of the archive"
)
_told: ContextVar[set[str] | None] = ContextVar("archive_left_out", default=None)


def begin() -> None:
    """Something else is asked from now on, in this thread."""
    _told.set(set())


def tell(*months: str) -> None:
    told = _told.get()
    for month in months:
        if told is None or month not in told:
            _LEFT_OUT.inc()
        if told is not None:
            told.add(month)


def months() -> tuple[str, ...]:
    """Since `begin`, the oldest first."""
    return tuple(sorted(_told.get() or ()))
