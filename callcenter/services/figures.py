"""Use cases of customers' figures: worked out in the transaction that writes a record, by calls and
conversations as they end, and each night for what time alone changes. All are safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Final

import structlog

from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.trade import Contact
from callcenter.realtime.messages import Message
from callcenter.services.call_rows import WrittenCalls
from callcenter.trade.classes import classes_of
from callcenter.trade.figures import figures_of

log = structlog.get_logger(__name__)

UowFactory = Callable[[], UnitOfWork]
_BATCH: Final = 500


def refresh(
    uow: UnitOfWork, clock: Clock, customer_ids: Collection[int], *, contacts: bool = False
) -> None:
    """Work the figures of these out anew, inside the caller's transaction.

    `contacts`: as well when each was last met and spoken with (interactions changed hands).
    """
    ids = sorted(set(customer_ids))
    if not ids:
        return
    uow.customers.hold(ids)  # who waited sees what the other wrote
    bounds = uow.figures.bounds()
    found = uow.figures.facts(ids, clock.now().date())
    figures = {
        one: figures_of(facts.purchases, facts.debts, facts.visits) for one, facts in found.items()
    }
    rows = {one: (made, classes_of(made, bounds)) for one, made in figures.items()}
    uow.figures.save(rows, clock.now(), contacts=contacts)


def met(uow: UnitOfWork, contacts: Sequence[Contact]) -> None:
    """Customers were met, on whatever channel. One statement for all."""
    if contacts:
        uow.figures.met(contacts)


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:  # noqa: ARG001
    """After calls were written: when each customer was last met. Tells nobody."""
    met(uow, [one for call_id in written.records for one in _contact(written, call_id)])
    return []


def _contact(written: WrittenCalls, call_id: str) -> Iterator[Contact]:
    record, only = written.records[call_id], written.identified[call_id].only
    if not record.live and record.started_at is not None and only is not None:
        yield Contact(customer_id=only.id, at=record.started_at, spoken=record.talk_seconds > 0)


def catch_up(
    *, unit_of_work: UowFactory, clock: Clock, stopping: Callable[[], bool] = lambda: False
) -> int:
    """What time has changed since midnight, and who was never worked out. How many they were.

    After an upgrade that is everybody: `stopping` says whether to leave the rest for another time.
    """
    midnight = datetime.combine(clock.now().date(), time(), UTC)
    today = midnight.date()
    count = _walk(
        lambda uow, after: uow.figures.aged(today, midnight, after, _BATCH),
        unit_of_work,
        clock,
        stopping,
    )
    return count + _walk(
        lambda uow, after: uow.figures.without(after, _BATCH), unit_of_work, clock, stopping
    )


def _walk(
    find: Callable[[UnitOfWork, int], list[int]],
    unit_of_work: UowFactory,
    clock: Clock,
    stopping: Callable[[], bool],
) -> int:
    """By id, in small transactions: the writer of calls never waits long."""
    count, after = 0, 0
    while True:
        with unit_of_work() as uow:
            ids = find(uow, after)
            refresh(uow, clock, ids, contacts=True)
            uow.commit()
        count += len(ids)
        if len(ids) < _BATCH or stopping():
            return count
        after = ids[-1]


def work_out_classes(*, unit_of_work: UowFactory) -> int:
    """RFM and ABC of the whole base: new bounds, then whoever they move. How many moved."""
    with unit_of_work() as uow:
        bounds = uow.figures.work_out_bounds()
        uow.figures.keep_bounds(bounds)
        uow.commit()
    moved, after = 0, 0
    while True:
        with unit_of_work() as uow:
            some = uow.figures.classed(after, _BATCH)
            due = ((one, classes_of(one.figures, bounds)) for one in some)
            changed = {one.customer_id: now for one, now in due if now != one.classes}
            uow.figures.reclass(changed)
            uow.commit()
        moved += len(changed)
        if len(some) < _BATCH:
            log.info("figures.classes_worked_out", currencies=len(bounds), moved=moved)
            return moved
        after = some[-1].customer_id


def have_classes(unit_of_work: UowFactory) -> bool:
    with unit_of_work() as uow:
        return bool(uow.figures.bounds())
