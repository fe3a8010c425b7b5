"""Live menus and business hours, in memory: read again when something was published."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from agi_scripts.once import OncePerSpell
from callcenter.hours.timetable import Timetable
from callcenter.menus.menu import Menu
from callcenter.ports import Clock
from callcenter.queries import hours as hours_queries
from callcenter.queries import menus as queries

_FRESH_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Live:
    menus: Mapping[str, Menu] = field(default_factory=dict)
    hours: Timetable = field(default_factory=Timetable)


class MenuBook:
    """`read` takes time: whoever calls is in a thread. A database that is away costs nothing but
    what is newer than it last said.
    """

    def __init__(
        self,
        reader: Callable[[], AbstractContextManager[Connection]],
        clock: Clock,
        once: OncePerSpell,
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._once = once
        self._stamps = ("", "")
        self._live = Live()
        self._read_at = float("-inf")

    def read(self) -> Live:
        if time.monotonic() - self._read_at < _FRESH_SECONDS:
            return self._live
        self._read_at = time.monotonic()
        try:
            with self._reader() as connection:
                self._live = self._newer(connection)
        except Exception as error:  # noqa: BLE001  # the menus of a minute ago are better than none
            self._once.report("agi.menus_unread", "database", error=type(error).__name__)
        return self._live

    def is_open(self, live: Live, calendar: str) -> bool:
        """A calendar that is not there any more closes nothing."""
        state = live.hours.state(calendar, self._clock.now())
        return state is None or state.open

    def _newer(self, connection: Connection) -> Live:
        stamps = (queries.menus_stamp(connection), hours_queries.stamp(connection))
        if stamps == self._stamps:
            return self._live
        live = Live(
            queries.live_menus(connection), hours_queries.load(connection, self._clock.now())
        )
        self._stamps = stamps
        return live
