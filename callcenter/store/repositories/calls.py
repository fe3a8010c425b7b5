"""Keeps calls, their channels and their legs. The hot path: everything here works in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from callcenter.calls.record import CallRecord, Leg
from callcenter.reports.facts import leg_places
from callcenter.store.call_json import decode, encode
from callcenter.store.repositories import belongings, bulk
from callcenter.store.repositories.base import chunks, now
from callcenter.store.sets import among
from callcenter.store.tables import call_channels, call_legs, calls, interactions
from callcenter.store.text import clipped, text_limits

_CALL_LIMITS: Final = text_limits(calls)
_LEG_LIMITS: Final = text_limits(call_legs)
_KEPT: Final = frozenset({"id", "merged_into", "settled_at"})
_CALL_CHANGES: Final = [c.name for c in calls.columns if c.name not in _KEPT]
_TEXTS: Final = ("caller_number", "caller_name", "dialed", "hangup_by", "record", "updated_at")
_LEG_TEXTS: Final = ("channel", "endpoint", "number")
_SAME_CALL: Final = timedelta(days=1)
"""Two calls of one channel name that lie further apart are two calls of two lives of a PBX."""
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
        self._add_channels(ordered, moment)
        self._upsert_legs(ordered, users_by_endpoint)

    def _upsert_calls(self, rows: list[dict[str, Any]]) -> None:
        bulk.upsert(self._connection, calls, rows, keys=["id"], changes=_CALL_CHANGES)

    def _add_channels(self, records: Sequence[CallRecord], moment: datetime) -> None:
        rows = {
            (uniqueid, record.id): {
                "pbx": record.pbx,
                "uniqueid": uniqueid,
                "call_id": record.id,
                "at": record.started_at or record.answered_at or record.ended_at or moment,
            }
            for record in records
            for uniqueid in record.uniqueids
        }
        bulk.insert_missing(self._connection, call_channels, [rows[key] for key in sorted(rows)])

    def _upsert_legs(
        self, records: Sequence[CallRecord], users_by_endpoint: Mapping[str, int]
    ) -> None:
        rows = {
            (record.id, leg.uniqueid): _leg_row(record.id, leg, users_by_endpoint)
            | _counted(places.get(leg.uniqueid))
            for record in records
            for places in [leg_places(record)]
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
        self._move_channels(absorbed_id, into_id)
        belongings.move_to_call(self._connection, absorbed_id, into_id)
        run(delete(call_legs).where(call_legs.c.call_id == absorbed_id))
        run(
            update(calls)
            .where(calls.c.id == absorbed_id)
            .values(live=False, merged_into=into_id, updated_at=now())
        )

    def _move_channels(self, absorbed_id: str, into_id: str) -> None:
        """Both halves may have named a channel; the call has it once."""
        table = call_channels.c
        query = select(call_channels).where(table.call_id == absorbed_id)
        moved = [row._asdict() | {"call_id": into_id} for row in self._connection.execute(query)]
        self._connection.execute(delete(call_channels).where(table.call_id == absorbed_id))
        bulk.insert_missing(self._connection, call_channels, moved)

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

    def id_map(
        self, pbx: str, uniqueids: Sequence[str], around: datetime | None = None
    ) -> dict[str, str]:
        return self.id_map_near(pbx, dict.fromkeys(uniqueids, around))

    def id_map_near(self, pbx: str, moments: Mapping[str, datetime | None]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in chunks(sorted(moments)):
            for uniqueid, claims in self._claims(pbx, part).items():
                call_id = _whose(claims, moments[uniqueid])
                if call_id is not None:
                    found[uniqueid] = call_id
        return found

    def _claims(self, pbx: str, uniqueids: Sequence[str]) -> dict[str, list[tuple[datetime, str]]]:
        """uniqueid → the calls that it ever belonged to, with their times."""
        table = call_channels.c
        query = select(table.uniqueid, table.at, table.call_id).where(
            table.pbx == pbx, among(self._connection, table.uniqueid, uniqueids)
        )
        found: dict[str, list[tuple[datetime, str]]] = {}
        for uniqueid, at, call_id in self._connection.execute(query):
            found.setdefault(uniqueid, []).append((at, call_id))
        return found

    def rewrite(self, records: Sequence[CallRecord]) -> None:
        for record in records:
            row = _call_row(record, now())
            texts = {name: row[name] for name in _TEXTS}
            self._connection.execute(update(calls).where(calls.c.id == record.id).values(texts))
            for leg in record.legs:
                row = _leg_row(record.id, leg, {})
                self._connection.execute(
                    update(call_legs)
                    .where(call_legs.c.call_id == record.id, call_legs.c.uniqueid == leg.uniqueid)
                    .values({name: row[name] for name in _LEG_TEXTS})
                )

    def settled(self, call_ids: Sequence[str], at: datetime) -> None:
        self._set_settled(call_ids, at)

    def unsettle(self, call_ids: Sequence[str]) -> None:
        self._set_settled(call_ids, None)

    def _set_settled(self, call_ids: Sequence[str], at: datetime | None) -> None:
        for ids in chunks(sorted(set(call_ids))):
            self._connection.execute(
                update(calls)
                .where(among(self._connection, calls.c.id, ids))
                .values(settled_at=at, updated_at=now())
            )

    def settled_at(self, call_ids: Sequence[str]) -> dict[str, datetime]:
        found: dict[str, datetime] = {}
        for ids in chunks(sorted(set(call_ids))):
            query = select(calls.c.id, calls.c.settled_at).where(
                among(self._connection, calls.c.id, ids), calls.c.settled_at.is_not(None)
            )
            found.update({row[0]: row[1] for row in self._connection.execute(query)})
        return found

    def existing(self, call_ids: Sequence[str]) -> frozenset[str]:
        found: set[str] = set()
        for part in chunks(sorted(set(call_ids))):
            query = select(calls.c.id).where(among(self._connection, calls.c.id, part))
            found.update(self._connection.scalars(query))
        return frozenset(found)

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


def _whose(claimed: Sequence[tuple[datetime, str]], around: datetime | None) -> str | None:
    """Of the calls that had a channel of this name: the newest, or the nearest to a moment."""
    if around is None:
        return max(claimed)[1]
    distance, call_id = min((abs(moment - around), call_id) for moment, call_id in claimed)
    return call_id if distance <= _SAME_CALL else None


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
        "ring_seconds": record.ring_seconds,
        "park_seconds": record.park_seconds,
        "end_seen": record.end_seen,
        "hangup_by": record.hangup_by,
        "hangup_cause": record.hangup_cause,
        "record": encode(record),
        "updated_at": moment,
    }
    return clipped(row, _CALL_LIMITS)


def _counted(place: tuple[datetime, str] | None) -> dict[str, Any]:
    """Where reports count the leg."""
    half, queue = place or (None, "")
    return {"half": half, "queue": queue[:80]}


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
            "ring_seconds": leg.ring_seconds,
            "wrap_up_seconds": leg.wrap_up_seconds,
        },
        _LEG_LIMITS,
    )
