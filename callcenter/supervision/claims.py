"""Who takes a call over, or has its waiting caller called up: one person at a time, and one caller
at a time for a phone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from callcenter.calls.record import CallRecord, Leg

Deed = Literal["take_over", "pull"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
AT_ONCE: Final = timedelta(seconds=8)
"""What needs no phone to be lifted has happened by then."""
RINGING: Final = timedelta(seconds=60)
"""A phone that has to be lifted first rings no longer than that."""
LONGEST: Final = 2 * RINGING
"""A claim that lies further ahead was made before somebody set the clock back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`to_id`: the user who shall speak with the caller, `user_id` who wished it. From `since` it
    keeps others from the same call; after `until` it does not, whatever became of it."""

    call_id: str
    deed: Deed
    user_id: int
    to_id: int
    command_id: str
    since: datetime
    until: datetime


def first(wanted: Claim, others: Iterable[Claim]) -> Claim | None:
    """Of those in its way, the one to tell of: the same command sent again, who has the call, who
    sends another caller to the phone."""
    in_order = sorted(
        others, key=lambda one: (one.command_id != wanted.command_id, one.call_id != wanted.call_id)
    )
    return next(iter(in_order), None)


def is_over(claim: Claim, record: CallRecord, users: Mapping[str, int]) -> bool:
    """Whether it has come about, or can no more. `users`: whose each device is."""
    if not record.live:
        return True
    theirs = [leg for leg in record.legs if users.get(leg.endpoint) == claim.to_id]
    if any(_speaks(leg) for leg in theirs):
        return True
    if claim.deed == "take_over":
        return False
    return record.answered_at is not None or _waits_again(claim, record, theirs)


def _speaks(leg: Leg) -> bool:
    return leg.role != "spy" and leg.answered_at is not None and leg.ended_at is None


def _waits_again(claim: Claim, record: CallRecord, theirs: list[Leg]) -> bool:
    """The phone was not lifted, and the caller is with the queue again."""
    rung = [leg for leg in theirs if leg.ringing_at is not None and leg.ringing_at > claim.since]
    if rung and all(leg.ended_at is not None for leg in rung):
        return True
    joined = (visit.joined_at for visit in record.queue_visits)
    return any(at is not None and at > claim.since for at in joined)
