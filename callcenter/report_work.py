"""What the worker does for reports: sums of half hours that are out of date, within seconds; facts
of the calls of before there were any, in small lots, while nothing is more urgent."""

from __future__ import annotations

import time
from typing import Final

from callcenter.loops import Loop
from callcenter.queries.reports import upkeep
from callcenter.runtime import Runtime
from callcenter.services import report_facts

_EVERY: Final = 2.0
_FILL_EVERY: Final = 600.0
_SHORT: Final = 0.1
_LONG: Final = 0.3
_FEWEST: Final = 12
_MOST: Final = 480


class Pace:
    """How many half hours are one lot. Most of a lot's cost is its statements', whatever they are
    of: quiet months are many at once; nobody who writes calls waits long for a busy one."""

    def __init__(self) -> None:
        self.lot = report_facts.HALVES_AT_ONCE

    def took(self, seconds: float) -> None:
        if seconds < _SHORT:
            self.lot = min(_MOST, self.lot * 2)
        elif seconds > _LONG:
            self.lot = max(_FEWEST, self.lot // 2)


def loops(runtime: Runtime) -> tuple[Loop, ...]:
    unit_of_work, clock = runtime.unit_of_work, runtime.clock
    pace = Pace()

    def sum_up() -> int:
        """Looks first, so that nothing is locked while there is nothing to do."""
        with runtime.reader() as connection:
            if not upkeep.is_due(connection, clock.now()):
                return 0
        start = time.monotonic()
        gone = report_facts.turn(unit_of_work=unit_of_work, clock=clock, most=pace.lot)
        pace.took(time.monotonic() - start)
        return gone

    def fill() -> int:
        with runtime.reader() as connection:
            if upkeep.is_filled(connection):
                return 0
        return report_facts.fill(unit_of_work=unit_of_work, clock=clock)

    return Loop("report-sums", sum_up, _EVERY), Loop("report-facts", fill, _FILL_EVERY)
