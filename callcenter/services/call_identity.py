"""Under which id a call is stored: found by any of its channels, whoever wrote it first.

Part of the use case `handle_calls`. A batch costs one look-up, and none for calls that this writer
itself began.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from callcenter.calls.events import CallEvent, CallsMerged
from callcenter.calls.record import CallRecord
from callcenter.calls.recovery import combine, halves_of_one
from callcenter.ports import UnitOfWork
from callcenter.realtime.payloads import ScreenPop

_REMEMBERED = 20_000


@dataclass(slots=True)
class CallMemory:
    """What one writer remembers between batches. Losing it costs a look-up, nothing else."""

    own: OrderedDict[str, None] = field(default_factory=OrderedDict)
    """Calls that this writer itself has written: no earlier process knows more of them."""
    before: dict[str, CallRecord] = field(default_factory=dict)
    """What an earlier process knew of calls that were under way when this one started; kept as
    long as the call itself, since an ended call may be told again."""
    shown: dict[tuple[str, int], ScreenPop] = field(default_factory=dict)
    """The pop last sent to each operator's screen, per call."""
    settled: OrderedDict[str, frozenset[str]] = field(default_factory=OrderedDict)
    """Calls that the ledger has told to their end, and their channels: the live stream has nothing
    to add to them any more, unless it joins them with other channels."""

    def settle(self, calls: Mapping[str, frozenset[str]]) -> None:
        for call_id, channels in calls.items():
            self.settled[call_id] = channels
            self.settled.move_to_end(call_id)
        while len(self.settled) > _REMEMBERED:
            self.settled.popitem(last=False)

    def disown(self, call_ids: Iterable[str]) -> None:
        """They are no calls any more: the ledger joined them with others. Whoever tells of them
        again must look where they belong now.
        """
        for call_id in call_ids:
            self.own.pop(call_id, None)
            self.before.pop(call_id, None)

    def is_settled(self, call_id: str, uniqueids: Iterable[str]) -> bool:
        known = self.settled.get(call_id)
        return known is not None and known.issuperset(uniqueids)

    def wrote(self, call_ids: Iterable[str]) -> None:
        for call_id in call_ids:
            self.own[call_id] = None
            self.own.move_to_end(call_id)
        while len(self.own) > _REMEMBERED:
            forgotten, _ = self.own.popitem(last=False)
            if self.before.pop(forgotten, None) is not None:
                for key in [key for key in self.shown if key[0] == forgotten]:
                    del self.shown[key]


@dataclass(frozen=True, slots=True)
class BatchOfCalls:
    """Each call once, as it is after the batch, by its stored id; and absorbed id → survivor."""

    records: Mapping[str, CallRecord]
    absorbed: Mapping[str, str]


def last_states(uow: UnitOfWork, events: Sequence[CallEvent], memory: CallMemory) -> BatchOfCalls:
    latest: dict[str, CallRecord] = {}
    absorbed: dict[str, str] = {}
    for event in events:
        latest[event.call.id] = event.call
        if isinstance(event, CallsMerged):
            absorbed[event.absorbed_id] = event.call.id
            latest.pop(event.absorbed_id, None)
    _rejoin(latest, absorbed)
    stored = _stored_ids(uow, latest.values(), memory)
    renamed: dict[str, str] = {}
    told: dict[str, CallRecord] = {}
    records: dict[str, CallRecord] = {}
    for record in latest.values():
        kept, *others = stored.get(record.id, [record.id])
        renamed[record.id] = kept
        absorbed.update((other, kept) for other in others)
        if memory.is_settled(kept, record.uniqueids):
            continue
        known_before = record.id in stored or kept in memory.before
        named = replace(record, id=kept) if kept != record.id else record
        if kept in told:  # the ledger joined two calls that the live stream still tells apart
            named = halves_of_one(told[kept], named)
        told[kept] = named
        records[kept] = _completed(uow, named, memory) if known_before else named
    survivors = {gone: renamed.get(into, into) for gone, into in absorbed.items()}
    return BatchOfCalls(records, {g: into for g, into in survivors.items() if g != into})


def _rejoin(latest: dict[str, CallRecord], absorbed: dict[str, str]) -> None:
    """A call is named after its oldest channel, and one that turned up late renames it.

    Within one batch both names may stand; the later record is the whole call, the earlier goes.
    """
    newest: dict[tuple[str, str], str] = {}
    for call_id, record in list(latest.items()):
        for uniqueid in record.uniqueids:
            earlier = newest.get((record.pbx, uniqueid), call_id)
            if earlier != call_id and earlier in latest:
                del latest[earlier]
                absorbed[earlier] = call_id
            newest[record.pbx, uniqueid] = call_id


def _stored_ids(
    uow: UnitOfWork, records: Iterable[CallRecord], memory: CallMemory
) -> dict[str, list[str]]:
    """Record id → ids it is stored by, the one to keep first; only for calls stored by others."""
    foreign = [record for record in records if record.id not in memory.own]
    moments: dict[str, dict[str, datetime | None]] = defaultdict(dict)
    for record in foreign:
        moments[record.pbx].update(dict.fromkeys(record.uniqueids, record.started_at))
    known = {pbx: uow.calls.id_map_near(pbx, some) for pbx, some in moments.items()}
    found: dict[str, list[str]] = {}
    for record in foreign:
        of_pbx = known[record.pbx]
        ids = list(dict.fromkeys(of_pbx[u] for u in record.uniqueids if u in of_pbx))
        if ids:
            keep = record.id if record.id in ids else min(ids)
            found[record.id] = [keep, *(other for other in ids if other != keep)]
    new = [record for record in foreign if record.id not in found]
    return found | {old: [fresh] for old, fresh in fresh_ids(uow, new).items()}


def fresh_ids(uow: UnitOfWork, records: Sequence[CallRecord]) -> dict[str, str]:
    """Another id for each new call whose own one is a stranger's.

    A PBX that was made anew may count from the same number again: none of these records was found
    near its time, so whoever has its id is another call, long ago.
    """
    taken = uow.calls.existing([record.id for record in records]) if records else frozenset()
    return {
        record.id: f"{record.id}~{record.started_at:%Y%m%dT%H%M%S}"
        for record in records
        if record.id in taken and record.started_at is not None
    }


def _completed(uow: UnitOfWork, record: CallRecord, memory: CallMemory) -> CallRecord:
    """The record with what a process before us knew of it, if it is not wholly our own."""
    if record.id not in memory.own and record.id not in memory.before:
        stored = uow.calls.get(record.id)
        if stored is not None:
            memory.before[record.id] = stored
    before = memory.before.get(record.id)
    return record if before is None else combine(before, record)
