"""What the worker does for reports that go out by mail: begins those that are due, sends them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from callcenter.gateways.mail_smtp import SmtpSender
from callcenter.loops import Loop
from callcenter.queries import report_views as queries
from callcenter.report_files import writing
from callcenter.reporting.schedule import Schedule
from callcenter.runtime import Runtime
from callcenter.services import report_schedules
from callcenter.services.report_schedules import ScheduleDesk
from callcenter.services.rights import viewer_of

_EVERY = 10.0


def loop(runtime: Runtime) -> Loop:
    desk = desk_of(runtime)

    def turn() -> bool:
        with runtime.reader() as connection:
            if not queries.is_due(connection, runtime.clock.now()):
                return False
        report_schedules.begin_due(desk)
        return report_schedules.send_next(desk)

    return Loop("report-mails", turn, _EVERY)


def desk_of(runtime: Runtime) -> ScheduleDesk:
    settings = runtime.settings
    server = settings.mail_server
    return ScheduleDesk(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        sender=SmtpSender(server) if server is not None else None,
        mail_from=settings.mail_from,
        product=settings.public_url or "",
        make=lambda schedule, days, path: _make(runtime, schedule, days, path),
    )


def _make(runtime: Runtime, schedule: Schedule, days: tuple[date, date], path: Path) -> int:
    """With the rights that its owner has now, over the days of its period in its own zone."""
    with runtime.unit_of_work() as uow:
        viewer = viewer_of(uow, schedule.owner_id)
    plan = {
        "report": schedule.report,
        "address": schedule.address,
        "zone": schedule.zone,
        "at": runtime.clock.now().isoformat(),
        "words": schedule.words,
    }
    order = writing.order_of(plan, schedule.format, viewer, days=days)
    with runtime.reader() as connection:
        return writing.write(connection, order, path)
