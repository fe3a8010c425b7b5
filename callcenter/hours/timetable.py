"""All calendars with their closures, as a decision asks them: many times a second, by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from callcenter.hours.calendar import Calendar, Closure
from callcenter.hours.opening import OpenNow, is_open, open_at


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
        self._told: tuple[int, dict[str, tuple[bool, str]]] = (-1, {})

    def state(self, key: str, at: datetime) -> OpenNow | None:
        """With the next change, which takes a while to find. None: there is no such calendar."""
        calendar = self.calendars.get(key)
        return is_open(calendar, self.closures, at) if calendar is not None else None

    def told(self, at: datetime) -> dict[str, tuple[bool, str]]:
        """For `CallFacts.hours`: of each calendar whether we are there, and the code of why."""
        minute = int(at.timestamp() // 60)
        kept_minute, kept = self._told
        if kept_minute != minute:
            whole = at.replace(second=0, microsecond=0)
            states = (open_at(one, self.closures, whole) for one in self.calendars.values())
            kept = {
                key: (there, why.code)
                for key, (there, why) in zip(self.calendars, states, strict=True)
            }
            self._told = (minute, kept)
        return dict(kept)
