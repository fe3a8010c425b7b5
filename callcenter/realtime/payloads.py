"""The payloads of `call`, `screen_pop` and `agent`: one shape for messages and snapshots.

Both the service that publishes and the query that makes a snapshot build them here, from the same
call record: that is why an old snapshot plus events equals a new snapshot. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from callcenter.agents.staffing import QueueFigures
from callcenter.agents.status import AgentStatus, WrapUp
from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.customer import CustomerBrief
from callcenter.customers.phone_text import is_withheld

PopPhase = Literal["ringing", "answered", "gone"]
PartyState = Literal["ringing", "talking", "ended"]
LiveState = Literal["waiting", "ringing", "talking", "ended"]
_HAND_OVERS = ("blind", "attended", "blonde")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFace:
    """What screens show of a queue's settings."""

    title: str = ""
    auto_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBack:
    """The call-back that a call carries out, and when it was asked for."""

    request_id: int
    asked_at: datetime

    def payload(self) -> dict[str, Any]:
        return {"request_id": self.request_id, "asked_at": iso(self.asked_at)}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedBy:
    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveParty:
    """One of our operators on a call, now or before."""

    user_id: int | None
    endpoint: str
    number: str
    state: PartyState
    since: datetime | None
    held_since: datetime | None = None
    """While the conversation is on hold; the state goes on to be talking."""

    def payload(self) -> dict[str, Any]:
        return {
            "user_id": self.user_id,
            "endpoint": self.endpoint,
            "number": self.number,
            "state": self.state,
            "since": iso(self.since),
            "held_since": iso(self.held_since),
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
    queue_title: str
    route: str
    match: str
    started_at: datetime | None
    queued_at: datetime | None = None
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
            "queue_title": self.queue_title,
            "route": self.route,
            "match": self.match,
            "started_at": iso(self.started_at),
            "queued_at": iso(self.queued_at),
            "answered_at": iso(self.answered_at),
            "ended_at": iso(self.ended_at),
            "parties": [party.payload() for party in self.parties],
            "customers": [customer.payload() for customer in self.customers],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPop:
    """What opens on an operator's screen.

    `reason` is the routing rule that sent the call, `menu` the keys pressed on the way, in order.
    `waiting_since`: when the caller came into the queue (without one: when they called).
    `handed_by` is the operator who transferred the call here. `last_chosen` is whom an operator
    named the last time that this number called; nobody is chosen by it. `organization` is whose
    switchboard the number is. `callback`: the phone rings for a call-back that somebody asked for.
    """

    call_id: str
    interaction_id: int | None
    phase: PopPhase
    direction: str
    queue: str
    queue_title: str
    auto_answer: bool
    dialed: str
    trunk: str
    menu: tuple[str, ...]
    number: str
    number_display_e164: str
    caller_name: str
    waiting_since: datetime | None
    answered_at: datetime | None
    match: str
    customers: tuple[CustomerBrief, ...]
    last_chosen: int | None
    route: str
    reason: str
    handed_by: HandedBy | None
    organization: str = ""
    callback: AskedBack | None = None

    def payload(self) -> dict[str, Any]:
        return {
            "call_id": self.call_id,
            "interaction_id": self.interaction_id,
            "phase": self.phase,
            "direction": self.direction,
            "queue": self.queue,
            "queue_title": self.queue_title,
            "auto_answer": self.auto_answer,
            "dialed": self.dialed,
            "trunk": self.trunk,
            "menu": list(self.menu),
            "number": self.number,
            "number_display_e164": self.number_display_e164,
            "caller_name": self.caller_name,
            "waiting_since": iso(self.waiting_since),
            "answered_at": iso(self.answered_at),
            "match": self.match,
            "customers": [customer.payload() for customer in self.customers],
            "last_chosen": self.last_chosen,
            "route": self.route,
            "reason": self.reason,
            "handed_by": asdict(self.handed_by) if self.handed_by is not None else None,
            "organization": self.organization,
            "callback": self.callback.payload() if self.callback is not None else None,
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
    organization: str = ""
    last_chosen: int | None = None
    queue: QueueFace = QueueFace()
    operators: Mapping[int, str] = field(default_factory=dict)
    """Names of those who transferred the call."""
    callback: AskedBack | None = None

    @property
    def only(self) -> CustomerBrief | None:
        """Whoever it must be. The single owner of a number that others answer too need not be."""
        known = self.match in ("one", "chosen") and len(self.customers) == 1
        return self.customers[0] if known else None


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
        number=_told(who.number or record.caller_number, who),
        number_e164=who.number_e164,
        caller_name=_told(record.caller_name, who),
        dialed=record.dialed,
        trunk=record.trunk,
        queue=_queue(record),
        queue_title=who.queue.title or _queue(record),
        route=record.route,
        match=who.match,
        started_at=record.started_at,
        queued_at=record.queued_at,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        parties=parties,
        customers=who.customers,
    )


def screen_pop(
    record: CallRecord,
    devices: Sequence[str],
    users_by_endpoint: Mapping[str, int],
    who: Identified,
) -> ScreenPop:
    """The call as it is to the operator with these devices, now."""
    return ScreenPop(
        call_id=record.id,
        interaction_id=who.interaction_id,
        phase=pop_phase(record, devices),
        direction=record.direction,
        queue=_queue(record),
        queue_title=who.queue.title or _queue(record),
        auto_answer=who.queue.auto_answer,
        dialed=record.dialed,
        trunk=record.trunk,
        menu=record.menu,
        number=_told(who.number or record.caller_number, who),
        number_display_e164=who.number_e164,
        caller_name=_told(record.caller_name, who),
        waiting_since=record.queued_at or record.started_at,
        answered_at=record.answered_at,
        match=who.match,
        customers=who.customers,
        last_chosen=who.last_chosen,
        route=record.route,
        reason=who.reason,
        handed_by=_handed_by(record, devices, users_by_endpoint, who),
        organization=who.organization,
        callback=who.callback,
    )


def transferers(record: CallRecord, users_by_endpoint: Mapping[str, int]) -> frozenset[int]:
    """The operators who sent the call on to somebody else."""
    endpoints = {leg.channel: leg.endpoint for leg in record.legs}
    moved = (endpoints.get(move.by, "") for move in record.transfers if move.kind in _HAND_OVERS)
    return frozenset(users_by_endpoint[one] for one in moved if one in users_by_endpoint)


def pop_phase(record: CallRecord, endpoints: Sequence[str]) -> PopPhase:
    """What a call is to the operator with these devices, now."""
    legs = [leg for leg in record.legs if leg.endpoint in endpoints and leg.role != "spy"]
    states = {leg_state(leg) for leg in legs}
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
        "chosen": status.chosen,
        "chosen_reason": status.chosen_reason,
        "device": status.device,
        "wrap_up": _wrap_up_payload(status.wrap_up) if status.wrap_up else None,
    }


