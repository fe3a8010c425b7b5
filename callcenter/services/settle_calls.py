"""Use case: what the ledger tells of whole calls confirms, mends or adds what is stored.

One batch is one transaction: the calls, their repairs, the ledger's lines kept for explanation,
lines set aside, and how far the ledger is read. So a batch that is written again, after a crash or
from an older position, changes nothing. Screens hear of it after the commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from callcenter.archive.months import YOUNGEST
from callcenter.calls.facts import age_of
from callcenter.calls.instants import moment
from callcenter.calls.journal import JournalPart
from callcenter.calls.ledger import LedgerBatch, LedgerCall
from callcenter.calls.reconcile import agree, reconcile, repairs_of, tells_of_hold
from callcenter.calls.record import CallRecord
from callcenter.calls.repair import Repair
from callcenter.calls.signals import Held, Signal, Unheld
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker
from callcenter.customers.phone import NumberPlan
from callcenter.pbx.ledger_columns import CEL_HEADER
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services.after_calls import FollowUps, with_follow_ups
from callcenter.services.call_identity import CallMemory, fresh_ids
from callcenter.services.call_news import news_of
from callcenter.services.call_rows import WrittenCalls, write_calls
from callcenter.services.erased import ledger_without_erased

_LONG = timedelta(days=1)

SignalsOf = Callable[[JournalPart], Iterable[Signal]]


@dataclass(slots=True)
class Settled:
    """What became of a batch: calls confirmed as they were, and repaired ones by cause."""

    confirmed: int = 0
    repaired: Counter[str] = field(default_factory=Counter)


def settle_calls(
    batch: LedgerBatch,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    plan_for: Callable[[str], NumberPlan],
    signals_of: SignalsOf,
    topology: Topology,
    memory: CallMemory,
) -> Settled:
    """`signals_of` reads a stored journal part; `memory` is the live writer's, where one runs here.

    Raises what the unit of work raises; then nothing was written and the batch may be tried again.
    """

    def write(follow_ups: FollowUps) -> tuple[_Settling, WrittenCalls, list[Message]]:
        with unit_of_work() as uow:
            known = ledger_without_erased(uow, batch, plan_for)
            work = _Settling(uow, _Refold(known.pbx, topology, signals_of), clock.now())
            for call in known.calls:
                work.settle(call)
            written = write_calls(uow, work.records, work.absorbed, plan_for, clock)
            _keep(uow, known, work, clock.now())
            followed = follow_ups(uow, written, clock)
            uow.commit()
        return work, written, followed

    work, written, followed = with_follow_ups(write)
    memory.settle(work.settled)
    memory.disown(work.absorbed)
    news = news_of(written, CallMemory(before=work.were_live))
    publisher.publish([*news, *followed])
    return work.done


def _keep(uow: UnitOfWork, batch: LedgerBatch, work: _Settling, at: datetime) -> None:
    for gone, into in work.absorbed.items():
        uow.journal.merge(gone, into)
        uow.repairs.merge(gone, into)
    uow.journal.add([part for part in work.journal if part.events])
    uow.repairs.record(work.repairs)
    uow.calls.settled(list(work.settled), at)
    uow.ledger.set_aside(batch.set_aside)
    if batch.position is not None:
        uow.ledger.save_position(batch.position)


@dataclass(frozen=True, slots=True)
class _Refold:
    """Makes a call's record from everything that was kept of it."""

    pbx: str
    topology: Topology
    signals_of: SignalsOf

    def __call__(self, call: LedgerCall, parts: Sequence[JournalPart]) -> CallRecord:
        signals = [s for part in parts for s in self.signals_of(part)]
        if tells_of_hold(call.signals):  # and knows its end, also where the live stream broke off
            signals = [s for s in signals if not isinstance(s, Held | Unheld)]
        signals += call.signals
        tracker = Tracker(self.pbx, self.topology, keep_ended=1000)
        tracker.fold(signals)
        mine = set(call.record.uniqueids)
        return max(
            tracker.records(),
            key=lambda record: len(mine & set(record.uniqueids)),
            default=call.record,
        )


