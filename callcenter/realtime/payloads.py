"""The payloads of `call`, `screen_pop` and `agent`: one shape for messages and snapshots.

Both the service that publishes and the query that makes a snapshot build them here, from the same
call record: that is why an old snapshot plus events equals a new snapshot. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from callcenter.accounts.user import AgentStatus
from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.customer import CustomerBrief

PopPhase = Literal["ringing", "answered", "gone"]
PartyState = Literal["ringing", "talking", "ended"]
LiveState = Literal["waiting", "ringing", "talking", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveParty:
    """One of our operators on a call, now or before."""

    user_id: int | None
    endpoint: str
    number: str
    state: PartyState
    since: datetime | None

    def payload(self) -> dict[str, Any]:
        return {
            "user_id": self.user_id,
            "endpoint": self.endpoint,
            "number": self.number,
            "state": self.state,
            "since": iso(self.since),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """A call as a wallboard row or the call bar shows it. `live` is false once it has ended."""

    call_id: str
    interaction_id: int | None
    pbx: str
    live: bool
    state: LiveState
    direction: str
    result: str
    number: str
    number_e164: str
    caller_name: str
    dialed: str
    trunk: str
    queue: str
    route: str
    match: str
    started_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    parties: tuple[LiveParty, ...] = ()
    customers: tuple[CustomerBrief, ...] = ()

    def payload(self) -> dict[str, Any]:
        return {
            "call_id": self.call_id,
            "interaction_id": self.interaction_id,
            "pbx": self.pbx,
            "live": self.live,
            "state": self.state,
            "direction": self.direction,
            "result": self.result,
            "number": self.number,
            "number_e164": self.number_e164,
            "caller_name": self.caller_name,
            "dialed": self.dialed,
            "trunk": self.trunk,
            "queue": self.queue,
            "route": self.route,
            "match": self.match,
            "started_at": iso(self.started_at),
            "answered_at": iso(self.answered_at),
            "ended_at": iso(self.ended_at),
            "parties": [party.payload() for party in self.parties],
            "customers": [customer.payload() for customer in self.customers],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPop:
    """What opens on an operator's screen. `reason` is the routing rule that sent the call."""

    call_id: str
    interaction_id: int | None
    phase: PopPhase
    direction: str
    queue: str
    dialed: str
    trunk: str
    number: str
    number_display_e164: str
    caller_name: str
    waiting_since: datetime | None
    match: str
    customers: tuple[CustomerBrief, ...]
    route: str
    reason: str

    def payload(self) -> dict[str, Any]:
        return {
            "call_id": self.call_id,
            "interaction_id": self.interaction_id,
            "phase": self.phase,
            "direction": self.direction,
            "queue": self.queue,
            "dialed": self.dialed,
            "trunk": self.trunk,
            "number": self.number,
            "number_display_e164": self.number_display_e164,
            "caller_name": self.caller_name,
            "waiting_since": iso(self.waiting_since),
            "match": self.match,
            "customers": [customer.payload() for customer in self.customers],
            "route": self.route,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """Who a call is from, as its interaction says: the part that a call record does not know."""

    interaction_id: int | None = None
    number: str = ""
    number_e164: str = ""
    match: str = "none"
    customers: tuple[CustomerBrief, ...] = ()
    reason: str = ""


def live_call(
    record: CallRecord, users_by_endpoint: Mapping[str, int], who: Identified
) -> LiveCall:
    parties = tuple(_parties(record.legs, users_by_endpoint))
    return LiveCall(
        call_id=record.id,
        interaction_id=who.interaction_id,
        pbx=record.pbx,
        live=record.live,
        state=_live_state(record, parties),
        direction=record.direction,
        result=record.result,
        number=who.number or record.caller_number,
        number_e164=who.number_e164,
        caller_name=record.caller_name,
        dialed=record.dialed,
        trunk=record.trunk,
        queue=record.queues[-1] if record.queues else "",
        route=record.route,
        match=who.match,
        started_at=record.started_at,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        parties=parties,
        customers=who.customers,
    )


def screen_pop(record: CallRecord, phase: PopPhase, who: Identified) -> ScreenPop:
    return ScreenPop(
        call_id=record.id,
        interaction_id=who.interaction_id,
        phase=phase,
        direction=record.direction,
        queue=record.queues[-1] if record.queues else "",
        dialed=record.dialed,
        trunk=record.trunk,
        number=who.number or record.caller_number,
        number_display_e164=who.number_e164,
        caller_name=record.caller_name,
        waiting_since=record.started_at,
        match=who.match,
        customers=who.customers,
        route=record.route,
        reason=who.reason,
    )


def pop_phase(record: CallRecord, endpoints: Sequence[str]) -> PopPhase:
    """What a call is to the operator with these devices, now."""
    states = {leg_state(leg) for leg in record.legs if leg.endpoint in endpoints}
    if not record.live or not states or states == {"ended"}:
        return "gone"
    return "answered" if "talking" in states else "ringing"


def leg_state(leg: Leg) -> PartyState:
    if leg.ended_at is not None:
        return "ended"
    return "talking" if leg.answered_at is not None else "ringing"


def agent_payload(status: AgentStatus) -> dict[str, Any]:
    return {
        "user_id": status.user_id,
        "state": status.state,
        "reason": status.reason,
        "since": iso(status.since),
    }


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _parties(legs: Iterable[Leg], users_by_endpoint: Mapping[str, int]) -> Iterable[LiveParty]:
    for leg in legs:
        user_id = users_by_endpoint.get(leg.endpoint)
        if user_id is not None:
            state = leg_state(leg)
            moments = {"ended": leg.ended_at, "talking": leg.answered_at, "ringing": leg.ringing_at}
            yield LiveParty(
                user_id=user_id,
                endpoint=leg.endpoint,
                number=leg.number,
                state=state,
                since=moments[state],
            )


def _live_state(record: CallRecord, parties: Sequence[LiveParty]) -> LiveState:
    if not record.live:
        return "ended"
    states = {party.state for party in parties}
    if "talking" in states or (record.answered_at is not None and not parties):
        return "talking"
    return "ringing" if "ringing" in states else "waiting"
