"""All calendars with their closures, as a decision asks them: many times a second, by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from callcenter.hours.calendar import Calendar, Closure
from callcenter.hours.opening import OpenNow, is_open, open_at, zone_of


class Timetable:
    """What each week says is worked out once a minute: hours begin and end at whole minutes.
    Closures begin and end at any second.

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
            states = (open_at(one, (), whole) for one in self.calendars.values())
            kept = {
                key: (there, why.code)
                for key, (there, why) in zip(self.calendars, states, strict=True)
            }
            self._told = (minute, kept)
        closed = {key: (False, "closure") for one in self._closed(at) for key in self._of(one)}
        return {**kept, **closed}

    def messages(self, at: datetime) -> dict[str, tuple[str, str]]:
        """For `CallFacts.messages`: of each calendar that is closed for a time, the reason and the
        prompt that its callers hear; of several such closures the one that ends first."""
        found: dict[str, tuple[str, str]] = {}
        for one in self._closed(at):
            if one.message:
                for key in self._of(one):
                    found.setdefault(key, (one.reason, one.message))
        return found

    def _closed(self, at: datetime) -> Iterable[Closure]:
        return (one for one in self.closures if one.starts_at <= at < one.ends_at)

    def _of(self, closure: Closure) -> Iterable[str]:
        """A calendar whose time zone nobody knows is open, whatever closes it."""
        mine = (closure.calendar,) if closure.calendar else self.calendars
        return (key for key in mine if key in self.calendars and zone_of(self.calendars[key]))