@dataclass(slots=True)
class _Settling:
    """What a batch comes to, call by call. Writes nothing itself."""

    uow: UnitOfWork
    refold: _Refold
    now: datetime
    records: dict[str, CallRecord] = field(default_factory=dict)
    absorbed: dict[str, str] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    journal: list[JournalPart] = field(default_factory=list)
    settled: dict[str, frozenset[str]] = field(default_factory=dict)
    """Calls told to their end, and their channels."""
    were_live: dict[str, CallRecord] = field(default_factory=dict)
    done: Settled = field(default_factory=Settled)

    def settle(self, call: LedgerCall) -> None:
        known = self._known(call.record)
        kept = min(known, default="", key=lambda one: _age(known[one]))
        if not kept:
            fresh = fresh_ids(self.uow, [call.record])
            kept = fresh.get(call.record.id, call.record.id)
        told = known.get(kept)
        parts = [part for call_id in known for part in self.uow.journal.of_call(call_id)]
        record, repairs = self._compare(told if len(known) < 2 else None, told, call, parts)
        if record is not None:
            self.records[kept] = record = replace(record, id=kept)
            if told is not None and told.live:
                self.were_live[kept] = told
        self.absorbed.update({other: kept for other in known if other != kept})
        self.repairs += [replace(repair, call_id=kept) for repair in repairs]
        self.journal.append(_ledger_part(kept, call, parts))
        if not call.record.live:
            channels = (record or told or call.record).uniqueids
            self.settled[kept] = frozenset((*channels, *call.record.uniqueids))
        self._count(repairs)

    def _known(self, record: CallRecord) -> dict[str, CallRecord]:
        """Calls that hold any of these channels, stored or written earlier in this batch."""
        stored = self.uow.calls.id_map(
            record.pbx, record.uniqueids, record.started_at or record.ended_at
        )
        if not stored:
            stored = self._of_long_ago(record) or self._of_the_archive(record)
        mine = set(record.uniqueids)
        here = [key for key, one in self.records.items() if mine & set(one.uniqueids)]
        found: dict[str, CallRecord] = {}
        for call_id in dict.fromkeys((*here, *stored.values())):
            one = self.records.get(call_id) or self.uow.calls.get(call_id)
            if one is not None and call_id not in self.absorbed:
                found[call_id] = one
        return found

    def _of_the_archive(self, record: CallRecord) -> dict[str, str]:
        """A call of an archived month is one of the database again, and mended as any other."""
        at = record.started_at or record.ended_at
        if at is None or self.now - at < YOUNGEST:
            return {}
        wanted = dict.fromkeys(record.uniqueids, at)
        if not self.uow.archive.bring_back_calls(record.pbx, wanted):
            return {}
        return self.uow.calls.id_map(record.pbx, record.uniqueids, at)

    def _of_long_ago(self, record: CallRecord) -> dict[str, str]:
        """Of a channel that hung for days the end alone may be read; its Uniqueid begins with the
        second in which it was made.
        """
        made = moment(age_of(record.id.removeprefix(f"{record.pbx}/"))[0])
        began = record.started_at or record.ended_at
        if made is None or began is None or began - made < _LONG:
            return {}
        return self.uow.calls.id_map(record.pbx, record.uniqueids, made)

    def _compare(
        self,
        alone: CallRecord | None,
        told: CallRecord | None,
        call: LedgerCall,
        parts: Sequence[JournalPart],
    ) -> tuple[CallRecord | None, tuple[Repair, ...]]:
        if told is None:
            return repairs_of(None, call.record, self.now)
        if alone is not None and agree(alone, call.record):
            return None, ()
        final = reconcile(told, self.refold(call, parts), call.signals)
        return repairs_of(told, final, self.now)

    def _count(self, repairs: Sequence[Repair]) -> None:
        if repairs:
            self.done.repaired[repairs[0].cause] += 1
        else:
            self.done.confirmed += 1


def _age(record: CallRecord) -> tuple[bool, datetime | None, str]:
    return record.started_at is None, record.started_at, record.id


def _ledger_part(call_id: str, call: LedgerCall, parts: Sequence[JournalPart]) -> JournalPart:
    """All lines of the ledger for this call, those of an earlier reading first."""
    lines = dict.fromkeys(
        line
        for part in parts
        if part.source == "ledger"
        for line in part.data.decode("utf-8", "replace").splitlines()[1:]
    )
    lines.update(dict.fromkeys(call.lines))
    return JournalPart(
        call_id=call_id,
        pbx=call.record.pbx,
        source="ledger",
        started_at=call.record.started_at,
        events=len(lines),
        data="\n".join((CEL_HEADER, *lines, "")).encode(),
    )
