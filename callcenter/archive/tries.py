"""When a month is tried again for which the archive had not memory enough. Pure.

Something else may have needed the memory, so a month is tried again soon, some times. Where that
is of no use it is the month that is too large: copying it again and again would keep the worker
busy for nothing, so it waits a day between tries, and says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from callcenter.archive.months import NO_MEMORY, Month

_SOON: Final = (timedelta(minutes=1), timedelta(minutes=10))
_LATER: Final = timedelta(days=1)
MOST: Final = len(_SOON) + 1
"""From so many tries on a month waits a day for the next one, and a person is told."""
OVER: Final[dict[str, object]] = {"tries": 0, "try_at": None}
"""What is noted of a month once a try has come through."""


def failed(month: Month, now: datetime) -> dict[str, object]:
    """What is noted of a month after a try that lacked memory."""
    tries = month.tries + 1
    if tries < MOST:
        return {"tries": tries, "try_at": now + _SOON[tries - 1]}
    return {"tries": tries, "try_at": now + _LATER, "problem": NO_MEMORY}


def waits(month: Month, now: datetime) -> bool:
    """Whether its next try is yet to come. Who asks for one by hand (which takes the problem away)
    need not wait."""
    soon = not month.problem and month.tries < MOST
    counted = month.lacks_memory or soon
    return counted and month.try_at is not None and now < month.try_at
