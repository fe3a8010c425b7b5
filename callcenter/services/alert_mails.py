"""Use case: mails to colleagues go out, and are tried again where a server refuses for now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import structlog

from callcenter.alerts import reach
from callcenter.channels.mail import OutboundMail, SendFailed
from callcenter.channels.message import next_try
from callcenter.errors import NotFound
from callcenter.ports.alerts import StaffMail
from callcenter.ports.gateways import MailSender
from callcenter.services import rights
from callcenter.services.alert_news import AlertRoom

log = structlog.get_logger(__name__)

_CLAIMED_FOR: Final = timedelta(minutes=5)
_AT_ONCE: Final = 20


def send_mails(sender: MailSender, room: AlertRoom) -> int:
    """How many were tried. Each is claimed, sent and marked: a process that dies in between sends
    it again under the same id."""
    now = room.clock.now()
    with room.unit_of_work() as uow:
        due = uow.alerts.take_mails(now, now + _CLAIMED_FOR, _AT_ONCE)
        uow.commit()
    for mail in due:
        values = _tried(sender, mail, room)
        with room.unit_of_work() as uow:
            uow.alerts.note_mail(mail.id, values)
            uow.commit()
    return len(due)


def _tried(sender: MailSender, mail: StaffMail, room: AlertRoom) -> dict[str, Any]:
    try:
        sender.send(
            OutboundMail(
                message_id=mail.message_id,
                sender=room.mail_from,
                sender_name="Call center",
                to=mail.recipients,
                cc=(),
                subject=mail.subject,
                text=mail.text,
                at=mail.created_at,
            )
        )
    except SendFailed as failure:
        again = None if failure.lasting else next_try(mail.attempts, room.clock.now())
        log.warning(
            "alert.mail_failed", mail=mail.id, error=failure.reason, again=again is not None
        )
        state = "queued" if again is not None else "failed"
        return {"state": state, "error": failure.reason, "next_at": again}
    return {"state": "sent", "error": "", "next_at": None}


def retry_mail(mail_id: int, user_id: int, room: AlertRoom) -> None:
    """One that has failed is tried from the beginning."""
    with room.unit_of_work() as uow:
        viewer = rights.require(uow, user_id, "alert", "read")
        alert = uow.alerts.alert_of_mail(mail_id)
        theirs = alert is not None and reach.sees(viewer, alert)
        if not theirs or not uow.alerts.retry_mail(mail_id, room.clock.now()):
            raise NotFound("mail", f"there is no failed mail {mail_id}")
        uow.commit()
