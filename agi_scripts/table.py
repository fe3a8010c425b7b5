"""What a decision is made from and that is the same for every caller: the live rules, the hours,
the centre as it is now. Kept in memory; one thread reads it again.

A database that hangs stops this thread and nothing else: the rules and the hours stay as they were,
and of a centre that nobody has seen for a while nothing is said.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from agi_scripts.once import OncePerSpell
from callcenter.hours.timetable import Timetable
from callcenter.queries import centre, hours, routing_versions
from callcenter.routing.compiled import CompiledTable
from callcenter.routing.facts import CentreFacts
from callcenter.routing.rules import RoutingTable
from callcenter.runtime import Runtime
from callcenter.services.route_call import Around

_EVERY_SECONDS: Final = 1.0
_STALE_SECONDS: Final = 5.0
_FIRST_SECONDS: Final = 2.0


class LiveTable:
    """Thread-safe: what is read is replaced whole."""

    def __init__(self, runtime: Runtime, once: OncePerSpell | None = None) -> None:
        self._runtime = runtime
        self._once = once or OncePerSpell()
        self._table = CompiledTable(RoutingTable(version=routing_versions.FIRST_NUMBER))
        self._stamp: tuple[int, int] | None = None
        self._timetable = Timetable()
        self._centre: CentreFacts | None = None
        self._seen = float("-inf")
        self._read_once = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="agi-table", daemon=True)

    def start(self) -> None:
        """Waits a little for the first read, so that the first caller meets the live rules."""
        self._thread.start()
        self._read_once.wait(_FIRST_SECONDS)

    def stop(self, timeout: float) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def __call__(self) -> Around:
        at = self._runtime.clock.now()
        fresh = time.monotonic() - self._seen < _STALE_SECONDS
        timetable = self._timetable
        return Around(
            table=self._table,
            at=at,
            centre=self._centre if fresh else None,
            hours=timetable.told(at),
            messages=timetable.messages(at),
        )

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._refresh()
            self._read_once.set()
            self._stopping.wait(_EVERY_SECONDS)

    def _refresh(self) -> None:
        for name, read in (
            ("rules", self._read_rules),
            ("hours", self._read_hours),
            ("centre", self._read_centre),
        ):
            self._try(name, read)

    def _try(self, name: str, read: Callable[[], None]) -> None:
        try:
            read()
        except Exception as error:  # noqa: BLE001  # what was read before goes on serving
            self._once.report("agi.table_not_read", name, error=type(error).__name__)

    def _read_rules(self) -> None:
        with self._runtime.reader() as connection:
            stamp = routing_versions.live_stamp(connection)
            if stamp is None or stamp == self._stamp:
                return
            live = routing_versions.live(connection)
        if live is not None:
            self._table = CompiledTable(RoutingTable(rules=live.rules, version=live.number))
            self._stamp = stamp
            for name in live.unreadable:
                self._once.report("agi.rule_not_readable", "rule", rule=name)

    def _read_hours(self) -> None:
        with self._runtime.reader() as connection:
            if hours.stamp(connection) != self._timetable.stamp:
                self._timetable = hours.load(connection, self._runtime.clock.now())

    def _read_centre(self) -> None:
        if not self._table.needs_centre:
            self._centre = None
            return
        with self._runtime.reader() as connection:
            self._centre = centre.centre(connection, self._runtime.clock.now())
        self._seen = time.monotonic()
