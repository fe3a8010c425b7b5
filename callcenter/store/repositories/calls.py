"""Keeps calls, their channels and their legs. The hot path: everything here works in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from callcenter.calls.record import CallRecord, Leg
from callcenter.store.call_json import decode, encode
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks, now
from callcenter.store.sets import among
from callcenter.store.tables import call_channels, call_legs, calls, interactions
from callcenter.store.text import clipped, text_limits

_CALL_LIMITS: Final = text_limits(calls)
_LEG_LIMITS: Final = text_limits(call_legs)
_CALL_CHANGES: Final = [c.name for c in calls.columns if c.name not in ("id", "merged_into")]
_LEG_CHANGES: Final = [c.name for c in call_legs.columns if not c.primary_key]


class CallRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save_many(
        self, records: Sequence[CallRecord], users_by_endpoint: Mapping[str, int]
    ) -> None:
        """Upsert calls with channels and legs. Of a call given twice, the last record counts.

        Rows are written in the order of their keys, so that two writers cannot deadlock.
        """
        latest = {record.id: record for record in records}
        ordered = [latest[key] for key in sorted(latest)]
        if not ordered:
            return
        moment = now()
        self._upsert_calls([_call_row(record, moment) for record in ordered])
        self._upsert_channels(ordered)
        self._upsert_legs(ordered, users_by_endpoint)

    def _upsert_calls(self, rows: list[dict[str, Any]]) -> None:
        bulk.upsert(self._connection, calls, rows, keys=["id"], changes=_CALL_CHANGES)

    def _upsert_channels(self, records: Sequence[CallRecord]) -> None:
        rows = {
            (record.pbx, uniqueid): {"pbx": record.pbx, "uniqueid": uniqueid, "call_id": record.id}
            for record in records
            for uniqueid in record.uniqueids
        }
        bulk.upsert(
            self._connection,
            call_channels,
            [rows[key] for key in sorted(rows)],
            keys=["pbx", "uniqueid"],
            changes=["call_id"],
            unless_same="call_id",
        )

    def _upsert_legs(
        self, records: Sequence[CallRecord], users_by_endpoint: Mapping[str, int]
    ) -> None:
        rows = {
            (record.id, leg.uniqueid): _leg_row(record.id, leg, users_by_endpoint)
            for record in records
            for leg in record.legs
        }
        bulk.upsert(
            self._connection,
            call_legs,
            [rows[key] for key in sorted(rows)],
            keys=["call_id", "uniqueid"],
            changes=_LEG_CHANGES,
        )
        self._drop_stale_legs({record.id: {g.uniqueid for g in record.legs} for record in records})

    def _drop_stale_legs(self, wanted: Mapping[str, set[str]]) -> None:
        """A later record may know that a channel was no participant after all."""
        stale: list[tuple[str, str]] = []
        for ids in chunks(sorted(wanted)):
            stored = self._connection.execute(
                select(call_legs.c.call_id, call_legs.c.uniqueid).where(
                    among(self._connection, call_legs.c.call_id, ids)
                )
            )
            stale += [(row[0], row[1]) for row in stored if row[1] not in wanted[row[0]]]
        for call_id, uniqueid in stale:
            self._connection.execute(
                delete(call_legs).where(
                    call_legs.c.call_id == call_id, call_legs.c.uniqueid == uniqueid
                )
            )

    def merge(self, absorbed_id: str, into_id: str) -> None:
        """`absorbed_id` is no call any more: its channels belong to `into_id`."""
        if absorbed_id == into_id:
            return
        run = self._connection.execute
        run(
            update(call_channels)
            .where(call_channels.c.call_id == absorbed_id)
            .values(call_id=into_id)
        )
        run(delete(call_legs).where(call_legs.c.call_id == absorbed_id))
        run(
            update(calls)
            .where(calls.c.id == absorbed_id)
            .values(live=False, merged_into=into_id, updated_at=now())
        )

    def get(self, call_id: str) -> CallRecord | None:
        plain = self._connection.scalar(select(calls.c.record).where(calls.c.id == call_id))
        return decode(plain) if plain is not None else None

    def live_ids(self, pbx: str) -> list[str]:
        query = select(calls.c.id).where(calls.c.live, calls.c.pbx == pbx).order_by(calls.c.id)
        return list(self._connection.scalars(query))

    def live_records(self, pbx: str) -> list[CallRecord]:
        query = select(calls.c.record).where(calls.c.live, calls.c.pbx == pbx).order_by(calls.c.id)
        return [decode(plain) for plain in self._connection.scalars(query)]

    def find_by_uniqueid(self, pbx: str, uniqueid: str) -> str | None:
        return self.id_map(pbx, [uniqueid]).get(uniqueid)

    def id_map(self, pbx: str, uniqueids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in chunks(sorted(set(uniqueids))):
            query = select(call_channels.c.uniqueid, call_channels.c.call_id).where(
                call_channels.c.pbx == pbx, among(self._connection, call_channels.c.uniqueid, part)
            )
            found.update({row[0]: row[1] for row in self._connection.execute(query)})
        return found

    def close_missing(self, pbx: str, alive: Sequence[str], at: datetime) -> list[str]:
        """Their end was not seen: it lies before `at`, which is the best that is known."""
        keep = set(alive)
        gone = [record for record in self.live_records(pbx) if record.id not in keep]
        for record in gone:
            self._close(record, at)
        return [record.id for record in gone]

    def _close(self, record: CallRecord, at: datetime) -> None:
        legs = tuple(replace(leg, ended_at=leg.ended_at or at) for leg in record.legs)
        closed = replace(record, live=False, ended_at=record.ended_at or at, legs=legs)
        run = self._connection.execute
        run(
            update(calls)
            .where(calls.c.id == record.id)
            .values(live=False, ended_at=closed.ended_at, record=encode(closed), updated_at=now())
        )
        run(
            update(call_legs)
            .where(call_legs.c.call_id == record.id, call_legs.c.ended_at.is_(None))
            .values(ended_at=at)
        )
        run(
            update(interactions)
            .where(interactions.c.call_id == record.id, interactions.c.ended_at.is_(None))
            .values(ended_at=at, updated_at=now())
        )


def _call_row(record: CallRecord, moment: datetime) -> dict[str, Any]:
    row = {
        "id": record.id,
        "pbx": record.pbx,
        "live": record.live,
        "direction": record.direction,
        "result": record.result,
        "started_at": record.started_at,
        "answered_at": record.answered_at,
        "ended_at": record.ended_at,
        "caller_number": record.caller_number,
        "caller_name": record.caller_name,
        "dialed": record.dialed,
        "trunk": record.trunk,
        "route": record.route,
        "queue": record.queues[-1] if record.queues else "",
        "wait_seconds": record.wait_seconds,
        "talk_seconds": record.talk_seconds,
        "hold_seconds": record.hold_seconds,
        "hangup_by": record.hangup_by,
        "hangup_cause": record.hangup_cause,
        "record": encode(record),
        "updated_at": moment,
    }
    return clipped(row, _CALL_LIMITS)


def _leg_row(call_id: str, leg: Leg, users_by_endpoint: Mapping[str, int]) -> dict[str, Any]:
    return clipped(
        {
            "call_id": call_id,
            "uniqueid": leg.uniqueid,
            "channel": leg.channel,
            "endpoint": leg.endpoint,
            "number": leg.number,
            "role": leg.role,
            "user_id": users_by_endpoint.get(leg.endpoint),
            "ringing_at": leg.ringing_at,
            "answered_at": leg.answered_at,
            "ended_at": leg.ended_at,
            "result": leg.result,
            "talk_seconds": leg.talk_seconds,
            "hold_seconds": leg.hold_seconds,
        },
        _LEG_LIMITS,
    )
