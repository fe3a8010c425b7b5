"""Live menus and business hours, in memory: one thread reads them again when something was
published, and has their prompts spoken, so that no caller waits for either.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from agi_scripts.once import OncePerSpell
from callcenter.hours.timetable import Timetable
from callcenter.menus.menu import Menu, Serve
from callcenter.ports import Clock
from callcenter.queries import hours as hours_queries
from callcenter.queries import menus as queries
from callcenter.speech.builtin import SERVICE_PROMPTS

_EVERY_SECONDS: Final = 1.0
_FIRST_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Live:
    menus: Mapping[str, Menu] = field(default_factory=dict)
    hours: Timetable = field(default_factory=Timetable)


class MenuBook:
    """A database that is away costs nothing but what is newer than it last said.

    `prepare` is called with the prompts of the menus whenever they changed.
    """

    def __init__(
        self,
        reader: Callable[[], AbstractContextManager[Connection]],
        clock: Clock,
        prepare: Callable[[Sequence[str]], None],
        once: OncePerSpell,
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._prepare = prepare
        self._once = once
        self._stamps = ("", "")
        self.live = Live()
        self._read_once = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="agi-menus", daemon=True)

    def start(self) -> None:
        """Waits a little for the first read, so that the first caller finds the live menus."""
        self._thread.start()
        self._read_once.wait(_FIRST_SECONDS)

    def stop(self, timeout: float) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def is_open(self, live: Live, calendar: str) -> bool:
        """A calendar that is not there any more closes nothing."""
        state = live.hours.state(calendar, self._clock.now())
        return state is None or state.open

    def _run(self) -> None:
        while not self._stopping.is_set():
            before = self.live
            self._refresh()
            self._read_once.set()
            if self.live is not before:
                self._prepare(prompts_of(self.live.menus.values()))
            self._stopping.wait(_EVERY_SECONDS)

    def _refresh(self) -> None:
        try:
            with self._reader() as connection:
                self.live = self._newer(connection)
        except Exception as error:  # noqa: BLE001  # the menus of a minute ago are better than none
            self._once.report("agi.menus_unread", "database", error=type(error).__name__)

    def _newer(self, connection: Connection) -> Live:
        stamps = (queries.menus_stamp(connection), hours_queries.stamp(connection))
        if stamps == self._stamps:
            return self.live
        live = Live(
            queries.live_menus(connection), hours_queries.load(connection, self._clock.now())
        )
        self._stamps = stamps
        return live


def prompts_of(menus: Iterable[Menu]) -> tuple[str, ...]:
    """What can be heard in these, what comes first first."""
    keys: dict[str, None] = {}
    for menu in menus:
        for room in menu.rooms:
            keys |= dict.fromkeys((room.prompt, room.invalid, room.nothing))
            if any(isinstance(one.step, Serve) for one in room.keys):
                keys |= dict.fromkeys(SERVICE_PROMPTS)
    return tuple(key for key in keys if key)
