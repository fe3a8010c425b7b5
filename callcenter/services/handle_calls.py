"""Use case: what the tracker tells becomes rows, then screen-pops. In that order, always.

One batch is one transaction, whatever its size: a call that changed five times in it is written
once, as it is at the end. Writing a batch again changes nothing, so a writer may retry after any
failure. Nothing is published that is not committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from callcenter.calls.events import CallEvent
from callcenter.calls.record import CallRecord
from callcenter.customers.customer import CustomerBrief
from callcenter.customers.phone import NumberPlan, PhoneNumber, parse_number
from callcenter.interactions.interaction import InteractionRow, interaction_of, outside_number
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import Identified, live_call, pop_phase, screen_pop
from callcenter.services.call_identity import CallMemory, last_states

__all__ = ["CallMemory", "handle_call_events"]

_WATCHERS = ("supervisor", "admin")


@dataclass(frozen=True, slots=True)
class _Written:
    records: Mapping[str, CallRecord]
    identified: Mapping[str, Identified]
    users_by_endpoint: Mapping[str, int]
    absorbed: Mapping[str, str]


def handle_call_events(
    events: Sequence[CallEvent],
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    plan_for: Callable[[str], NumberPlan],
    memory: CallMemory,
) -> None:
    """Write a batch of events in one transaction, then publish.

    `plan_for` gives the number plan of a trunk endpoint ('' for none: the house's own).

    Raises what the unit of work raises (the caller retries the same batch); then nothing was
    written and nothing was published.
    """
    if not events:
        return
    with unit_of_work() as uow:
        written = _write(uow, events, plan_for, clock, memory)
        uow.commit()
    memory.wrote(written.records)
    publisher.publish(_messages(written, memory))


def _write(
    uow: UnitOfWork,
    events: Sequence[CallEvent],
    plan_for: Callable[[str], NumberPlan],
    clock: Clock,
    memory: CallMemory,
) -> _Written:
    users_by_endpoint = uow.users.endpoint_map()
    batch = last_states(uow, events, memory)
    records, absorbed = batch.records, batch.absorbed
    uow.calls.save_many(list(records.values()), users_by_endpoint)
    rows, customers = _interactions(uow, records, users_by_endpoint, plan_for, clock)
    interaction_ids = uow.interactions.upsert_many(rows)
    for gone, into in absorbed.items():
        uow.interactions.merge(gone, into)
        uow.calls.merge(gone, into)
    identified = _identified(uow, rows, interaction_ids, customers, clock)
    return _Written(records, identified, users_by_endpoint, absorbed)


def _interactions(
    uow: UnitOfWork,
    records: Mapping[str, CallRecord],
    users_by_endpoint: Mapping[str, int],
    plan_for: Callable[[str], NumberPlan],
    clock: Clock,
) -> tuple[list[InteractionRow], dict[str, tuple[CustomerBrief, ...]]]:
    numbers = {call_id: _outside(record, plan_for) for call_id, record in records.items()}
    e164s = sorted({number.e164 for number in numbers.values() if number.e164})
    found = uow.customers.find_by_numbers(e164s, clock.now().date()) if e164s else {}
    customers = {call_id: found.get(number.e164, ()) for call_id, number in numbers.items()}
    rows = [
        interaction_of(
            record,
            numbers[call_id],
            [customer.id for customer in customers[call_id]],
            users_by_endpoint,
        )
        for call_id, record in records.items()
    ]
    return rows, customers


def _outside(record: CallRecord, plan_for: Callable[[str], NumberPlan]) -> PhoneNumber:
    """The other party's number, as its trunk writes numbers.

    A trunk never brings us one of our own extensions.
    """
    inbound = record.direction == "inbound"
    return parse_number(
        outside_number(record), plan_for(record.trunk), internal_allowed=not inbound
    )


def _identified(
    uow: UnitOfWork,
    rows: Sequence[InteractionRow],
    interaction_ids: Mapping[str, int],
    customers: Mapping[str, tuple[CustomerBrief, ...]],
    clock: Clock,
) -> dict[str, Identified]:
    """Who each call is from as stored: a customer chosen by a person outranks the number."""
    stored = uow.interactions.identified([row.call_id for row in rows])
    chosen_ids = [
        s.customer_id for s in stored.values() if s.match == "chosen" and s.customer_id is not None
    ]
    chosen = uow.customers.briefs(chosen_ids, clock.now().date()) if chosen_ids else {}
    identified: dict[str, Identified] = {}
    for row in rows:
        kept = stored.get(row.call_id)
        people = customers[row.call_id]
        match: str = row.match
        if kept is not None and kept.match == "chosen" and kept.customer_id in chosen:
            match, people = "chosen", (chosen[kept.customer_id],)
        identified[row.call_id] = Identified(
            interaction_id=interaction_ids.get(row.call_id),
            number=row.number_raw,
            number_e164=row.number,
            match=match,
            customers=people,
            reason=str(row.explanation.get("route", "")),
        )
    return identified


def _messages(written: _Written, memory: CallMemory) -> list[Message]:
    out = [_absorbed(gone, into, memory) for gone, into in written.absorbed.items()]
    for call_id, record in written.records.items():
        who = written.identified[call_id]
        endpoints = _endpoints_by_user(record, written.users_by_endpoint)
        out += _pops(record, who, endpoints, memory)
        call = live_call(record, written.users_by_endpoint, who)
        audience = Audience(users=tuple(sorted(endpoints)), roles=_WATCHERS)
        out.append(Message(kind="call", audience=audience, payload={"call": call.payload()}))
    return out


def _absorbed(gone: str, into: str, memory: CallMemory) -> Message:
    """Takes a call that was part of another off every screen that shows it."""
    users = tuple(sorted(user for call_id, user in memory.shown if call_id == gone))
    for user in users:
        del memory.shown[gone, user]
    call = {"call_id": gone, "live": False, "merged_into": into}
    audience = Audience(users=users, roles=_WATCHERS)
    return Message(kind="call", audience=audience, payload={"call": call})


def _pops(
    record: CallRecord,
    who: Identified,
    endpoints: Mapping[int, list[str]],
    memory: CallMemory,
) -> list[Message]:
    """A pop for each operator whose part in the call changed."""
    out: list[Message] = []
    for user_id, devices in endpoints.items():
        phase = pop_phase(record, devices)
        key = (record.id, user_id)
        inherited = record.id in memory.before  # what an earlier process showed is not known here
        if memory.shown.get(key, "" if inherited else "gone") == phase:
            continue
        memory.shown[key] = phase
        if phase == "gone" and not inherited:
            del memory.shown[key]
        pop = screen_pop(record, phase, who)
        out.append(
            Message(kind="screen_pop", audience=Audience(users=(user_id,)), payload=pop.payload())
        )
    return out


def _endpoints_by_user(
    record: CallRecord, users_by_endpoint: Mapping[str, int]
) -> dict[int, list[str]]:
    devices: dict[int, list[str]] = {}
    for leg in record.legs:
        user_id = users_by_endpoint.get(leg.endpoint)
        if user_id is not None:
            devices.setdefault(user_id, []).append(leg.endpoint)
    return devices
