"""Guessing PINs of many customers, a few tries each, from many numbers: what no single customer's
lock and no single number's limit meets is counted over the whole centre.

Beyond the limit nobody is identified by PIN; callers are led to people until the window has passed.
Administrators get a task that reminds them at once, and the audit log a line: once for each window.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from callcenter.menus.texts import text
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services.tasks import add_task
from callcenter.tasks.task import TaskDraft

log = structlog.get_logger(__name__)

WINDOW: Final = timedelta(hours=1)
MOST_FAILURES: Final = 50
"""Within the window, whomever callers try to be; a setting says otherwise."""
HALTED: Final = "caller_pins_halted"
_OBJECT: Final = ("caller_pins", "centre")
_DUE: Final = timedelta(hours=1)

TRIES: Final = Counter(
    "callcenter_identifications_total", "Callers who were asked for their PIN", ["outcome"]
)
FAILURES: Final = Gauge(
    "callcenter_identification_failures", "Failed PINs of the last hour, over the whole centre"
)


def failures(uow: UnitOfWork, now: datetime) -> int:
    found = uow.pins.failures_since(now - WINDOW)
    FAILURES.set(found)
    return found


def halted(
    *,
    most: int,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    publisher: Publisher,
) -> bool:
    """Whether callers are not to be asked now."""
    with unit_of_work() as uow:
        beyond = failures(uow, clock.now()) >= most
        news = tell_once(uow, most, clock) if beyond else []
        uow.commit()
    if beyond:
        TRIES.labels("halted").inc()
        publisher.publish(news)
    return beyond


def tell_once(uow: UnitOfWork, most: int, clock: Clock) -> list[Message]:
    """To the audit log and every administrator, if failures are beyond the limit and nobody was
    told of it in this window; what to publish after the commit."""
    now = clock.now()
    count = failures(uow, now)
    kind, key = _OBJECT
    since = now - WINDOW
    if count < most or uow.audit.noted(
        user_id=None, action=HALTED, object_type=kind, object_id=key, since=since
    ):
        return []
    log.warning("identification.halted", failures=count, limit=most)
    uow.audit.record(
        user_id=None,
        action=HALTED,
        object_type=kind,
        object_id=key,
        at=now,
        detail={"failures": count, "limit": most, "minutes": int(WINDOW.total_seconds()) // 60},
    )
    return [one for user_id in sorted(uow.tasks.leaders()) for one in _task(uow, user_id, clock)]


def _task(uow: UnitOfWork, user_id: int, clock: Clock) -> list[Message]:
    user = uow.users.get(user_id)
    if user is None or user.role != "admin":
        return []
    draft = TaskDraft(
        title=text("pins-halted", user.locale),
        details=text("pins-halted-details", user.locale),
        due_at=clock.now() + _DUE,
        remind_at=clock.now(),
        assignee_id=user_id,
    )
    _task_id, news = add_task(uow, draft, created_by=None, clock=clock)
    return news
