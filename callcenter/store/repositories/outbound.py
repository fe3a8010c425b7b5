"""Who may dial what, and the calls of a phone that go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from callcenter.calls.record import CallRecord
from callcenter.outbound.rights import OutboundRight
from callcenter.store.call_json import decode
from callcenter.store.repositories import bulk
from callcenter.store.tables import agents, call_legs, calls, interactions, outbound_rights

_CHANGES = [c.name for c in outbound_rights.columns if not c.primary_key]


class OutboundRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rights(self) -> list[OutboundRight]:
        query = select(outbound_rights).order_by(outbound_rights.c.role)
        return [_right(row) for row in self._connection.execute(query)]

    def right_of(self, role: str) -> OutboundRight | None:
        query = select(outbound_rights).where(outbound_rights.c.role == role)
        row = self._connection.execute(query).one_or_none()
        return _right(row) if row is not None else None

    def save(self, right: OutboundRight) -> None:
        row = {
            "role": right.role,
            "allowed": right.allowed,
            "prefixes": ",".join(right.prefixes),
            "caller_id": right.caller_id,
            "per_hour": right.per_hour,
        }
        bulk.upsert(self._connection, outbound_rights, [row], keys=["role"], changes=_CHANGES)

    def dialled_since(self, user_id: int, since: datetime) -> int:
        query = (
            select(func.count(calls.c.id.distinct()))
            .select_from(calls.join(call_legs, call_legs.c.call_id == calls.c.id))
            .where(calls.c.direction == "outbound", calls.c.started_at >= since)
            .where(call_legs.c.user_id == user_id, call_legs.c.role == "caller")
        )
        return int(self._connection.scalar(query) or 0)

    def call(self, call_id: str) -> CallRecord | None:
        named = calls.alias()
        query = select(calls.c.record).where(
            calls.c.id
            == select(func.coalesce(named.c.merged_into, named.c.id))
            .where(named.c.id == call_id)
            .scalar_subquery()
        )
        record = self._connection.scalar(query)
        return decode(record) if record is not None else None

    def live_calls(self, endpoints: Sequence[str]) -> list[CallRecord]:
        if not endpoints:
            return []
        theirs = select(call_legs.c.call_id).where(
            call_legs.c.endpoint.in_(endpoints), call_legs.c.ended_at.is_(None)
        )
        query = select(calls.c.record).where(
            calls.c.live, calls.c.merged_into.is_(None), calls.c.id.in_(theirs)
        )
        return [decode(record) for record in self._connection.scalars(query)]

    def last_pbx(self, user_id: int) -> str:
        query = (
            select(interactions.c.call_id)
            .where(interactions.c.operator_id == user_id, interactions.c.call_id.is_not(None))
            .order_by(interactions.c.started_at.desc(), interactions.c.id.desc())
            .limit(1)
        )
        return str(self._connection.scalar(query) or "").partition("/")[0]

    def device(self, user_id: int) -> str:
        found = self._connection.scalar(select(agents.c.device).where(agents.c.user_id == user_id))
        return found or "desk"


def _right(row: Row[Any]) -> OutboundRight:
    values = dict(row._mapping)
    return OutboundRight(**{**values, "prefixes": tuple(filter(None, row.prefixes.split(",")))})
