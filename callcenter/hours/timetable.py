"""All calendars with their closures, as a decision asks them: many times a second, by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from callcenter.hours.calendar import Calendar, Closure
from callcenter.hours.opening import OpenNow, is_open


class Timetable:
    """What each calendar says is worked out once a minute: hours begin and end at whole minutes.

    `stamp` changes with whatever is stored, so that who keeps one knows when to read it again.
    """

    def __init__(
        self, calendars: Iterable[Calendar] = (), closures: Iterable[Closure] = (), stamp: str = ""
    ) -> None:
        self.calendars: Mapping[str, Calendar] = {one.key: one for one in calendars}
        self.closures = tuple(closures)
        self.stamp = stamp
        self._told: tuple[int, dict[str, OpenNow]] = (-1, {})

    def state(self, key: str, at: datetime) -> OpenNow | None:
        """None: there is no such calendar."""
        calendar = self.calendars.get(key)
        if calendar is None:
            return None
        minute = int(at.timestamp() // 60)
        kept_minute, kept = self._told
        if kept_minute != minute:
            kept = {}
            self._told = (minute, kept)
        if key not in kept:
            whole = at.replace(second=0, microsecond=0)
            kept[key] = is_open(calendar, self.closures, whole)
        return kept[key]

    def told(self, at: datetime) -> dict[str, tuple[bool, str]]:
        """For `CallFacts.hours`: of each calendar whether we are there, and the code of why."""
        states = ((key, self.state(key, at)) for key in self.calendars)
        return {key: (one.open, one.why.code) for key, one in states if one is not None}
