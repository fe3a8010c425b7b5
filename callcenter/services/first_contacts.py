"""Somebody new called, and one of ours spoke with them: a card begins by itself, unconfirmed.

Made when the call has ended and nobody made one by hand; whoever does so afterwards completes this
very card (`customers.create_customer_from_call`). Never for a number that is withheld, internal or
erased, and not for what a ledger tells of long ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from callcenter.calls.record import CallRecord
from callcenter.customers.visible import one_line
from callcenter.errors import Conflict, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.ports.trade import Contact
from callcenter.realtime.messages import Message
from callcenter.realtime.payloads import Identified
from callcenter.services import figures, history, merging, rights
from callcenter.services.call_rows import WrittenCalls

RECENT: Final = timedelta(days=1)
_LONGEST_NAME = 160


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Nothing is asked while no stranger's call of the batch has ended. Tells nobody: the call is
    over, and on no screen."""
    met = list(_strangers(written, clock))
    if not met:
        return []
    names: dict[str, str] = {}
    for record, who in met:
        names.setdefault(who.number_e164, _name(record, who))
    at = clock.now()
    whose, made = _cards(uow, names, at)
    known = [(record, who) for record, who in met if who.number_e164 in whose]
    for _, who in known:
        if who.interaction_id is not None:
            uow.interactions.link(who.interaction_id, whose[who.number_e164], "one")
    figures.met(
        uow,
        [
            Contact(customer_id=whose[who.number_e164], at=record.started_at or at, spoken=True)
            for record, who in known
        ],
    )
    new = [("customer", customer_id, None) for customer_id in made]
    history.record_created(uow, clock, new, user_id=None, actor="call")
    return []


def _cards(
    uow: UnitOfWork, names: Mapping[str, str], at: datetime
) -> tuple[dict[str, int], list[int]]:
    """Number → its one card, and which of these are new. Another process may write a call from the
    same number at this moment: whoever holds the number first makes the card."""
    uow.customers.hold_numbers(sorted(names))
    known = uow.customers.find_by_numbers(sorted(names), at.date())
    whose = {number: one[0].id for number, one in known.items() if len(one) == 1 and not one.shared}
    new = {number: name for number, name in names.items() if number not in known}
    made = uow.customers.add_unconfirmed(new, at) if new else {}
    return {**whose, **made}, list(made.values())


def confirm(
    customer_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    user_id: int,
) -> None:
    """A person says that this card is somebody. Nothing if somebody said so before."""
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "change", customer_id)
        with history.recorded(uow, clock, "customer", customer_id, user_id=user_id):
            uow.customers.confirm(customer_id, clock.now())
        uow.commit()


def link(
    customer_id: int,
    known_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    user_id: int,
) -> int:
    """The new card is somebody we know already: number and contacts go there. The merge's id."""
    with unit_of_work() as uow:
        for one in (customer_id, known_id):
            rights.require_record(uow, user_id, "customer", "change", one)
        found = uow.customers.get(customer_id)
        if found is None or uow.customers.get(known_id) is None:
            raise NotFound("customer_id", "there is no such customer")
        if found.confirmed:
            raise Conflict("customer_id", "this card was confirmed meanwhile; join them instead")
    return merging.merge(
        known_id,
        customer_id,
        {},
        user_id=user_id,
        unit_of_work=unit_of_work,
        publisher=publisher,
        clock=clock,
    )


def _strangers(written: WrittenCalls, clock: Clock) -> Iterator[tuple[CallRecord, Identified]]:
    since = clock.now() - RECENT
    for call_id, record in written.records.items():
        who = written.identified[call_id]
        over = not record.live and record.ended_at is not None and record.ended_at >= since
        spoken = record.direction == "inbound" and record.result == "answered"
        if over and spoken and who.match == "none" and who.number_e164:
            yield record, who


def _name(record: CallRecord, who: Identified) -> str:
    """What the network calls them, if that is a name at all."""
    name = one_line(record.caller_name)[:_LONGEST_NAME]
    return name if any(map(str.isalpha, name)) else who.number_e164
