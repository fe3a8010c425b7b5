"""The interaction that a call leaves on a customer's card: one per call, always.

`interaction_of` is a pure function of the call record, the parsed number and the customers found
by it, so that writing the same call again gives the same row (idempotent upsert by `call_id`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from callcenter.calls.record import HANDED_ON, CallRecord, CallResult, Direction, Leg
from callcenter.customers.matching import NumberMatch, match_number
from callcenter.customers.phone import PhoneNumber

MatchKind = NumberMatch | Literal["chosen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionRow:
    """What the store upserts by `call_id`. Seconds are floats; times aware UTC or None."""

    call_id: str
    direction: Direction
    result: CallResult
    number: str
    """E.164 of the outside party, empty when there is none."""
    number_raw: str
    number_kind: str
    dialed: str
    queue: str
    customer_id: int | None
    match: MatchKind
    candidate_ids: tuple[int, ...]
    operator_id: int | None
    started_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    wait_seconds: float | None
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float = 0.0
    transfers: int = 0
    explanation: Mapping[str, Any] = field(default_factory=dict)


def outside_number(call: CallRecord) -> str:
    """The number of the party that is not ours, as the network wrote it ('' for internal)."""
    if call.direction == "outbound":
        return call.dialed or next((leg.number for leg in call.legs if leg.role == "callee"), "")
    return call.caller_number


def operator_of(call: CallRecord, users_by_endpoint: Mapping[str, int]) -> int | None:
    """Whose call it is: of those who spoke the last one; else the operator who dialled."""
    by_channel = {leg.channel: leg for leg in call.legs}
    spoke = [by_channel[name] for name in call.answered_by if name in by_channel]
    last = by_channel.get(call.last_speaker)
    for leg in ([last] if last else []) + spoke[::-1] + _own_side(call):
        user = users_by_endpoint.get(leg.endpoint)
        if user is not None:
            return user
    return None


def _own_side(call: CallRecord) -> list[Leg]:
    """The caller's leg of an outbound or internal call belongs to us, answered or not."""
    if call.direction not in ("outbound", "internal"):
        return []
    return [leg for leg in call.legs if leg.role == "caller"]


def _handed_on(call: CallRecord) -> int:
    """How often somebody who spoke gave the call to somebody else."""
    since = call.answered_at
    moves = [one.at for one in call.transfers if one.kind in HANDED_ON]
    return sum(since is not None and at is not None and at >= since for at in moves)


def interaction_of(
    call: CallRecord,
    number: PhoneNumber,
    customer_ids: Sequence[int],
    users_by_endpoint: Mapping[str, int],
    *,
    shared: bool = False,
    organization: str = "",
) -> InteractionRow:
    """`shared`: several people answer at this number, of `organization` if it is a switchboard."""
    internal = call.direction == "internal" and number.kind != "withheld"
    match: MatchKind = "internal" if internal else match_number(number, customer_ids, shared=shared)
    return InteractionRow(
        call_id=call.id,
        direction=call.direction,
        result=call.result,
        number=number.e164,
        number_raw=number.raw[:80],
        number_kind=number.kind,
        dialed=call.dialed[:80],
        queue=call.queues[-1] if call.queues else "",
        customer_id=customer_ids[0] if match == "one" else None,
        match=match,
        candidate_ids=tuple(customer_ids) if match == "several" else (),
        operator_id=operator_of(call, users_by_endpoint),
        started_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        wait_seconds=call.wait_seconds,
        talk_seconds=call.talk_seconds,
        hold_seconds=call.hold_seconds,
        ring_seconds=call.ring_seconds,
        transfers=_handed_on(call),
        explanation={
            "number": {"raw": number.raw[:80], "kind": number.kind, "e164": number.e164},
            "match": {
                "kind": match,
                "customers": list(customer_ids),
                "rule": "E.164 = E.164",
                **({"shared": True, "organization": organization} if shared else {}),
            },
            "route": call.route,
            "uniqueids": list(call.uniqueids),
        },
    )
