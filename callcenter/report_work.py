"""What the worker does for reports: sums of half hours that are out of date, within seconds; facts
of the calls of before there were any, in small lots, while nothing is more urgent."""

from __future__ import annotations

from typing import Final

from callcenter.loops import Loop
from callcenter.queries.reports import upkeep
from callcenter.runtime import Runtime
from callcenter.services import report_facts

_EVERY: Final = 2.0
_FILL_EVERY: Final = 600.0


def loops(runtime: Runtime) -> tuple[Loop, ...]:
    unit_of_work, clock = runtime.unit_of_work, runtime.clock

    def sum_up() -> int:
        """Looks first, so that nothing is locked while there is nothing to do."""
        with runtime.reader() as connection:
            if not upkeep.is_due(connection, clock.now()):
                return 0
        return report_facts.turn(unit_of_work=unit_of_work, clock=clock)

    def fill() -> int:
        with runtime.reader() as connection:
            if upkeep.is_filled(connection):
                return 0
        return report_facts.fill(unit_of_work=unit_of_work, clock=clock)

    return Loop("report-sums", sum_up, _EVERY), Loop("report-facts", fill, _FILL_EVERY)
