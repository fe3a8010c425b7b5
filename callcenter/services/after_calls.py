"""What follows from calls that were just written, inside the writer's transaction: the states of
those who are on them, the worklist of calls in vain, call-backs that are done."""

from __future__ import annotations

from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services import callbacks, missed_calls, presence
from callcenter.services.call_rows import WrittenCalls


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """What to publish after the commit."""
    return [
        *presence.follow_calls(uow, written, clock),
        *missed_calls.follow_calls(uow, written, clock),
        *callbacks.follow_calls(uow, written, clock),
    ]
