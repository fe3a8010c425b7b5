"""A call-back that a caller asked for, and what becomes of it.

waiting    its turn has not come, or it is tried again later
offered    an operator's phone rings for it
calling    the operator has lifted: the customer is being called
done       somebody spoke with them, in this call or any other
failed     tried as often as the rule says
expired    its time was over before anybody could
cancelled  taken off the list by a person
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from callcenter.calls.record import CallRecord

State = Literal["waiting", "offered", "calling", "done", "failed", "expired", "cancelled"]
OPEN: Final[tuple[State, ...]] = ("waiting", "offered", "calling")
OFFER_LEASE: Final = timedelta(seconds=90)
"""For so long an offer is its operator's, whatever becomes of us: a phone rings for 40 s."""
COMMAND: Final = "callback-"
"""How the ids of the commands begin that carry out an offer."""
CHANNEL: Final = "crm-"
"""And what their channels have before it: the PBX takes our id for its own."""
DECLINED_AGAIN: Final = timedelta(seconds=20)
"""Until the next colleague is rung after one has not taken it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRequest:
    id: int
    interaction_id: int | None
    pbx: str
    call_id: str
    customer_id: int | None
    number: str
    queue: str
    language: str
    place_at: datetime
    not_before: datetime
    expires_at: datetime
    state: State
    attempts: int
    next_at: datetime
    assigned_to: int | None
    offered_to: int | None
    declined_by: str
    command_id: str
    leased_until: datetime | None
    last_result: str
    note: str
    created_at: datetime
    closed_at: datetime | None
    closed_by: int | None
    closed_interaction_id: int | None

    @property
    def declined(self) -> frozenset[int]:
        return frozenset(int(one) for one in self.declined_by.split(",") if one.isdecimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How often and for how long somebody is tried."""

    attempts: int = 3
    retry: timedelta = timedelta(minutes=15)
    lasts: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What a request becomes after an attempt."""

    state: State
    attempts: int
    next_at: datetime
    last_result: str


def after_attempt(request: CallbackRequest, rule: Rule, result: str, now: datetime) -> Next:
    """The customer was called and nobody spoke with them."""
    attempts = request.attempts + 1
    if attempts >= rule.attempts:
        return Next(state="failed", attempts=attempts, next_at=now, last_result=result)
    return Next(state="waiting", attempts=attempts, next_at=now + rule.retry, last_result=result)


def after_decline(request: CallbackRequest, now: datetime, result: str = "declined") -> Next:
    """The operator did not take it: no attempt, since nobody was called."""
    return Next(
        state="waiting",
        attempts=request.attempts,
        next_at=now + DECLINED_AGAIN,
        last_result=result,
    )


def comes_before(request: CallbackRequest, oldest_waiting: datetime | None) -> bool:
    """Whether its place is before everybody who waits on the line now."""
    return oldest_waiting is None or request.place_at <= oldest_waiting


def command_in(record: CallRecord) -> str:
    """Under which command this call was placed as a call-back; '' for any other."""
    mine = (one for one in record.uniqueids if one.startswith(CHANNEL + COMMAND))
    return next((one.removeprefix(CHANNEL) for one in mine if not one.endswith("-2")), "")
