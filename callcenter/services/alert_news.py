"""What is told of an alert, and to whom: screens, other systems, mailboxes.

Mails and webhooks are queued in the transaction that opens or closes it; screens hear after that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from callcenter.alerts import machine, told
from callcenter.alerts.threshold import Alert, Threshold
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.reporting.language import Language

log = structlog.get_logger(__name__)

LEADERS: Final = ("supervisor", "admin")
GOALS_CHANGED: Final = Message(
    kind="wallboard",
    audience=Audience(roles=("operator", *LEADERS)),
    payload={"type": "goals"},
)
"""Desks read their goals anew."""
_MOST_MAILS: Final = 30
_AN_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRoom:
    """`mail_from` '' where no mail goes out; `address`: where the pages are."""

    unit_of_work: Callable[[], UnitOfWork]
    publisher: Publisher
    clock: Clock
    mail_from: str = ""
    address: str = ""


def news_of(alert: Alert) -> Message:
    """Whole: screens put it in the place of what they had."""
    payload = {"type": "alert", "alert": told.payload(alert)}
    return Message(kind="wallboard", audience=Audience(roles=LEADERS), payload=payload)


def tell(
    uow: UnitOfWork,
    rule: Threshold,
    change: tuple[Alert | None, Alert],
    *,
    at: datetime,
    room: AlertRoom,
) -> None:
    """By mail and webhook: that it began, that it got worse, that it is over. Nothing goes out by
    the choice of somebody who may choose it no more."""
    before, after = change
    worse = before is None or machine.is_worse(after.level, before.level)
    mailed = bool(rule.mails and room.mail_from)
    if (after.is_open and not worse) or not (rule.webhook or mailed):
        return
    if not uow.alerts.is_answered(rule):
        log.warning("alert.rests", threshold=rule.id, alert=after.id)
        return
    if rule.webhook:
        event = "alert.opened" if after.is_open else "alert.closed"
        uow.outbox.tell(event, "alert", after.id, told.payload(after), at)
    if mailed:
        _queue_mail(uow, rule, after, at, room)


def _queue_mail(
    uow: UnitOfWork, rule: Threshold, alert: Alert, at: datetime, room: AlertRoom
) -> None:
    """At most so many an hour for each threshold: one that swings must not fill mailboxes."""
    if uow.alerts.mails_since(rule.id, at - _AN_HOUR) >= _MOST_MAILS:
        log.warning("alert.mail_left_out", threshold=rule.id, alert=alert.id)
        return
    what = "over" if not alert.is_open else alert.level
    language = Language.of(rule.words)
    domain = room.mail_from.rpartition("@")[2]
    values = {
        "message_id": f"<alert-{alert.id}-{what}-{at:%Y%m%d%H%M%S%f}@{domain}>",
        "recipients": list(rule.mails),
        "subject": told.subject_line(alert, language),
        "text": told.mail_text(alert, _zone(rule.zone), room.address, language),
        "next_at": at,
        "created_at": at,
    }
    uow.alerts.queue_mail(alert.id, values)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
