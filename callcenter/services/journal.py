"""Where the raw events of calls go: to the call as it is stored, whatever it was called when they
were heard. Part of the use cases that write calls; commits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord
from callcenter.ports import UnitOfWork
from callcenter.services.call_identity import BatchOfCalls
from callcenter.services.erased import erased_channels


def keep_journal(uow: UnitOfWork, parts: Sequence[JournalPart], batch: BatchOfCalls) -> None:
    """Write these parts, and let what was absorbed move along with its call."""
    for gone, into in batch.absorbed.items():
        uow.journal.merge(gone, into)
        uow.repairs.merge(gone, into)
    if parts:
        erased = erased_channels(uow, {part.call_id: part.started_at for part in parts})
        placed = (_placed(uow, part, batch) for part in parts if part.call_id not in erased)
        uow.journal.add([part for part in placed if part is not None])


def _placed(uow: UnitOfWork, part: JournalPart, batch: BatchOfCalls) -> JournalPart | None:
    call_id = part.call_id
    for _ in batch.absorbed:
        call_id = batch.absorbed.get(call_id, call_id)
    if call_id not in batch.records:
        call_id = _found(uow, part, batch.records)
    if not call_id:
        return None
    return part if call_id == part.call_id else replace(part, call_id=call_id)


def _found(uow: UnitOfWork, part: JournalPart, records: Mapping[str, CallRecord]) -> str:
    """A call is named after a channel of its own; it is stored under the name it had first."""
    uniqueid = part.call_id.removeprefix(f"{part.pbx}/")
    for call_id, record in records.items():
        if record.pbx == part.pbx and uniqueid in record.uniqueids:
            return call_id
    return uow.calls.find_by_uniqueid(part.pbx, uniqueid) or ""
