"""Joins two customers' rows, and parts them again. What the joined card says, services decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from callcenter.duplicates.pair import Merge
from callcenter.store import customer_links, merged
from callcenter.store.repositories.base import chunks
from callcenter.store.repositories.customers import CustomerRepository
from callcenter.store.repositories.duplicates import DuplicateRepository
from callcenter.store.sets import among
from callcenter.store.tables import calls, customers, interaction_candidates, interactions, merges
from callcenter.store.text import storable_json

_SETTLED: Final = "one"


class MergeRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def move(self, loser_id: int, survivor_id: int) -> dict[str, list[list[Any]]]:
        return customer_links.move(self._connection, loser_id, survivor_id)

    def move_back(self, moved: Mapping[str, Any], loser_id: int, survivor_id: int) -> None:
        customer_links.move_back(self._connection, dict(moved), survivor_id, loser_id)

    def settle_candidates(self, survivor_id: int) -> list[int]:
        """A deleted card is no candidate: whoever is left alone is meant."""
        own, other = interaction_candidates, interaction_candidates.alias()
        rivals = (
            select(other.c.customer_id)
            .join(customers, customers.c.id == other.c.customer_id)
            .where(
                other.c.interaction_id == own.c.interaction_id,
                other.c.customer_id != survivor_id,
                customers.c.deleted_at.is_(None),
            )
        )
        query = (
            select(own.c.interaction_id)
            .join(interactions)
            .where(
                own.c.customer_id == survivor_id,
                interactions.c.match == "several",
                ~rivals.exists(),
            )
        )
        ids = sorted(self._connection.scalars(query))
        self._settle(ids, "several", {"customer_id": survivor_id, "match": _SETTLED})
        return ids

    def unsettle_candidates(self, interaction_ids: Sequence[int], survivor_id: int) -> None:
        theirs = [
            one
            for some in chunks(list(interaction_ids))
            for one in self._connection.scalars(
                select(interactions.c.id).where(
                    among(self._connection, interactions.c.id, some),
                    interactions.c.customer_id == survivor_id,
                )
            )
        ]
        self._settle(theirs, _SETTLED, {"customer_id": None, "match": "several"})

    def _settle(self, ids: Sequence[int], match: str, values: Mapping[str, Any]) -> None:
        for some in chunks(list(ids)):
            self._connection.execute(
                update(interactions)
                .where(
                    among(self._connection, interactions.c.id, some), interactions.c.match == match
                )
                .values(**values)
            )

    def live_interactions(self, customer_ids: Sequence[int]) -> list[int]:
        """Read from the calls that go on, which are few, and not from a customer's many."""
        candidate = select(interaction_candidates.c.interaction_id).where(
            interaction_candidates.c.customer_id.in_(list(customer_ids))
        )
        query = (
            select(interactions.c.id)
            .join(calls, calls.c.id == interactions.c.call_id)
            .where(
                calls.c.live,
                interactions.c.customer_id.in_(list(customer_ids))
                | interactions.c.id.in_(candidate),
            )
        )
        return sorted(self._connection.scalars(query))

    def lock(self, customer_ids: Sequence[int]) -> None:
        query = select(customers.c.id).where(customers.c.id.in_(list(customer_ids)))
        self._connection.execute(query.order_by(customers.c.id).with_for_update()).all()

    def close(self, loser_id: int, survivor_id: int | None, at: datetime) -> None:
        self._connection.execute(
            update(customers)
            .where(customers.c.id == loser_id)
            .values(
                merged_into=survivor_id,
                deleted_at=at if survivor_id is not None else None,
                updated_at=at,
                version=customers.c.version + 1,
            )
        )

    def touch(self, customer_ids: Sequence[int]) -> None:
        repository = CustomerRepository(self._connection)
        for customer_id in customer_ids:
            repository.index_words(customer_id)
        DuplicateRepository(self._connection).index(customer_ids)

    def add(
        self,
        *,
        survivor_id: int,
        loser_id: int,
        at: datetime,
        user_id: int | None,
        batch_id: int | None,
        moved: Mapping[str, Any],
        before: Mapping[str, Any],
    ) -> int:
        row = {
            "survivor_id": survivor_id,
            "loser_id": loser_id,
            "at": at,
            "user_id": user_id,
            "batch_id": batch_id,
            "moved": storable_json(dict(moved)),
            "before": storable_json(dict(before)),
        }
        merge_id = self._connection.scalar(merges.insert().values(row).returning(merges.c.id))
        return int(merge_id or 0)

    def get(self, merge_id: int) -> Merge | None:
        row = self._connection.execute(select(merges).where(merges.c.id == merge_id)).first()
        return _merge(row) if row is not None else None

    def latest_of(self, survivor_id: int, loser_id: int) -> Merge | None:
        query = (
            select(merges)
            .where(
                merges.c.survivor_id == survivor_id,
                merges.c.loser_id == loser_id,
                merges.c.undone_at.is_(None),
            )
            .order_by(merges.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return _merge(row) if row is not None else None

    def set_batch(self, merge_id: int, batch_id: int) -> None:
        self._connection.execute(
            update(merges).where(merges.c.id == merge_id).values(batch_id=batch_id)
        )

    def mark_undone(self, merge_id: int, *, user_id: int | None, at: datetime) -> None:
        self._connection.execute(
            update(merges).where(merges.c.id == merge_id).values(undone_at=at, undone_by=user_id)
        )

    def leads_to(self, customer_id: int) -> int:
        return merged.leads_to(self._connection, customer_id)


def _merge(row: Row[Any]) -> Merge:
    return Merge(**row._mapping)
