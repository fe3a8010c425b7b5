"""A recorded call told to a world with everything that was kept of it: record, events, ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import select

from ami.recording_formats import decoded, signals_of
from callcenter.calls.journal import JournalPart
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker
from callcenter.store.tables import interactions
from tests.support.web import World

RECORDINGS = Path("tests/scenarios/recordings")


def tell_recording(
    world: World,
    name: str,
    *,
    replacing: Mapping[bytes, bytes] = MappingProxyType({}),
    ledger: bool = True,
) -> tuple[int, str]:
    """(interaction id, call id) of the only call of a recording of the lab."""
    live = (RECORDINGS / name / "ami.txt").read_bytes()
    lines = (RECORDINGS / name / "cel.csv").read_bytes() if ledger else b""
    for plain, other in replacing.items():
        live, lines = live.replace(plain, other), lines.replace(plain, other)
    tracker = Tracker("pbx", Topology(trunks=("PJSIP/trunk*",)))
    tracker.fold(one for one in signals_of(decoded(live)) if not isinstance(one, str))
    (record,) = tracker.records()
    world.tell(record)
    with world.runtime.unit_of_work() as uow:
        uow.journal.add(
            [
                JournalPart(
                    call_id=record.id,
                    pbx="pbx",
                    source=source,
                    started_at=record.started_at,
                    events=data.count(b"\n"),
                    data=data,
                )
                for source, data in (("live", live), ("ledger", lines))
                if data
            ]
        )
        uow.commit()
    with world.runtime.reader() as connection:
        found = connection.scalar(
            select(interactions.c.id).where(interactions.c.call_id == record.id)
        )
    assert found is not None
    return found, record.id
