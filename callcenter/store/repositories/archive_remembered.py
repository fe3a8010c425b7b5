"""What the database remembers of contacts that are in files: what conditions on customers ask of
each, and when a customer's last one was, and with which of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from callcenter.archive.months import name_of
from callcenter.archive.shapes import Packed
from callcenter.store.archive_shapes import values
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import archive_calls, archive_contacts

_ASKED: Final = ("customer_id", "started_at", "channel", "direction", "result", "queue")
_LATEST: Final = ("last_at", "spoken_at")
_Latest = dict[tuple[int, int], dict[str, datetime | None]]
"""(customer, who of ours or 0) → when."""


def remember(connection: Connection, packed: Sequence[Packed]) -> None:
    """Doing it again changes nothing."""
    contacts = ((one, values("interactions", one.rows["interactions"][0])) for one in packed)
    known = [(one, row) for one, row in contacts if row["customer_id"] is not None]
    _keep_latest(connection, _latest(row for _, row in known))
    bulk.insert_missing(connection, archive_calls, [_asked(one, row) for one, row in known])


def forget(connection: Connection, interaction_ids: Sequence[int]) -> None:
    """Of contacts that came back. When the last one was stays true wherever it is."""
    for part in chunks(interaction_ids):
        these = among(connection, archive_calls.c.interaction_id, part)
        connection.execute(delete(archive_calls).where(these))


def forget_month(connection: Connection, month: str) -> None:
    connection.execute(delete(archive_calls).where(archive_calls.c.month == month))


def _asked(packed: Packed, row: dict[str, Any]) -> dict[str, Any]:
    given = [told["outcome_id"] for told in packed.rows.get("interaction_outcomes", ())]
    return {
        "interaction_id": row["id"],
        "month": name_of(row["started_at"]),
        "outcome_id": next(iter(given), None),
        **{name: row[name] for name in _ASKED},
    }


def _latest(rows: Iterable[dict[str, Any]]) -> _Latest:
    found: _Latest = {}
    for row in rows:
        spoken = row["started_at"] if row["talk_seconds"] > 0 else None
        mine = found.setdefault((row["customer_id"], row["operator_id"] or 0), {})
        _note(mine, row["started_at"], spoken)
    return found


def _note(mine: dict[str, datetime | None], last: datetime, spoken: datetime | None) -> None:
    for name, at in zip(_LATEST, (last, spoken), strict=True):
        mine[name] = max(filter(None, (mine.get(name), at)), default=None)


def _keep_latest(connection: Connection, latest: _Latest) -> None:
    table, ids = archive_contacts.c, sorted({customer for customer, _ in latest})
    for part in chunks(ids):
        query = select(archive_contacts).where(among(connection, table.customer_id, part))
        for row in connection.execute(query):
            mine = latest.get((row.customer_id, row.operator_id))
            if mine is not None:
                _note(mine, row.last_at, row.spoken_at)
    rows = [{"customer_id": key[0], "operator_id": key[1], **latest[key]} for key in sorted(latest)]
    keys = ["customer_id", "operator_id"]
    bulk.upsert(connection, archive_contacts, rows, keys=keys, changes=list(_LATEST))
