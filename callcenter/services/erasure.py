"""Use case: a person's right to be forgotten.

Their card, numbers and notes go, and with them every trace of who they were in calls, contacts,
routing decisions, journals, repairs and lines set aside. That there was a contact stays: which
way, how it ended, how long it took, who of ours had it. A keyed hash of each number and call stays
too, so that nothing of it comes back (`services.erased`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from callcenter.calls.erased import without
from callcenter.calls.record import CallRecord
from callcenter.customers.customer import CustomerBrief
from callcenter.customers.phone import NumberPlan, national_digits
from callcenter.errors import NotFound
from callcenter.interactions.interaction import outside_number
from callcenter.ports import Clock, UnitOfWork
from callcenter.services.erased import channel_key, e164s_of, number_key, party_of

_SHORTEST = 5
"""Fewer digits than this are found in too many texts that are no number of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, in figures."""

    numbers: int
    interactions: int
    calls: int


def erase_customer(
    customer_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    plan_for: Callable[[str], NumberPlan],
    user_id: int | None = None,
) -> Erased:
    """All of it in one transaction. A number that another customer has as well stays theirs."""
    with unit_of_work() as uow:
        brief = uow.customers.get(customer_id)
        if brief is None:
            raise NotFound("customer", f"there is no customer {customer_id}")
        done = _erase(uow, brief, plan_for, clock.now())
        uow.audit.record(
            user_id=user_id,
            action="customer_erased",
            object_type="customer",
            object_id=str(customer_id),
            at=clock.now(),
            detail={"interactions": done.interactions, "calls": done.calls},
        )
        uow.commit()
    return done


def _erase(
    uow: UnitOfWork, brief: CustomerBrief, plan_for: Callable[[str], NumberPlan], at: datetime
) -> Erased:
    numbers = _own_numbers(uow, brief)
    digits = _digits(numbers)
    traces = uow.erasures.traces(brief.id, numbers, digits)
    theirs = set(traces.calls) | set(uow.erasures.absorbed(traces.calls))
    own = _records(uow, theirs)
    mentioned = [
        record
        for record in _records(uow, set(traces.mentions) - theirs)
        if set(numbers) & set(e164s_of(record, plan_for).values())
    ]
    changed = [_blanked(record, numbers, plan_for, outside=True) for record in own]
    changed += [_blanked(record, numbers, plan_for, outside=False) for record in mentioned]
    uow.calls.rewrite(changed)
    touched = [record.id for record in changed]
    uow.journal.forget(touched)
    uow.repairs.forget(touched)
    uow.erasures.blank_interactions(traces.own, whole=True)
    uow.erasures.blank_interactions(traces.others, whole=False)
    uow.erasures.blank_decisions([(r.pbx, u) for r in own for u in r.uniqueids], numbers)
    uow.erasures.blank_set_aside(_words(brief))
    uow.erasures.blank_customer(brief.id, at)
    uow.erasures.remember([*map(number_key, numbers), *_channel_keys(own)], at)
    return Erased(numbers=len(numbers), interactions=len(traces.own), calls=len(changed))


def _own_numbers(uow: UnitOfWork, brief: CustomerBrief) -> list[str]:
    """Those that no other customer has: a household's number goes with the last of it."""
    owners = uow.customers.find_by_numbers(brief.phones)
    return [one for one in brief.phones if {p.id for p in owners.get(one, ())} <= {brief.id}]


def _digits(e164s: Iterable[str]) -> list[str]:
    return [one for one in map(national_digits, e164s) if len(one) >= _SHORTEST]


def _words(brief: CustomerBrief) -> list[str]:
    """A line that nobody could read is worth less than anybody's privacy: any number will do."""
    return [
        *_digits(brief.phones),
        *([brief.display_name] if len(brief.display_name) >= _SHORTEST else ()),
    ]


def _records(uow: UnitOfWork, call_ids: Iterable[str]) -> list[CallRecord]:
    found = (uow.calls.get(call_id) for call_id in sorted(call_ids))
    return [record for record in found if record is not None]


def _blanked(
    record: CallRecord,
    numbers: Sequence[str],
    plan_for: Callable[[str], NumberPlan],
    *,
    outside: bool,
) -> CallRecord:
    """`outside`: the call is the customer's, whatever number it came from."""
    e164s = e164s_of(record, plan_for)
    theirs = {raw for raw, e164 in e164s.items() if e164 in numbers}
    if outside and record.direction != "internal":
        theirs.add(outside_number(record))
    return without(record, party_of(record, theirs, e164s))


def _channel_keys(records: Iterable[CallRecord]) -> list[str]:
    return [channel_key(record.pbx, one) for record in records for one in record.uniqueids]
