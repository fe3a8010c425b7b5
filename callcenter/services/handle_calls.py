"""Use case: what the tracker tells becomes rows, then screen-pops. In that order, always.

One batch is one transaction, whatever its size: a call that changed five times in it is written
once, as it is at the end. Writing a batch again changes nothing, so a writer may retry after any
failure. Nothing is published that is not committed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callcenter.calls.events import CallEvent
from callcenter.calls.journal import JournalPart
from callcenter.customers.phone import NumberPlan
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services.after_calls import FollowUps, with_follow_ups
from callcenter.services.call_identity import CallMemory, last_states
from callcenter.services.call_news import news_of
from callcenter.services.call_rows import WrittenCalls, write_calls
from callcenter.services.journal import keep_journal

__all__ = ["CallMemory", "handle_call_events"]


def handle_call_events(
    events: Sequence[CallEvent],
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    plan_for: Callable[[str], NumberPlan],
    memory: CallMemory,
    journal: Sequence[JournalPart] = (),
) -> None:
    """Write a batch of events in one transaction, then publish.

    `journal` are the messages that the calls which ended were made from.
    `plan_for` gives the number plan of a trunk endpoint ('' for none: the house's own).

    Raises what the unit of work raises (the caller retries the same batch); then nothing was
    written and nothing was published.
    """
    if not events and not journal:
        return

    def write(follow_ups: FollowUps) -> tuple[WrittenCalls, list[Message]]:
        with unit_of_work() as uow:
            batch = last_states(uow, events, memory)
            written = write_calls(uow, batch.records, batch.absorbed, plan_for, clock)
            keep_journal(uow, journal, batch)
            followed = follow_ups(uow, written, clock)
            uow.commit()
        return written, followed

    written, followed = with_follow_ups(write)
    memory.wrote(written.records)
    publisher.publish([*news_of(written, memory), *followed])
