"""What reports count: written with the calls, summed up by the worker, made of old calls once.

Facts and marks are written in the transaction of what they follow from; sums of whole half hours
are made from the facts, so that doing it twice, or late, or after a correction, gives the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from callcenter.calls.record import CallRecord
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.reports.facts import VisitFact, half_of_call, leg_places, visit_facts
from callcenter.reports.periods import HALF, half_of
from callcenter.services.call_rows import WrittenCalls

UowFactory = Callable[[], UnitOfWork]
HALVES_AT_ONCE: Final = 24
_CALLS_AT_ONCE: Final = 500
_FILLED: Final = "fill"
_DONE: Final = "done"
STATES: Final = "states"
STATES_EVERY: Final = timedelta(seconds=20)
_OVERLAP: Final = timedelta(days=2)


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:  # noqa: ARG001
    """After calls were written: their visits, and which half hours count differently now."""
    visits: list[VisitFact] = []
    others: list[datetime] = []
    ids: set[str] = set(written.absorbed)
    for call_id, record in written.records.items():
        if record.queues or record.queue_visits:
            ids.add(call_id)
            visits += visit_facts(record, written.users_by_endpoint)
            # A phone counts where it rang: maybe half an hour before its call came to a queue.
            others += {half for half, _queue in leg_places(record).values()}
        elif record.direction != "internal" and (half := half_of_call(record)) is not None:
            others.append(half)
    interactions = {one: who.interaction_id for one, who in written.identified.items()}
    if ids or others:
        uow.report_facts.save_visits(ids, visits, interactions, others)
    return []


def turn(*, unit_of_work: UowFactory, clock: Clock, most: int = HALVES_AT_ONCE) -> int:
    """Sum up the newest half hours that are marked, one lot of at most `most`. How many marks are
    gone; 0 as well when there are no more: who writes calls has the database to themselves for a
    while. What becomes dirty meanwhile has marks of its own, which stay."""
    with unit_of_work() as uow:
        _mark_what_goes_on(uow, clock.now())
        found = uow.report_facts.dirty(most)
        uow.commit()  # contacts come first: files of old ones are read before anybody waits for us
        gone, met = 0, sum(len(halves) for _, halves in found.values())
        for kind, (marks, halves) in sorted(found.items()):
            if kind == "contacts":
                uow.report_facts.rebuild_contacts(halves)
            else:
                uow.report_facts.rebuild_states(halves, clock.now())
            uow.report_facts.clean(marks)
            gone += len(marks)
        uow.commit()
    return gone if met >= most else 0


def _mark_what_goes_on(uow: UnitOfWork, now: datetime) -> None:
    """A state that lasts grows though nobody writes anything."""
    last = uow.report_facts.position(STATES)
    since = last[1] if last is not None else now - HALF
    if now - since < STATES_EVERY and last is not None:
        return
    uow.report_facts.keep_position(STATES, "", now)
    if uow.report_facts.open_states():
        first = max(half_of(since), half_of(now) - timedelta(days=1))
        count = (half_of(now) - first) // HALF + 1
        uow.report_facts.mark("states", [first + HALF * n for n in range(count)])


def fill(*, unit_of_work: UowFactory, clock: Clock) -> int:
    """Facts of calls of before there were any, the newest first, one lot. How many calls; 0: there
    is nothing left to do."""
    with unit_of_work() as uow:
        known = uow.report_facts.position(_FILLED)
        if known is not None and known[0] == _DONE:
            return 0
        position = _read(known[0]) if known is not None else None
        if position is None:
            _mark_all(uow, clock.now())
        found = uow.report_facts.calls_after(position, _CALLS_AT_ONCE)
        _fill(uow, [(record, interaction) for _, record, interaction in found])
        place = f"{found[-1][0].isoformat()} {found[-1][1].id}" if found else _DONE
        uow.report_facts.keep_position(_FILLED, place, clock.now())
        uow.commit()
    return len(found)


def look_again(*, unit_of_work: UowFactory, clock: Clock) -> None:
    """Each night: the last two days are made anew, whatever happened to them."""
    now = clock.now()
    halves = [half_of(now) - HALF * n for n in range(_OVERLAP // HALF)]
    with unit_of_work() as uow:
        uow.report_facts.mark("contacts", halves)
        uow.report_facts.mark("states", halves)
        uow.commit()


def _fill(uow: UnitOfWork, found: list[tuple[CallRecord, int | None]]) -> None:
    users = uow.users.endpoint_map()
    records = [record for record, _ in found]
    visits = [fact for record in records for fact in visit_facts(record, users)]
    ids = [record.id for record in records if record.queues or record.queue_visits]
    interactions = {record.id: interaction for record, interaction in found}
    halves = [half_of_call(record) for record in records]
    others = [half for half in halves if half is not None]
    uow.report_facts.save_visits(ids, visits, interactions, others)
    uow.report_facts.place_legs(records)


def _mark_all(uow: UnitOfWork, now: datetime) -> None:
    """Half hours of conversations and states, of which no call tells."""
    contact, state = uow.report_facts.first_moments()
    if contact is not None:
        uow.report_facts.mark("contacts", _halves(contact, now))
    if state is not None:
        uow.report_facts.mark("states", _halves(state, now))


def _halves(since: datetime, until: datetime) -> list[datetime]:
    first = half_of(since)
    return [first + HALF * n for n in range(max(0, (until - first) // HALF) + 1)]


def _read(position: str) -> tuple[datetime, str]:
    at, _, call_id = position.partition(" ")
    return datetime.fromisoformat(at), call_id
