"""Use case: other systems are told of calls. Each of `call.started`, `call.answered`, `call.ended`
once, whatever was written again; what the ledger adds days later is no news.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from callcenter.calls.record import CallRecord
from callcenter.interactions.interaction import operator_of
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.realtime.payloads import Identified
from callcenter.services.call_rows import WrittenCalls

_NEWS = timedelta(days=1)
_EVENTS = frozenset({"call.started", "call.answered", "call.ended"})


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Inside the writer's transaction; one small look-up where nobody asks for calls."""
    asked = _EVENTS & uow.outbox.wanted()
    if not asked:
        return []
    now = clock.now()
    for event in sorted(asked):
        told = [
            (call_id, _payload(record, written.identified[call_id], written))
            for call_id, record in written.records.items()
            if event in _events(record, now)
        ]
        uow.outbox.tell_many(event, "call", told, now, once=True)
    return []


def _events(record: CallRecord, now: datetime) -> Iterator[str]:
    if record.ended_at is not None and now - record.ended_at > _NEWS:
        return
    yield "call.started"
    if record.answered_at is not None:
        yield "call.answered"
    if not record.live:
        yield "call.ended"


def _payload(record: CallRecord, who: Identified, written: WrittenCalls) -> dict[str, Any]:
    return {
        "id": record.id,
        "interaction_id": who.interaction_id,
        "direction": record.direction,
        "result": record.result if not record.live else None,
        "number": who.number_e164 or who.number,
        "dialed": record.dialed,
        "queue": record.queues[-1] if record.queues else "",
        "customer_ids": [customer.id for customer in who.customers],
        "operator_id": operator_of(record, written.users_by_endpoint),
        "started_at": _iso(record.started_at),
        "answered_at": _iso(record.answered_at),
        "ended_at": _iso(record.ended_at),
        "wait_seconds": record.wait_seconds,
        "talk_seconds": record.talk_seconds,
        "hold_seconds": record.hold_seconds,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
