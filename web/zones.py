"""The time zones one can choose: places, not abbreviations or old aliases."""

from __future__ import annotations

from zoneinfo import available_timezones

_PLACES = (
    "Africa/",
    "America/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
ZONES: tuple[str, ...] = (
    "UTC",
    *sorted(name for name in available_timezones() if name.startswith(_PLACES)),
)
