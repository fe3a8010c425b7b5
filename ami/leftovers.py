"""Calls that the database holds live and the PBX no longer has: their end was never seen.

After a crash of ours. They end "now" at the latest; the ledger makes the times right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ami.resync import Snapshot
from callcenter.calls.events import CallEnded, CallEvent
from callcenter.calls.record import CallRecord
from callcenter.ports import UnitOfWork


def find_leftovers(
    unit_of_work: Callable[[], UnitOfWork], pbx: str, snapshot: Snapshot
) -> list[CallEvent]:
    """An end for each such call. Run in the writer, after the snapshot's own events."""
    with unit_of_work() as uow:
        living = set(uow.calls.id_map(pbx, sorted(snapshot.alive)).values())
        records = uow.calls.live_records(pbx)
    return [
        CallEnded(call=_ended(record, snapshot.at), at=snapshot.at)
        for record in records
        if record.id not in living
    ]


def _ended(record: CallRecord, at: datetime) -> CallRecord:
    legs = tuple(replace(leg, ended_at=leg.ended_at or at) for leg in record.legs)
    return replace(record, live=False, ended_at=record.ended_at or at, legs=legs)
