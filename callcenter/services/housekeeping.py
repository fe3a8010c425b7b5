"""Use cases that nobody asks for: what has to be done as time passes.

Each is safe to repeat and to run in several processes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from callcenter.menus.guessing import PROOF_HOLDS
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import Identified, live_call

log = structlog.get_logger(__name__)

_BATCH = 1_000
_UNSEEN = timedelta(hours=1)
_IDEMPOTENCY_KEPT = timedelta(days=2)
_WEBHOOK_LOG_KEPT = timedelta(days=30)
_IDENTIFICATIONS_KEPT = PROOF_HOLDS
_WATCHERS = ("supervisor", "admin")


class SeenPbx(Protocol):
    @property
    def pbx(self) -> str: ...

    @property
    def seen_at(self) -> datetime: ...


def prune_journals(
    unit_of_work: Callable[[], UnitOfWork], clock: Clock, retention_days: int
) -> tuple[int, int]:
    """Forget routing decisions and audit entries past their time: (decisions, entries)."""
    before = clock.now() - timedelta(days=retention_days)
    decisions = _in_batches(unit_of_work, lambda uow: uow.routing.prune(before, _BATCH))
    entries = _in_batches(unit_of_work, lambda uow: uow.audit.prune(before, _BATCH))
    with unit_of_work() as uow:
        uow.idempotency.forget_before(clock.now() - _IDEMPOTENCY_KEPT)
        uow.commit()
    return decisions, entries


def prune_evidence(
    unit_of_work: Callable[[], UnitOfWork], clock: Clock, days: int
) -> tuple[int, int]:
    """Forget what calls were made from, and lines set aside: (journals, lines).

    The calls, and what was mended in them, stay.
    """
    before = clock.now() - timedelta(days=days)
    journals = _in_batches(unit_of_work, lambda uow: uow.journal.prune(before, _BATCH))
    lines = _in_batches(unit_of_work, lambda uow: uow.ledger.prune_set_aside(before, _BATCH))
    return journals, lines


def prune_webhook_log(unit_of_work: Callable[[], UnitOfWork], clock: Clock) -> int:
    """Forget what other systems were told long ago. How many deliveries."""
    before = clock.now() - _WEBHOOK_LOG_KEPT
    return _in_batches(unit_of_work, lambda uow: uow.webhooks.prune(before, _BATCH))


def prune_identifications(unit_of_work: Callable[[], UnitOfWork], clock: Clock) -> int:
    """Forget who tried to be whom by phone: limits look back an hour, what a number has proved
    holds for `PROOF_HOLDS`. How many tries."""
    before = clock.now() - _IDENTIFICATIONS_KEPT
    return _in_batches(unit_of_work, lambda uow: uow.pins.prune(before, _BATCH))


def _in_batches(unit_of_work: Callable[[], UnitOfWork], prune: Callable[[UnitOfWork], int]) -> int:
    """Small transactions: a long one would hold up the writer of calls."""
    total = 0
    while True:
        with unit_of_work() as uow:
            count = prune(uow)
            uow.commit()
        total += count
        if count < _BATCH:
            return total


def close_forgotten_calls(
    links: Iterable[SeenPbx],
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> int:
    """End the live calls of PBXs that no listener has reported on for an hour.

    Their real end is unknown: it is set to when the PBX was last seen, and a listener that comes
    back corrects it. Returns how many calls were closed.
    """
    closed = 0
    for link in links:
        if clock.now() - link.seen_at > _UNSEEN:
            messages = _close(link, unit_of_work)
            publisher.publish(messages)
            closed += len(messages)
    return closed


def _close(link: SeenPbx, unit_of_work: Callable[[], UnitOfWork]) -> list[Message]:
    with unit_of_work() as uow:
        ids = uow.calls.close_missing(link.pbx, (), link.seen_at)
        users = uow.users.endpoint_map() if ids else {}
        messages = []
        for record in filter(None, map(uow.calls.get, ids)):
            concerned = {users[leg.endpoint] for leg in record.legs if leg.endpoint in users}
            audience = Audience(users=tuple(sorted(concerned)), roles=_WATCHERS)
            payload = {"call": live_call(record, users, Identified()).payload()}
            messages.append(Message(kind="call", audience=audience, payload=payload))
        uow.commit()
    if ids:
        log.warning("calls.closed_unseen", pbx=link.pbx, calls=len(ids))
    return messages
