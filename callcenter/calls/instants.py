"""From instants (POSIX seconds) to what a record holds."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.calls.facts import FIRST_REAL_INSTANT


def moment(instant: float | None) -> datetime | None:
    if instant is None or instant < FIRST_REAL_INSTANT:
        return None
    return datetime.fromtimestamp(instant, UTC)


def seconds(value: float) -> float:
    return round(max(0.0, value), 3)
