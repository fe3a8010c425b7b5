"""Calls under way, in the shape in which their changes are published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from callcenter.calls.record import CallRecord
from callcenter.customers.customer import in_order
from callcenter.realtime.beside import read_beside
from callcenter.realtime.payloads import Identified, LiveCall, live_call
from callcenter.store import account_rows, archive, customer_rows
from callcenter.store.call_json import decode
from callcenter.store.repositories.pops import PopRepository
from callcenter.store.sets import among
from callcenter.store.tables import calls, interaction_candidates, interactions


def live(connection: Connection, today: date | None = None) -> list[LiveCall]:
    """All of them, the longest first."""
    users = account_rows.endpoint_map(connection)
    return [live_call(record, users, who) for record, who in live_where(connection, today=today)]


@archive.steadily
def get(connection: Connection, call_id: str, archived: Any = None) -> CallRecord | None:
    """The whole record of a call, by its id or by one it was merged from. `archived`: where it is
    in the archive, if whoever asks knows."""
    query = select(calls.c.record, calls.c.merged_into).where(calls.c.id == call_id)
    row = connection.execute(query).one_or_none()
    if row is not None and row.merged_into and row.merged_into != call_id:
        call_id = row.merged_into
        row = connection.execute(select(calls.c.record).where(calls.c.id == call_id)).one_or_none()
    if row is None:
        row = _archived(connection, call_id, archived)
    return decode(row.record) if row is not None else None


def _archived(connection: Connection, call_id: str, source: Any) -> Any:
    source = archive.source_of_call(connection, call_id) if source is None else source
    if source is connection:
        return None
    return source.execute(select(calls.c.record).where(calls.c.id == call_id)).one_or_none()


def live_where(
    connection: Connection, *conditions: ColumnElement[bool], today: date | None = None
) -> list[tuple[CallRecord, Identified]]:
    """Live calls for which the conditions hold, each with who its interaction says it is from."""
    query = (
        select(
            calls.c.record,
            interactions.c.id,
            interactions.c.number,
            interactions.c.number_raw,
            interactions.c.match,
            interactions.c.customer_id,
            interactions.c.explanation,
        )
        .select_from(calls.outerjoin(interactions, interactions.c.call_id == calls.c.id))
        .where(calls.c.live, calls.c.merged_into.is_(None), *conditions)
        .order_by(calls.c.started_at, calls.c.id)
    )
    rows = connection.execute(query).all()
    wanted = _customer_ids(connection, rows)
    everyone = {one for ids in wanted.values() for one in ids}
    people = customer_rows.briefs(connection, everyone, today or datetime.now(UTC).date())
    records = [decode(row.record) for row in rows]
    shared = [row.number for row in rows if row.match == "several" and row.number]
    users = account_rows.endpoint_map(connection)
    beside = read_beside(PopRepository(connection), records, shared, users)
    return [
        (
            record,
            beside.identified(
                record,
                interaction_id=row.id,
                number=row.number_raw or "",
                number_e164=row.number or "",
                match=row.match or "none",
                customers=in_order(people[one] for one in wanted.get(row.id, ()) if one in people),
                explanation=row.explanation or {},
            ),
        )
        for record, row in zip(records, rows, strict=True)
    ]


def _customer_ids(
    connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]
) -> dict[int, list[int]]:
    """Interaction id → the customer it is linked to, or those it may be from."""
    found = {row.id: [row.customer_id] for row in rows if row.customer_id is not None}
    several = [row.id for row in rows if row.match == "several" and row.customer_id is None]
    if several:
        query = select(interaction_candidates).where(
            among(connection, interaction_candidates.c.interaction_id, several)
        )
        for interaction_id, customer_id in connection.execute(query):
            found.setdefault(interaction_id, []).append(customer_id)
    return found
