"""What follows from calls that were just written, inside the writer's transaction: the states of
those who are on them, the worklist of calls in vain, call-backs that are done.

Calls come first: a follow-up that fails costs no call its rows. The batch is then written once more
without that one follow-up, which is logged and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from prometheus_client import Counter

from callcenter.errors import Conflict, Unavailable
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services import (
    call_outbox,
    callback_turns,
    callbacks,
    figures,
    first_contacts,
    missed_calls,
    presence,
    report_facts,
    supervision,
    voicemails,
)
from callcenter.services.call_rows import WrittenCalls

log = structlog.get_logger(__name__)
LEFT_OUT = Counter(
    "callcenter_follow_ups_left_out_total",
    "Batches of calls that were written without what follows from them, because it failed",
    ["follow_up"],
)
Written = TypeVar("Written")
_FOLLOW_UPS: Final = {
    "presence": presence,
    "missed_calls": missed_calls,
    "supervision": supervision,
    "callbacks": callbacks,
    "callback_turns": callback_turns,
    "voicemails": voicemails,
    "call_outbox": call_outbox,
    "figures": figures,
    "report_facts": report_facts,
    "first_contacts": first_contacts,
}


class FollowUps:
    """What of them a batch has. `under_way` names the one at work, '' before and after them all."""

    def __init__(self) -> None:
        self.under_way = ""
        self._left_out: set[str] = set()
        self._contradicted: set[str] = set()

    def __call__(self, uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
        """What to publish after the commit."""
        messages: list[Message] = []
        for name, follow_up in _FOLLOW_UPS.items():
            if name not in self._left_out:
                self.under_way = name
                messages += follow_up.follow_calls(uow, written, clock)
        self.under_way = ""
        return messages

    def leave_out(self, error: Exception) -> None:
        """The one at work, from the next attempt on. What contradicts the database may only have
        met another process, and has a second try.
        """
        name, self.under_way = self.under_way, ""
        if isinstance(error, Conflict) and name not in self._contradicted:
            self._contradicted.add(name)
            return
        self._left_out.add(name)
        LEFT_OUT.labels(name).inc()
        log.error("calls.follow_up_left_out", follow_up=name, exc_info=error)


def with_follow_ups(write: Callable[[FollowUps], Written]) -> Written:
    """`write` is one whole transaction, and may be begun again. Raises what it raises, unless a
    follow-up did; a database that is away is for the caller to wait for.
    """
    follow_ups = FollowUps()
    while True:
        try:
            return write(follow_ups)
        except Unavailable:
            raise
        except Exception as error:
            if not follow_ups.under_way:
                raise
            follow_ups.leave_out(error)