def queue_payload(figures: QueueFigures) -> dict[str, Any]:
    return {
        "queue": figures.queue,
        "title": figures.title,
        "waiting": figures.waiting,
        "longest_since": iso(figures.longest_since),
        "ready": figures.ready,
    }


def _wrap_up_payload(wrap_up: WrapUp) -> dict[str, Any]:
    return {
        "call_id": wrap_up.call_id,
        "interaction_id": wrap_up.interaction_id,
        "until": iso(wrap_up.until),
        "required": wrap_up.required,
    }


def _told(text: str, who: Identified) -> str:
    """A caller's name or number; '' for somebody who hides: what a network puts there instead
    ("anonymous") is neither, and what it told all the same was not meant to be seen."""
    return "" if who.match == "withheld" or is_withheld(text.strip()) else text


def _queue(record: CallRecord) -> str:
    return record.queues[-1] if record.queues else ""


def _handed_by(
    record: CallRecord,
    devices: Sequence[str],
    users_by_endpoint: Mapping[str, int],
    who: Identified,
) -> HandedBy | None:
    """Whoever made the last transfer, if that was somebody else."""
    last = next((move for move in reversed(record.transfers) if move.kind in _HAND_OVERS), None)
    endpoint = next((leg.endpoint for leg in record.legs if last and leg.channel == last.by), "")
    user_id = users_by_endpoint.get(endpoint)
    if user_id is None or endpoint in devices:
        return None
    return HandedBy(user_id=user_id, name=who.operators.get(user_id, ""))


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _parties(legs: Iterable[Leg], users_by_endpoint: Mapping[str, int]) -> Iterable[LiveParty]:
    for leg in legs:
        user_id = users_by_endpoint.get(leg.endpoint)
        if user_id is not None and leg.role != "spy":
            state = leg_state(leg)
            moments = {"ended": leg.ended_at, "talking": leg.answered_at, "ringing": leg.ringing_at}
            yield LiveParty(
                user_id=user_id,
                endpoint=leg.endpoint,
                number=leg.number,
                state=state,
                since=moments[state],
                held_since=leg.held_since if state == "talking" else None,
            )


def _live_state(record: CallRecord, parties: Sequence[LiveParty]) -> LiveState:
    if not record.live:
        return "ended"
    states = {party.state for party in parties}
    if "talking" in states or (record.answered_at is not None and not parties):
        return "talking"
    return "ringing" if "ringing" in states else "waiting"
