"""Keeps interactions: one for each call, whoever writes it and however often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, case, delete, select, update

from callcenter.customers.phone import PhoneNumber
from callcenter.interactions.interaction import InteractionRow, MatchKind
from callcenter.interactions.logged import LoggedCall
from callcenter.interactions.stored import StoredInteraction
from callcenter.store import report_marks
from callcenter.store.repositories import belongings, bulk
from callcenter.store.repositories.archive import bring_back
from callcenter.store.repositories.base import chunks, insert, now
from callcenter.store.sets import among
from callcenter.store.tables import (
    conversations,
    customers,
    interaction_candidates,
    interactions,
    notes,
)
from callcenter.store.text import clipped, text_limits

_LIMITS: Final = {k: v for k, v in text_limits(interactions).items() if k != "call_id"}
_KEPT: Final = frozenset(
    {
        "id",
        "channel",
        "call_id",
        "created_at",
        "customer_id",
        "external_id",
        "handle_seconds",
        "match",
        "repairs",
        "subject",
    }
)

# What a person chose stands, whatever the number says later.
_CHOICE_STANDS: Final = {
    name: case(
        (interactions.c.match == "chosen", interactions.c[name]),
        else_=bulk.offered(interactions, name),
    )
    for name in ("customer_id", "match")
}


class InteractionRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def upsert_many(self, rows: Sequence[InteractionRow]) -> dict[str, int]:
        """Write them in bulk, in key order (two writers cannot deadlock).

        A row without a start keeps the start it has; a new one begins now.
        """
        latest = {row.call_id: row for row in rows}
        ordered = [latest[key] for key in sorted(latest)]
        moment = now()
        known = [_values(row, moment) for row in ordered if row.started_at is not None]
        unknown = [_values(row, moment) for row in ordered if row.started_at is None]
        ids = self._upsert(known, keep_start=False) | self._upsert(unknown, keep_start=True)
        self._save_candidates({ids[row.call_id]: row for row in ordered})
        return ids

    def log(
        self,
        call: LoggedCall,
        number: PhoneNumber,
        match: MatchKind,
        customer_ids: Sequence[int],
        operator_id: int | None,
    ) -> tuple[int, bool]:
        row = _logged(call, number, match, now()) | {
            "customer_id": customer_ids[0] if match == "one" else None,
            "operator_id": operator_id,
        }
        statement = insert(self._connection, interactions).values(clipped(row, _LIMITS))
        added = self._connection.scalar(
            statement.on_conflict_do_nothing(index_elements=["external_id"]).returning(
                interactions.c.id
            )
        )
        if added is None:
            known = select(interactions.c.id).where(interactions.c.external_id == call.external_id)
            return int(self._connection.scalar(known) or 0), False
        if match == "several":
            self._add_candidates([(int(added), one) for one in customer_ids])
        report_marks.mark(self._connection, "contacts", [call.started_at])
        return int(added), True

    def _upsert(self, values: list[dict[str, Any]], *, keep_start: bool) -> dict[str, int]:
        kept = _KEPT | {"started_at"} if keep_start else _KEPT
        rows = bulk.upsert(
            self._connection,
            interactions,
            values,
            keys=["call_id"],
            changes=[c.name for c in interactions.columns if c.name not in kept],
            instead=_CHOICE_STANDS,
            returning=[interactions.c.call_id, interactions.c.id],
        )
        return {row[0]: row[1] for row in rows}

    def _save_candidates(self, rows: dict[int, InteractionRow]) -> None:
        for part in chunks(sorted(rows)):
            wanted = {
                (interaction_id, customer_id)
                for interaction_id in part
                for customer_id in rows[interaction_id].candidate_ids
            }
            stored = self._candidate_pairs(part)
            for interaction_id, customer_id in stored - wanted:
                self._connection.execute(
                    delete(interaction_candidates).where(
                        interaction_candidates.c.interaction_id == interaction_id,
                        interaction_candidates.c.customer_id == customer_id,
                    )
                )
            self._add_candidates(sorted(wanted - stored))

    def _add_candidates(self, pairs: Sequence[tuple[int, int]]) -> None:
        rows = [{"interaction_id": one, "customer_id": other} for one, other in pairs]
        bulk.insert_missing(self._connection, interaction_candidates, rows)

    def _candidate_pairs(self, interaction_ids: Sequence[int]) -> set[tuple[int, int]]:
        query = select(interaction_candidates).where(
            among(self._connection, interaction_candidates.c.interaction_id, interaction_ids)
        )
        return {(row[0], row[1]) for row in self._connection.execute(query)}

    def merge(self, absorbed_call_id: str, into_call_id: str) -> None:
        """Two calls were one: notes move to the one that stays, the other row goes."""
        ids = self._ids([absorbed_call_id, into_call_id])
        absorbed, kept = ids.get(absorbed_call_id), ids.get(into_call_id)
        if absorbed is None or absorbed_call_id == into_call_id:
            return
        run = self._connection.execute
        if kept is None:
            run(
                update(interactions)
                .where(interactions.c.id == absorbed)
                .values(call_id=into_call_id, updated_at=now())
            )
            return
        self._keep_choice(absorbed, kept)
        run(update(notes).where(notes.c.interaction_id == absorbed).values(interaction_id=kept))
        run(
            delete(interaction_candidates).where(
                interaction_candidates.c.interaction_id == absorbed
            )
        )
        belongings.move_to_interaction(self._connection, absorbed, kept)
        run(delete(interactions).where(interactions.c.id == absorbed))

    def _keep_choice(self, absorbed: int, kept: int) -> None:
        """A customer that a person chose on the absorbed half belongs to the whole."""
        choice = self.get(absorbed)
        if choice is not None and choice.match == "chosen":
            self._connection.execute(
                update(interactions)
                .where(interactions.c.id == kept, interactions.c.match != "chosen")
                .values(customer_id=choice.customer_id, match="chosen", updated_at=now())
            )

    def _ids(self, call_ids: Sequence[str]) -> dict[str, int]:
        query = select(interactions.c.call_id, interactions.c.id).where(
            among(self._connection, interactions.c.call_id, call_ids)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def link(self, interaction_id: int, customer_id: int | None, match: MatchKind) -> None:
        self._connection.execute(
            update(interactions)
            .where(interactions.c.id == interaction_id)
            .values(customer_id=customer_id, match=match, updated_at=now())
        )
        self._connection.execute(
            update(conversations)
            .where(conversations.c.interaction_id == interaction_id)
            .values(customer_id=customer_id, version=conversations.c.version + 1)
        )

    def hold(self, interaction_id: int) -> StoredInteraction | None:
        query = select(interactions.c.id).where(interactions.c.id == interaction_id)
        if not self._connection.execute(query.with_for_update(key_share=True)).all():
            bring_back(self._connection, [interaction_id])
        return self.get(interaction_id)

    def get(self, interaction_id: int) -> StoredInteraction | None:
        """One that is in the archive comes back from it: whoever asks here is about to write."""
        query = _STORED.add_columns(interactions.c.explanation)
        query = query.where(interactions.c.id == interaction_id)
        found = self._load(query)
        if not found and bring_back(self._connection, [interaction_id]):
            found = self._load(query)
        return found[0] if found else None

    def identified(self, call_ids: Sequence[str]) -> dict[str, StoredInteraction]:
        """call_id → its interaction, for the calls that have one."""
        found: dict[str, StoredInteraction] = {}
        for part in chunks(sorted(set(call_ids))):
            for one in self._load(
                _STORED.where(among(self._connection, interactions.c.call_id, part))
            ):
                found[str(one.call_id)] = one
        return found

    def _load(self, query: Select[Any]) -> list[StoredInteraction]:
        rows = self._connection.execute(query).all()
        several = [row.id for row in rows if row.match in ("several", "chosen")]
        pairs = self._candidate_pairs(several) if several else set()
        return [_stored(row, pairs) for row in rows]


_STORED: Final = select(
    interactions.c.id,
    interactions.c.call_id,
    interactions.c.direction,
    interactions.c.number,
    interactions.c.number_raw,
    interactions.c.number_kind,
    interactions.c.customer_id,
    interactions.c.match,
    interactions.c.operator_id,
    customers.c.merged_into.label("joined_with"),
).select_from(interactions.outerjoin(customers, customers.c.id == interactions.c.customer_id))


def _stored(row: Row[Any], pairs: set[tuple[int, int]]) -> StoredInteraction:
    candidates = tuple(sorted(customer for one, customer in pairs if one == row.id))
    return StoredInteraction(**row._mapping, candidate_ids=candidates)


def _values(row: InteractionRow, moment: datetime) -> dict[str, Any]:
    values = {
        "channel": "call",
        "call_id": row.call_id,
        "direction": row.direction,
        "result": row.result,
        "number": row.number,
        "number_raw": row.number_raw,
        "number_kind": row.number_kind,
        "dialed": row.dialed,
        "queue": row.queue,
        "customer_id": row.customer_id,
        "match": row.match,
        "operator_id": row.operator_id,
        "started_at": row.started_at or row.answered_at or row.ended_at or moment,
        "answered_at": row.answered_at,
        "ended_at": row.ended_at,
        "wait_seconds": row.wait_seconds,
        "talk_seconds": row.talk_seconds,
        "hold_seconds": row.hold_seconds,
        "ring_seconds": row.ring_seconds,
        "transfers": row.transfers,
        "explanation": dict(row.explanation),
        "created_at": moment,
        "updated_at": moment,
    }
    return clipped(values, _LIMITS)


def _logged(
    call: LoggedCall, number: PhoneNumber, match: MatchKind, moment: datetime
) -> dict[str, Any]:
    return {
        "channel": "call",
        "call_id": None,
        "external_id": call.external_id or None,
        "direction": call.direction,
        "result": call.result,
        "number": number.e164,
        "number_raw": number.raw,
        "number_kind": number.kind,
        "dialed": call.dialed,
        "queue": call.queue,
        "match": match,
        "subject": call.subject,
        "started_at": call.started_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "wait_seconds": call.wait_seconds,
        "talk_seconds": call.talk_seconds,
        "hold_seconds": 0.0,
        "explanation": {"logged": True},
        "created_at": moment,
        "updated_at": moment,
    }
