"""Guessing PINs of many customers, a few tries each, from many numbers: what no single customer's
lock and no single number's limit meets is counted over the whole centre.

Beyond the limit strangers are not identified by PIN (`menus.guessing` says who is none); they are
led to people until the window has passed, or until an administrator lifts the halt, from where the
count begins anew. Administrators get a task that reminds them at once, and the audit log a line:
once for each window, and again after a lifting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from callcenter.menus.guessing import HALTED, LIFTED, WHERE, WINDOW, Halt, Tries, is_asked
from callcenter.menus.texts import text
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services import rights
from callcenter.services.tasks import add_task
from callcenter.tasks.task import TaskDraft

log = structlog.get_logger(__name__)

MOST_FAILURES: Final = 50
"""Within the window, whomever callers try to be; a setting says otherwise."""
_DUE: Final = timedelta(hours=1)

TRIES: Final = Counter(
    "callcenter_identifications_total", "Callers who were asked for their PIN", ["outcome"]
)
FAILURES: Final = Gauge(
    "callcenter_identification_failures",
    "Failed PINs over the whole centre, of the last hour or since a halt was lifted in it",
)
HALTED_UNTIL: Final = Gauge(
    "callcenter_identifications_halted_until_seconds",
    "Unix time until when strangers are not asked for their PIN; 0: they are asked",
)


def halted(
    *,
    most: int,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    publisher: Publisher,
    caller: str = "",
) -> bool:
    """Whether a call from the number `caller` ('' for a hidden one) is not to be asked now."""
    with unit_of_work() as uow:
        tries = uow.pins.tries(caller, None, clock.now())
        news = note(uow, tries, tries.failures, most, clock)
        uow.commit()
    publisher.publish(news)
    asked = is_asked(tries, most)
    if not asked:
        TRIES.labels("halted").inc()
    return not asked


def note(uow: UnitOfWork, tries: Tries, failures: int, most: int, clock: Clock) -> list[Message]:
    """So many failures are there now: counted, and told to the audit log and every administrator
    if they are beyond the limit and nobody was told since the count began. What to publish after
    the commit."""
    FAILURES.set(failures)
    now = clock.now()
    halt = uow.pins.halt(most, now) if failures >= most else None
    tell_until(halt)
    kind, key = WHERE
    if halt is None or uow.audit.noted(
        user_id=None, action=HALTED, object_type=kind, object_id=key, since=tries.since
    ):
        return []
    log.warning("identification.halted", failures=failures, limit=most, numbers=halt.numbers)
    minutes = int(WINDOW.total_seconds()) // 60
    _write_down(uow, HALTED, None, now, halt, limit=most, minutes=minutes)
    return [one for user_id in sorted(uow.tasks.leaders()) for one in _task(uow, user_id, clock)]


def lift(
    *, user_id: int | None, most: int, unit_of_work: Callable[[], UnitOfWork], clock: Clock
) -> Halt | None:
    """Everybody is asked again, and the count begins anew. What was lifted; None if nothing was to
    be. Locks of customers and limits of numbers stay."""
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        halt = uow.pins.halt(most, clock.now())
        if halt is not None:
            _write_down(uow, LIFTED, user_id, clock.now(), halt, limit=most)
            uow.commit()
    tell_until(None)
    if halt is not None:
        log.warning("identification.lifted", failures=halt.failures, by=user_id)
    return halt


def tell_until(halt: Halt | None) -> None:
    """To whoever watches the metrics."""
    HALTED_UNTIL.set(halt.until.timestamp() if halt is not None else 0)


def _write_down(
    uow: UnitOfWork, action: str, user_id: int | None, at: datetime, halt: Halt, **more: int
) -> None:
    kind, key = WHERE
    told = {"failures": halt.failures, "numbers": halt.numbers, "hidden": halt.hidden}
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type=kind,
        object_id=key,
        at=at,
        detail={**told, **more},
    )


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
