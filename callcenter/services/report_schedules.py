"""Use cases of reports that go out by mail. Each period reaches each recipient at most once: the
mail is marked before it is handed over, and one of which nobody knows how that ended is not sent
again by itself. Until then nothing is lost: whatever stops its making, it is tried again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import structlog

from callcenter.channels.mail import MailFile, OutboundMail, SendFailed
from callcenter.errors import NotFound, ProductError, Unavailable
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.gateways import MailSender
from callcenter.ports.report_views import DueMail
from callcenter.reporting import keepers
from callcenter.reporting import schedule as rules
from callcenter.reporting.address import parse
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.language import TOO_LARGE, Language
from callcenter.reporting.schedule import Schedule
from callcenter.rights.viewer import Viewer
from callcenter.services.patience import insisting
from callcenter.services.rights import require

log = structlog.get_logger(__name__)
UowFactory = Callable[[], UnitOfWork]
Make = Callable[[Schedule, tuple[date, date], Path], int]
_LONGEST_SENDING: Final = timedelta(minutes=15)
_PUT_OFF: Final = timedelta(hours=1)
_AT_ONCE: Final = 100
_TYPES: Final = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ATTACHED: Final = 10 * 1024 * 1024
"""Bytes: in a mail they are a third more, and many servers take less than twice as much."""
_TELLING: Final = (
    "owner_id",
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
SENT: Final = "sent"
UNSURE: Final = "the program stopped while this was handed over; it may have arrived"
NO_SERVER: Final = "no mail server is set up"
OUR_SIDE: Final = "something went wrong on our side; it is in the log"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDesk:
    """`sender` None: no mail server is set up. `make` writes the file of one period. `product`: the
    address that people open us at, '' where nobody said it."""

    unit_of_work: UowFactory
    clock: Clock
    sender: MailSender | None
    mail_from: str
    make: Make
    product: str = ""
    pause: Callable[[float], None] = time.sleep


def save(schedule: Schedule, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> int:
    """A new one where it has no id. Who changes what goes to whom becomes its owner, with whose
    rights it is made. Raises Invalid of the field that is wrong."""
    schedule = replace(schedule, title=" ".join(schedule.title.split())[:80])
    rules.check(schedule)
    with unit_of_work() as uow:
        viewer = require(uow, user_id, "report", "create")
        now = clock.now()
        before = _existing(uow, viewer, schedule.id) if schedule.id else None
        made = replace(
            schedule,
            owner_id=keepers.owner_of(schedule, before, user_id),
            next_at=rules.next_after(schedule, now) if schedule.active else None,
        )
        if before is None:
            schedule_id = uow.report_views.add_schedule(made, now)
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
        viewer = require(uow, user_id, "report", "create")
        before = _existing(uow, viewer, schedule_id)
        uow.report_views.drop_schedule(schedule_id)
        now = clock.now()
        _audit(uow, "report_schedule_deleted", (user_id, now), schedule_id, before=before)
        uow.commit()


def send_now(schedule_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> int:
    """The last whole period, to whoever has not had it; and what failed, once more. How many
    mails wait now because of it."""
    with unit_of_work() as uow:
        viewer = require(uow, user_id, "report", "create")
        schedule = _existing(uow, viewer, schedule_id)
        now = clock.now()
        count = uow.report_views.again(schedule_id, now)
        days = rules.days_before(schedule, now)
        count += uow.report_views.add_mails(schedule, days, schedule.recipients, now)
        _audit(uow, "report_schedule_sent", (user_id, now), schedule_id)
        uow.commit()
    return count


def begin_due(desk: ScheduleDesk) -> int:
    """Puts the mails of schedules whose time has come into the queue. One that was missed while
    nothing ran goes out once, for the latest period; how many schedules began. One that cannot
    begin holds back no other, and is tried again later."""
    begun = 0
    for _ in range(_AT_ONCE):
        with desk.unit_of_work() as uow:
            now = desk.clock.now()
            one = uow.report_views.next_due(now)
            if one is None:
                break
            try:
                _begin(uow, one, now)
                uow.commit()
                begun += 1
                continue
            except Unavailable:
                raise
            except Exception:
                log.exception("report_schedule.failed", schedule_id=one.id)
        _put_off(desk, one)
    _give_up_unsure(desk)
    return begun


def _begin(uow: UnitOfWork, schedule: Schedule, now: datetime) -> None:
    days = rules.days_before(schedule, now)
    uow.report_views.add_mails(schedule, days, schedule.recipients, now)
    later = rules.next_after(schedule, now)
    told = {"next_at": later, "last_run_at": now, "last_result": ""}
    uow.report_views.set_schedule(schedule.id, told, now)


def _put_off(desk: ScheduleDesk, schedule: Schedule) -> None:
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        told = {"next_at": now + _PUT_OFF, "last_result": OUR_SIDE}
        uow.report_views.set_schedule(schedule.id, told, now)
        uow.commit()


def _give_up_unsure(desk: ScheduleDesk) -> None:
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        for lost in uow.report_views.give_up_unsure(now):
            uow.report_views.end_mail(
                lost.id, {"state": "unsure", "next_try_at": None, "problem": UNSURE}
            )
            uow.report_views.set_schedule(lost.schedule_id, {"last_result": UNSURE}, now)
        uow.commit()


def send_next(desk: ScheduleDesk) -> bool:
    """One mail. False: none waits."""
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        mail = uow.report_views.take_mail(now, now + _LONGEST_SENDING)
        schedule = uow.report_views.schedule(mail.schedule_id) if mail is not None else None
        uow.commit()
    if mail is None or schedule is None:
        return False
    if mail.attempts > 1 and rules.retry_after(mail.attempts - 1) is None:
        _failed(desk, mail, OUR_SIDE, lasting=True)  # its making stopped the program each time
        return True
    try:
        if not _send(desk, schedule, mail):
            return True  # its making took so long that another has it, or it was dropped
    except Unavailable as busy:  # the database, or the archive: it is not the report's fault
        log.warning("report_mail.unavailable", mail_id=mail.id, problem=busy.message)
        _failed(desk, mail, busy.message, lasting=False)
    except SendFailed as failed:
        _failed(desk, mail, failed.reason, lasting=failed.lasting)
    except ProductError as refused:
        _failed(desk, mail, refused.message, lasting=True)
    except Exception:
        log.exception("report_mail.failed", mail_id=mail.id)
        _failed(desk, mail, OUR_SIDE, lasting=False)
    else:
        sent = {"state": "sent", "sent_at": desk.clock.now(), "next_try_at": None}
        insisting(lambda: _end(desk, mail, sent), desk.pause)
    return True


def _send(desk: ScheduleDesk, schedule: Schedule, mail: DueMail) -> bool:
    """False: it was not ours any more when it was to be handed over."""
    if desk.sender is None:
        raise SendFailed(NO_SERVER, lasting=False)
    days = (mail.period_from, mail.period_to)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{schedule.format}"
        desk.make(schedule, days, path)
        content = path.read_bytes() if path.stat().st_size <= MOST_ATTACHED else None
    if not _marked(desk, mail):
        return False
    try:
        desk.sender.send(_mail(desk, schedule, mail, content))
    except SendFailed as refused:
        if content is None or not refused.too_large:
            raise
        desk.sender.send(_mail(desk, schedule, mail, None))
    return True


def _marked(desk: ScheduleDesk, mail: DueMail) -> bool:
    """From here on it may have arrived, however this ends."""
    with desk.unit_of_work() as uow:
        ours = uow.report_views.hand_over(mail, desk.clock.now() + _LONGEST_SENDING)
        uow.commit()
    return ours


def _mail(
    desk: ScheduleDesk, schedule: Schedule, mail: DueMail, content: bytes | None
) -> OutboundMail:
    """`content` None: the file is too large, and the mail says where the report is."""
    first, last = mail.period_from, mail.period_to
    when = f"{first}" if first == last else f"{first} – {last}"
    name = f"{schedule.report}-{first}.{schedule.format}"
    say = Language.of(schedule.words).say
    title = say(REPORTS[schedule.report].title)
    about = f"{say('File')}: {name}"
    files = [MailFile(name=name, media_type=_TYPES[schedule.format], content=content or b"")]
    if content is None:
        about, files = f"{say(TOO_LARGE)}\n{desk.product}{_place(schedule, mail)}", []
    domain = desk.mail_from.rpartition("@")[2] or "localhost"
    return OutboundMail(
        message_id=f"<report-{mail.id}-{first}@{domain}>",
        sender=desk.mail_from,
        sender_name=say("Reports"),
        to=[mail.recipient],
        cc=[],
        subject=f"{schedule.title}: {when}",
        text=f"{title}\n{when} ({schedule.zone})\n\n{about}\n",
        at=desk.clock.now(),
        files=files,
    )


def _place(schedule: Schedule, mail: DueMail) -> str:
    """Where the report of this period is; who opens it sees what they may see."""
    days = {"from": mail.period_from.isoformat(), "to": mail.period_to.isoformat()}
    told = {k: v for k, v in parse(schedule.address).items() if k not in ("period", *days, "zone")}
    query = urlencode({**told, **days, "zone": schedule.zone}, doseq=True)
    return f"/reports/{schedule.report}?{query}"


def _failed(desk: ScheduleDesk, mail: DueMail, problem: str, *, lasting: bool) -> None:
    wait = None if lasting else rules.retry_after(mail.attempts)
    state = "failed" if wait is None else "waiting"
    next_try = None if wait is None else desk.clock.now() + wait
    told = {"state": state, "next_try_at": next_try, "problem": problem}
    _end(desk, mail, told, attempt=mail.attempts)  # a later one may have sent it since


def _end(
    desk: ScheduleDesk, mail: DueMail, values: dict[str, Any], *, attempt: int | None = None
) -> None:
    with desk.unit_of_work() as uow:
        if not uow.report_views.end_mail(mail.id, values, attempt=attempt):
            return
        schedule = uow.report_views.schedule(mail.schedule_id)
        told = values.get("problem", "")
        if schedule is not None and (told or not _stands(schedule.last_result, mail.recipient)):
            result = {"last_result": f"{mail.recipient}: {told or SENT}"}
            uow.report_views.set_schedule(mail.schedule_id, result, desk.clock.now())
        uow.commit()


def _stands(result: str, recipient: str) -> bool:
    """What went wrong with one is not hidden by a mail that another got."""
    whose, _, told = result.partition(": ")
    return told not in ("", SENT) and whose != recipient


def _existing(uow: UnitOfWork, viewer: Viewer, schedule_id: int) -> Schedule:
    """Another's does not exist for who may not keep it."""
    found = uow.report_views.schedule(schedule_id)
    if found is None or not keepers.keeps(viewer, found.owner_id):
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
