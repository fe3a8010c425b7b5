"""The rule of the worklist: a number is on it while it has called in vain and nobody has spoken
with it since.

The row is a function of the contacts with a number, not of the order in which they became known:
written twice, late, or corrected afterwards, they give the same row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

ClosedHow = Literal["", "reached", "got_through", "by_hand"]
LOST = frozenset({"missed", "abandoned", "busy", "rejected", "failed"})
CLAIM = timedelta(minutes=10)
LOOK_BACK = timedelta(days=60)
"""Contacts before that are history: who has not been called back by then never will be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRule:
    """`short_abandon_seconds`: who hangs up sooner has not waited for us."""

    short_abandon_seconds: int = 5
    return_minutes: int = 60


USUAL = QueueRule()
"""For calls of no queue, and of queues that nobody has settled anything for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One call with an outside number, as its interaction has it; or a call-back that they asked
    for and that never came about: as if they had called in vain when they asked.
    """

    interaction_id: int | None
    number: str
    customer_id: int | None
    direction: str
    result: str
    queue: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wait_seconds: float | None
    operator_id: int | None = None
    given_up_at: datetime | None = None
    """Of a call-back: when its time or its attempts were used up."""

    @property
    def at(self) -> datetime:
        """Spoken with from the answer on; called in vain until it ended."""
        return self.answered_at or self.ended_at or self.started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the contacts say of one number: it is to be called back, or who made that needless.

    `first`, `last` and `times` are of the calls in vain since somebody last spoke with it.
    """

    first: Contact
    last: Contact
    times: int
    due_at: datetime
    attempts: int
    last_attempt_at: datetime | None


def spoke(contact: Contact) -> bool:
    """Somebody of ours and the other side were in conversation, whoever called."""
    return contact.result == "answered" and contact.direction in ("inbound", "outbound")


def in_vain(contact: Contact, rule: QueueRule) -> bool:
    if contact.direction != "inbound" or contact.result not in LOST or not contact.number:
        return False
    if contact.ended_at is None:
        return False
    waited = contact.wait_seconds
    short = waited is not None and waited <= rule.short_abandon_seconds
    return not (contact.result == "abandoned" and short)


def wanted(
    number: str,
    contacts: Iterable[Contact],
    rules: Mapping[str, QueueRule],
    settled_at: datetime | None = None,
) -> Wanted | None:
    """`contacts` are all with this number, and conversations with other numbers of its customer.

    `settled_at`: when somebody last closed it by hand.
    """
    known = sorted(contacts, key=_order)
    spoken_at = max((one.at for one in known if spoke(one)), default=None)
    lost = [
        one
        for one in known
        if one.number == number
        and (spoken_at is None or one.at > spoken_at)
        and (settled_at is None or (one.given_up_at or one.at) > settled_at)
        and in_vain(one, rules.get(one.queue, USUAL))
    ]
    if not lost:
        return None
    first, last = lost[0], lost[-1]
    tried = [one for one in known if _tried(one, number) and one.at > first.at]
    return Wanted(
        first=first,
        last=last,
        times=times(lost),
        due_at=last.at + timedelta(minutes=rules.get(last.queue, USUAL).return_minutes),
        attempts=len(tried),
        last_attempt_at=tried[-1].at if tried else None,
    )


def times(lost: Iterable[Contact]) -> int:
    """Who asked for a call-back in a call has called once."""
    return len({one.interaction_id for one in lost})


def closing(last_at: datetime, contacts: Sequence[Contact]) -> Contact | None:
    """The first conversation after the last call in vain."""
    after = [one for one in contacts if spoke(one) and one.at >= last_at]
    return min(after, key=_order, default=None)


def how_closed(contact: Contact) -> ClosedHow:
    return "got_through" if contact.direction == "inbound" else "reached"


def claimed(claimed_at: datetime | None, now: datetime) -> bool:
    """Somebody has it in hand. Who does nothing about it for ten minutes has it no longer."""
    return claimed_at is not None and now - claimed_at < CLAIM


def _tried(contact: Contact, number: str) -> bool:
    """We called, and nobody took it."""
    mine = contact.direction == "outbound" and contact.number == number
    return mine and contact.ended_at is not None and contact.result != "answered"


def _order(contact: Contact) -> tuple[datetime, int]:
    return contact.at, contact.interaction_id or 0
