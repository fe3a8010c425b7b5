"""Use cases of reports that go out by mail. Each period reaches each recipient at most once: the
mail is marked before it is handed over, and one of which nobody knows how that ended is not sent
again by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from callcenter.channels.mail import MailFile, OutboundMail, SendFailed
from callcenter.errors import NotFound, ProductError
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.gateways import MailSender
from callcenter.ports.report_views import DueMail
from callcenter.reporting import schedule as rules
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.language import Language
from callcenter.reporting.schedule import Schedule
from callcenter.services.rights import require

log = structlog.get_logger(__name__)
UowFactory = Callable[[], UnitOfWork]
Make = Callable[[Schedule, tuple[date, date], Path], int]
_LONGEST_SENDING: Final = timedelta(minutes=15)
_TYPES: Final = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TELLING: Final = (
    "title",
    "report",
    "address",
    "format",
    "every",
    "day",
    "at",
    "zone",
    "recipients",
    "active",
)
UNSURE: Final = "the program stopped while this was handed over; it may have arrived"
NO_SERVER: Final = "no mail server is set up"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDesk:
    """`sender` None: no mail server is set up. `make` writes the file of one period."""

    unit_of_work: UowFactory
    clock: Clock
    sender: MailSender | None
    mail_from: str
    make: Make


def save(schedule: Schedule, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> int:
    """A new one where it has no id. Raises Invalid of the field that is wrong."""
    schedule = replace(schedule, title=" ".join(schedule.title.split())[:80])
    rules.check(schedule)
    with unit_of_work() as uow:
        require(uow, user_id, "report", "create")
        now = clock.now()
        before = _existing(uow, schedule.id) if schedule.id else None
        made = replace(
            schedule, next_at=rules.next_after(schedule, now) if schedule.active else None
        )
        if before is None:
            schedule_id = uow.report_views.add_schedule(replace(made, owner_id=user_id), now)
        else:
            schedule_id = schedule.id
            uow.report_views.set_schedule(
                schedule_id,
                {**_told(made), "words": dict(made.words), "next_at": made.next_at},
                now,
            )
        _audit(uow, "report_schedule_saved", (user_id, now), schedule_id, before=before, after=made)
        uow.commit()
    return schedule_id


def drop(schedule_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    with unit_of_work() as uow:
        require(uow, user_id, "report", "create")
        before = _existing(uow, schedule_id)
        uow.report_views.drop_schedule(schedule_id)
        now = clock.now()
        _audit(uow, "report_schedule_deleted", (user_id, now), schedule_id, before=before)
        uow.commit()


def send_now(schedule_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> int:
    """The last whole period, to whoever has not had it; and what failed, once more. How many
    mails wait now because of it."""
    with unit_of_work() as uow:
        require(uow, user_id, "report", "create")
        schedule = _existing(uow, schedule_id)
        now = clock.now()
        count = uow.report_views.again(schedule_id, now)
        days = rules.days_before(schedule, now)
        count += uow.report_views.add_mails(schedule, days, schedule.recipients, now)
        _audit(uow, "report_schedule_sent", (user_id, now), schedule_id)
        uow.commit()
    return count


def begin_due(desk: ScheduleDesk) -> int:
    """Puts the mails of schedules whose time has come into the queue. One that was missed while
    nothing ran goes out once, for the latest period; how many schedules began."""
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        due = uow.report_views.due(now)
        for one in due:
            uow.report_views.add_mails(one, rules.days_before(one, now), one.recipients, now)
            later = rules.next_after(one, now)
            uow.report_views.set_schedule(one.id, {"next_at": later, "last_run_at": now}, now)
        for lost in uow.report_views.give_up_unsure(now):
            uow.report_views.end_mail(
                lost.id, {"state": "unsure", "next_try_at": None, "problem": UNSURE}
            )
            uow.report_views.set_schedule(lost.schedule_id, {"last_result": UNSURE}, now)
        uow.commit()
    return len(due)


def send_next(desk: ScheduleDesk) -> bool:
    """One mail. False: none waits."""
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        mail = uow.report_views.take_mail(now, now + _LONGEST_SENDING)
        schedule = uow.report_views.schedule(mail.schedule_id) if mail is not None else None
        uow.commit()
    if mail is None or schedule is None:
        return False
    try:
        _send(desk, schedule, mail)
    except SendFailed as failed:
        _failed(desk, mail, failed.reason, lasting=failed.lasting)
    except ProductError as refused:
        _failed(desk, mail, refused.message, lasting=True)
    except Exception:
        log.exception("report_mail.failed", mail_id=mail.id)
        problem = "something went wrong on our side; it is in the log"
        _failed(desk, mail, problem, lasting=False)
    else:
        _end(desk, mail, {"state": "sent", "sent_at": desk.clock.now(), "next_try_at": None})
    return True


def _send(desk: ScheduleDesk, schedule: Schedule, mail: DueMail) -> None:
    if desk.sender is None:
        raise SendFailed(NO_SERVER, lasting=False)
    days = (mail.period_from, mail.period_to)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{schedule.format}"
        desk.make(schedule, days, path)
        content = path.read_bytes()
    desk.sender.send(_mail(desk, schedule, mail, content))


def _mail(desk: ScheduleDesk, schedule: Schedule, mail: DueMail, content: bytes) -> OutboundMail:
    first, last = mail.period_from, mail.period_to
    when = f"{first}" if first == last else f"{first} – {last}"
    name = f"{schedule.report}-{first}.{schedule.format}"
    say = Language.of(schedule.words).say
    title = say(REPORTS[schedule.report].title)
    domain = desk.mail_from.rpartition("@")[2] or "localhost"
    return OutboundMail(
        message_id=f"<report-{mail.id}-{first}@{domain}>",
        sender=desk.mail_from,
        sender_name=say("Reports"),
        to=[mail.recipient],
        cc=[],
        subject=f"{schedule.title}: {when}",
        text=f"{title}\n{when} ({schedule.zone})\n\n{say('File')}: {name}\n",
        at=desk.clock.now(),
        files=[MailFile(name=name, media_type=_TYPES[schedule.format], content=content)],
    )


def _failed(desk: ScheduleDesk, mail: DueMail, problem: str, *, lasting: bool) -> None:
    wait = None if lasting else rules.retry_after(mail.attempts)
    state = "failed" if wait is None else "waiting"
    next_try = None if wait is None else desk.clock.now() + wait
    _end(desk, mail, {"state": state, "next_try_at": next_try, "problem": problem})


def _end(desk: ScheduleDesk, mail: DueMail, values: dict[str, Any]) -> None:
    with desk.unit_of_work() as uow:
        uow.report_views.end_mail(mail.id, values)
        result = values.get("problem", "") or "sent"
        told = {"last_result": f"{mail.recipient}: {result}"}
        uow.report_views.set_schedule(mail.schedule_id, told, desk.clock.now())
        uow.commit()


def _existing(uow: UnitOfWork, schedule_id: int) -> Schedule:
    found = uow.report_views.schedule(schedule_id)
    if found is None:
        raise NotFound("schedule", "there is no such schedule")
    return found


def _told(schedule: Schedule | None) -> dict[str, Any]:
    if schedule is None:
        return {}
    values = asdict(schedule)
    return {name: values[name] for name in _TELLING} | {"recipients": list(schedule.recipients)}


def _audit(
    uow: UnitOfWork,
    action: str,
    by: tuple[int, datetime],
    schedule_id: int,
    *,
    before: Schedule | None = None,
    after: Schedule | None = None,
) -> None:
    user_id, at = by
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="report_schedule",
        object_id=str(schedule_id),
        at=at,
        detail={"before": _told(before), "after": _told(after)},
    )
