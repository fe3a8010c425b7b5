"""When a delivery is tried again: soon at first, then ever more rarely, for some two days. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

_WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (10, 30, 120, 600, 1_800, 7_200, 21_600, 43_200, 86_400)
)
MOST_ATTEMPTS = len(_WAITS) + 1
GIVEN_UP_AFTER = timedelta(days=3)
"""A webhook that has taken nothing for so long is switched off."""


def next_attempt(attempts: int, at: datetime, jitter: float = 0.0) -> datetime | None:
    """After `attempts` that failed, the last one at `at`; None: enough. `jitter` of 0…1 spreads
    by up to a tenth what failed together."""
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = _WAITS[max(attempts, 1) - 1]
    return at + wait + wait * (0.1 * jitter)
