"""The sound that interactions left behind, who spoke in it, and who has listened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from callcenter.calls.record import CallRecord
from callcenter.ports.recordings import RecordingPause
from callcenter.queries import calls as call_queries
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import seen_records
from callcenter.recordings.rights import may_hear
from callcenter.rights.viewer import Viewer
from callcenter.store import archive
from callcenter.store.sets import among
from callcenter.store.tables import (
    audit_log,
    call_legs,
    calls,
    interactions,
    recording_pauses,
    users,
)

_MOST_LISTENERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSound:
    """`spoke`: users who took part. `record` is None where no call is stored."""

    interaction_id: int
    record: CallRecord | None
    spoke: frozenset[int]
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    user: UserRef
    at: datetime
    taken: bool
    """True: as a file."""


@archive.steadily
def of_interaction(connection: Connection, interaction_id: int) -> CallSound | None:
    query = select(
        interactions.c.call_id, interactions.c.operator_id, interactions.c.explanation
    ).where(interactions.c.id == interaction_id)
    source = archive.source_of_contact(connection, interaction_id)
    row = source.execute(query).one_or_none()
    if row is None:
        return None
    spoke = _speakers(source, [row.call_id]).get(row.call_id, set()) if row.call_id else set()
    return CallSound(
        interaction_id=interaction_id,
        record=call_queries.get(connection, row.call_id) if row.call_id else None,
        spoke=frozenset(spoke | ({row.operator_id} if row.operator_id else set())),
        erased=bool((row.explanation or {}).get("erased")),
    )


@archive.steadily
def hearable(connection: Connection, interaction_ids: Sequence[int], viewer: Viewer) -> list[int]:
    """Those of the interactions that have a recording which this user may hear."""
    seen = sorted(seen_records(connection, viewer, "interaction", interaction_ids))
    found = _hearable(connection, seen, viewer)
    if archive.files_of(connection) is None:
        return found
    old = archive.source_of(connection, sorted(set(seen) - archive.live_ids(connection, seen)))
    return found + _hearable(old, seen, viewer) if old is not None else found


def _hearable(source: Any, interaction_ids: Sequence[int], viewer: Viewer) -> list[int]:
    """`source`: the database, or the archive."""
    query = (
        select(interactions.c.id, interactions.c.call_id, interactions.c.operator_id)
        .add_columns(interactions.c.explanation, calls.c.record)
        .select_from(interactions.join(calls, calls.c.id == interactions.c.call_id))
        .where(among(source, interactions.c.id, interaction_ids))
    )
    rows = [row for row in source.execute(query) if _is_kept(row.record, row.explanation)]
    spoke = _speakers(source, [row.call_id for row in rows])
    return [
        row.id for row in rows if may_hear(viewer, {row.operator_id, *spoke.get(row.call_id, ())})
    ]


def listeners(connection: Connection, interaction_id: int) -> list[Listening]:
    """Who heard it, the latest first."""
    query = (
        select(audit_log.c.at, audit_log.c.action, users.c.id, users.c.display_name)
        .select_from(audit_log.join(users, users.c.id == audit_log.c.user_id))
        .where(audit_log.c.object_type == "recording", audit_log.c.object_id == str(interaction_id))
        .order_by(audit_log.c.id.desc())
        .limit(_MOST_LISTENERS)
    )
    return [
        Listening(
            user=UserRef(id=row.id, display_name=row.display_name),
            at=row.at,
            taken=row.action == "sound_taken",
        )
        for row in connection.execute(query)
    ]


def open_pauses(connection: Connection, call_id: str) -> list[RecordingPause]:
    table = recording_pauses.c
    query = select(recording_pauses).where(table.call_id == call_id, table.resumed_at.is_(None))
    return [RecordingPause(**row._mapping) for row in connection.execute(query)]


def any_pause_open(connection: Connection) -> bool:
    query = select(recording_pauses.c.id).where(recording_pauses.c.resumed_at.is_(None)).limit(1)
    return connection.scalar(query) is not None


def _speakers(connection: Any, call_ids: Sequence[str]) -> dict[str, set[int]]:
    legs = call_legs.c
    query = select(legs.call_id, legs.user_id).where(
        among(connection, legs.call_id, call_ids),
        legs.user_id.is_not(None),
        legs.answered_at.is_not(None),
        legs.role != "spy",
    )
    found: dict[str, set[int]] = {}
    for call_id, user_id in connection.execute(query):
        found.setdefault(call_id, set()).add(user_id)
    return found


def _is_kept(record: dict[str, list[dict[str, object]]], explanation: dict[str, object]) -> bool:
    """Read from the stored text as it is: a page of a timeline asks for many."""
    if (explanation or {}).get("erased"):
        return False
    return any(leg.get("recordings") for leg in record.get("legs", ()))
