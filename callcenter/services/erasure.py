"""Use case: a person's right to be forgotten.

Their card, and every card joined into it, goes with all that hangs on it: numbers, notes, files,
histories, what they wrote and what was written to them, recordings; and with it every trace of who
they were in calls, contacts, routing decisions, journals, repairs, lines set aside and texts of
others (`callcenter.privacy.coverage` says it of each table). Invoices, orders and payments stay
without the person, as the law asks. That there was a contact stays: which
way, how it ended, how long it took, who of ours had it. A keyed hash of each number and call stays
too, so that nothing of it comes back (`services.erased`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from callcenter.calls.erased import without
from callcenter.calls.record import CallRecord
from callcenter.customers.phone import NumberPlan, national_digits
from callcenter.errors import Conflict, NotFound
from callcenter.interactions.interaction import outside_number
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.erasures import Person
from callcenter.recordings.listing import recordings_of
from callcenter.services import rights
from callcenter.services.erased import (
    channel_key,
    e164s_of,
    external_key,
    message_key,
    number_key,
    party_of,
    point_key,
)

_SHORTEST = 5
"""Fewer digits than this are found in too many texts that are no number of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, in figures."""

    numbers: int
    interactions: int
    calls: int
    conversations: int = 0
    recordings: int = 0


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
        rights.require_record(uow, user_id, "customer", "erase", customer_id)
        done = erase_in(uow, customer_id, clock=clock, plan_for=plan_for, user_id=user_id)
        uow.commit()
    return done


def erase_in(
    uow: UnitOfWork,
    customer_id: int,
    *,
    clock: Clock,
    plan_for: Callable[[str], NumberPlan],
    user_id: int | None,
) -> Erased:
    """Inside the caller's transaction."""
    person = uow.erasures.person(customer_id)
    if person is None:
        raise NotFound("customer", f"there is no customer {customer_id}")
    if person.hold:
        raise Conflict("legal_hold", f"this person's data must be kept: {person.hold}")
    done = _erase(uow, person, plan_for, clock.now())
    uow.audit.record(
        user_id=user_id,
        action="customer_erased",
        object_type="customer",
        object_id=str(customer_id),
        at=clock.now(),
        detail=asdict(done),
    )
    uow.privacy.note_erasure(customer_id, user_id, clock.now(), asdict(done))
    told = {"id": str(customer_id)}
    uow.outbox.tell("customer.erased", "customer", customer_id, told, clock.now())
    return done


def _erase(
    uow: UnitOfWork, person: Person, plan_for: Callable[[str], NumberPlan], at: datetime
) -> Erased:
    numbers = list(person.e164s)
    digits = _digits(numbers)
    uow.archive.bring_back_person(person.ids, numbers, digits)
    traces = uow.erasures.traces(person.ids, numbers, digits)
    theirs = set(traces.calls) | set(uow.erasures.absorbed(traces.calls))
    own = _records(uow, theirs)
    mentioned = [
        record
        for record in _records(uow, set(traces.mentions) - theirs)
        if set(numbers) & set(e164s_of(record, plan_for).values())
    ]
    sounds = [name for record in own for name in sounds_of(record)]
    uow.erasures.doom("recording", sounds, at)
    changed = [_blanked(record, numbers, plan_for, outside=True) for record in own]
    changed += [_blanked(record, numbers, plan_for, outside=False) for record in mentioned]
    uow.calls.rewrite(changed)
    touched = [record.id for record in changed]
    uow.journal.forget(touched)
    uow.repairs.forget(touched)
    messages = uow.erasures.received(person.ids, _addresses(person))
    written = uow.erasures.blank_conversations(person.ids, _addresses(person), at)
    met = sorted({*traces.own, *written})
    uow.erasures.blank_interactions(met, whole=True)
    uow.erasures.blank_interactions(traces.others, whole=False)
    uow.erasures.blank_decisions([(r.pbx, u) for r in own for u in r.uniqueids], numbers)
    uow.pins.forget_from([*numbers, *digits])
    uow.erasures.blank_set_aside([*digits, *_long(person.names)])
    uow.erasures.blank_customers(person.ids, met, at)
    uow.erasures.doom_transfers(at)
    uow.privacy.forget_exports(person.ids, at)
    written_of = (*numbers, *digits, *person.names, *(value for _, value in person.points))
    uow.erasures.scrub(_long(written_of))
    keys = [*_keys(person), *_channel_keys(own), *map(message_key, messages)]
    uow.erasures.remember(keys, at)
    return Erased(
        numbers=len(numbers),
        interactions=len(met),
        calls=len(changed),
        conversations=len(written),
        recordings=len(sounds),
    )


def anonymised(record: CallRecord, plan_for: Callable[[str], NumberPlan]) -> CallRecord:
    """Whoever was on the other side: the record without their number and name, and no sound."""
    outside = record.direction != "internal"
    return _blanked(record, list(e164s_of(record, plan_for).values()), plan_for, outside=outside)


def sounds_of(record: CallRecord) -> list[str]:
    """How a recording of a call is named among what has to go from the disk."""
    named = ((one.started_at or record.started_at, one.file) for one in recordings_of(record))
    return [
        "\t".join((record.pbx, began.isoformat() if began else "", file)) for began, file in named
    ]


def _keys(person: Person) -> list[str]:
    return [
        *map(number_key, person.e164s),
        *(point_key(kind, value) for kind, value in person.points),
        *map(external_key, person.external_ids),
    ]


def _addresses(person: Person) -> list[str]:
    """Under which conversations are kept."""
    return [*person.e164s, *(value for _, value in person.points)]


def _digits(e164s: Iterable[str]) -> list[str]:
    return [one for one in map(national_digits, e164s) if len(one) >= _SHORTEST]


def _long(texts: Iterable[str]) -> list[str]:
    """A line that nobody could read is worth less than anybody's privacy: any name will do, unless
    it is so short that it stands in every text."""
    return [one for one in texts if len(one) >= _SHORTEST]


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
