"""Why an interaction is as it is: its record, the ledger's word, what it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord
from callcenter.calls.repair import Repair
from callcenter.queries import calls as call_queries
from callcenter.queries import interaction_rows
from callcenter.queries import interactions as interaction_queries
from callcenter.queries.views import InteractionView, RungView
from callcenter.store import archive
from callcenter.store.repositories.call_journal import JournalRepository, RepairRepository
from callcenter.store.tables import ledger_positions


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationView:
    """`settled_at`: when the ledger confirmed or corrected the call; None while it has not yet.
    `ledger_is_read`: that the call's PBX has a ledger that somebody reads."""

    interaction: InteractionView
    record: CallRecord | None
    settled_at: datetime | None
    repairs: tuple[Repair, ...]
    ledger_is_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvidence:
    """What stands beside a call's record: whom it rang, and what the ledger said of it."""

    rung: tuple[RungView, ...]
    repairs: tuple[Repair, ...]
    settled_at: datetime | None


@archive.steadily
def of_call(connection: Connection, call_id: str) -> CallEvidence:
    source = archive.source_of_call(connection, call_id)
    return CallEvidence(
        rung=interaction_rows.rung_of(source, [call_id]).get(call_id, ()),
        repairs=RepairRepository(source).of_call(call_id),
        settled_at=interaction_queries.settled_at(source, call_id),
    )


@archive.steadily
def get(
    connection: Connection, interaction_id: int, today: date | None = None
) -> ExplanationView | None:
    found = interaction_queries.get(connection, interaction_id, today)
    if found is None:
        return None
    call_id = found.call_id
    if call_id is None:
        return ExplanationView(interaction=found, record=None, settled_at=None, repairs=())
    source = archive.source_of_contact(connection, interaction_id)
    record = call_queries.get(connection, call_id, source)
    return ExplanationView(
        interaction=found,
        record=record,
        settled_at=found.settled_at,
        repairs=RepairRepository(source).of_call(call_id),
        ledger_is_read=record is not None and _ledger_is_read(connection, record.pbx),
    )


@archive.steadily
def journal(connection: Connection, call_id: str) -> tuple[JournalPart, ...]:
    """What was kept of a call's events; empty once they are too old, or were erased."""
    return JournalRepository(archive.source_of_journal(connection, call_id)).of_call(call_id)


def _ledger_is_read(connection: Connection, pbx: str) -> bool:
    found = select(ledger_positions.c.pbx).where(ledger_positions.c.pbx == pbx).limit(1)
    return connection.scalar(found) is not None
