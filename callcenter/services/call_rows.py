"""Calls into rows: the part that every writer of calls shares (live stream, ledger).

Runs inside its caller's transaction; commits and publishes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from callcenter.calls.record import CallRecord
from callcenter.customers.customer import CustomerBrief, NumberOwners
from callcenter.customers.phone import NumberPlan, PhoneNumber, parse_number
from callcenter.interactions.interaction import InteractionRow, interaction_of, outside_number
from callcenter.interactions.stored import StoredInteraction
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.beside import read_beside
from callcenter.realtime.payloads import Identified
from callcenter.services.erased import anonymous, without_erased

_NOBODY: Final = NumberOwners()


@dataclass(frozen=True, slots=True)
class WrittenCalls:
    """What was written: records by stored id, who each call is from, absorbed id → survivor; and
    of each absorbed call the users whose phones it had, since their screens may show it."""

    records: Mapping[str, CallRecord]
    identified: Mapping[str, Identified]
    users_by_endpoint: Mapping[str, int]
    absorbed: Mapping[str, str]
    absorbed_users: Mapping[str, frozenset[int]]


def write_calls(
    uow: UnitOfWork,
    records: Mapping[str, CallRecord],
    absorbed: Mapping[str, str],
    plan_for: Callable[[str], NumberPlan],
    clock: Clock,
) -> WrittenCalls:
    """Upsert calls and their interactions. `plan_for` gives the number plan of a trunk endpoint."""
    users_by_endpoint = uow.users.endpoint_map()
    records, erased = without_erased(uow, records, plan_for)
    uow.calls.save_many(list(records.values()), users_by_endpoint)
    rows, customers = _interactions(uow, records, users_by_endpoint, plan_for, clock)
    rows = [anonymous(row) if row.call_id in erased else row for row in rows]
    interaction_ids = uow.interactions.upsert_many(rows)
    absorbed_users = {gone: _users_of(uow, gone, users_by_endpoint) for gone in absorbed}
    for gone, into in absorbed.items():
        uow.interactions.merge(gone, into)
        uow.calls.merge(gone, into)
    identified = _identified(
        uow,
        records,
        rows,
        clock,
        interaction_ids=interaction_ids,
        customers=customers,
        users_by_endpoint=users_by_endpoint,
    )
    return WrittenCalls(records, identified, users_by_endpoint, absorbed, absorbed_users)


def _users_of(
    uow: UnitOfWork, call_id: str, users_by_endpoint: Mapping[str, int]
) -> frozenset[int]:
    """By what is stored of the call: another process may have shown it."""
    record = uow.calls.get(call_id)
    legs = record.legs if record is not None else ()
    return frozenset(
        users_by_endpoint[leg.endpoint] for leg in legs if leg.endpoint in users_by_endpoint
    )


def _interactions(
    uow: UnitOfWork,
    records: Mapping[str, CallRecord],
    users_by_endpoint: Mapping[str, int],
    plan_for: Callable[[str], NumberPlan],
    clock: Clock,
) -> tuple[list[InteractionRow], dict[str, NumberOwners]]:
    numbers = {call_id: _outside(record, plan_for) for call_id, record in records.items()}
    e164s = sorted({number.e164 for number in numbers.values() if number.e164})
    found = uow.customers.find_by_numbers(e164s, clock.now().date()) if e164s else {}
    customers = {call_id: found.get(number.e164, _NOBODY) for call_id, number in numbers.items()}
    rows = [
        interaction_of(
            record,
            numbers[call_id],
            [customer.id for customer in customers[call_id]],
            users_by_endpoint,
            shared=customers[call_id].shared,
            organization=customers[call_id].organization,
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
    records: Mapping[str, CallRecord],
    rows: Sequence[InteractionRow],
    clock: Clock,
    *,
    interaction_ids: Mapping[str, int],
    customers: Mapping[str, NumberOwners],
    users_by_endpoint: Mapping[str, int],
) -> dict[str, Identified]:
    """Who each call is from as stored: a customer chosen by a person outranks the number."""
    stored = _led_on(uow, uow.interactions.identified([row.call_id for row in rows]))
    chosen_ids = [s.customer_id for s in stored.values() if _outranks(s) and s.customer_id]
    chosen = uow.customers.briefs(chosen_ids, clock.now().date()) if chosen_ids else {}
    beside = read_beside(
        uow.pops,
        [records[row.call_id] for row in rows],
        [row.number for row in rows if row.match == "several"],
        users_by_endpoint,
    )
    identified: dict[str, Identified] = {}
    for row in rows:
        kept, record = stored.get(row.call_id), records[row.call_id]
        people: tuple[CustomerBrief, ...] = customers[row.call_id]
        match: str = row.match
        if kept is not None and _outranks(kept):  # or a person said that it is none of them
            one = chosen.get(kept.customer_id or 0)
            match, people = kept.match, (one,) if one is not None else ()
        identified[row.call_id] = beside.identified(
            record,
            interaction_id=interaction_ids.get(row.call_id),
            number=row.number_raw,
            number_e164=row.number,
            match=match,
            customers=people,
            explanation=row.explanation,
        )
    return identified


def _outranks(stored: StoredInteraction) -> bool:
    return stored.match == "chosen" or stored.joined_with is not None


def _led_on(
    uow: UnitOfWork, stored: Mapping[str, StoredInteraction]
) -> dict[str, StoredInteraction]:
    """A card that was joined with another between our look-up and our writing took no contact of
    this batch along: they follow it here."""
    found = dict(stored)
    for call_id, one in stored.items():
        if one.joined_with is not None and one.customer_id is not None:
            stays = uow.merges.leads_to(one.customer_id)
            uow.interactions.link(one.id, stays, one.match)
            found[call_id] = replace(one, customer_id=stays)
    return found
