"""Reports that the demo company keeps at hand, and one that it would send every morning."""

from __future__ import annotations

from typing import Final

from callcenter.reporting.schedule import Schedule
from callcenter.runtime import Runtime
from callcenter.services import report_schedules, report_views

_VIEWS: Final = (
    ("Support, half hours of today", "speed", "period=today&by=half_hour&queue=support"),
    ("Who calls again, by queue", "first_time", "period=last_month&by=queue"),
)


def fill(runtime: Runtime) -> None:
    """The schedule is off: a demonstration writes to nobody."""
    unit_of_work, clock = runtime.unit_of_work, runtime.clock
    with unit_of_work() as uow:
        boss = uow.users.by_username("supervisor")
    if boss is None:
        return
    for title, report, address in _VIEWS:
        report_views.keep_view(
            title,
            report,
            address,
            shared=True,
            user_id=boss.id,
            unit_of_work=unit_of_work,
            clock=clock,
        )
    report_schedules.save(
        Schedule(
            title="Yesterday in figures",
            report="speed",
            address="by=queue",
            zone=boss.time_zone,
            recipients=("leaders@example.com",),
            active=False,
        ),
        user_id=boss.id,
        unit_of_work=unit_of_work,
        clock=clock,
    )
