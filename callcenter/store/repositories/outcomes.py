"""Keeps trees of outcomes, which were given, and what of them is typed but not given yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, exists, func, select, update

from callcenter.outcomes.given import Contact, Given
from callcenter.outcomes.outcome import Outcome, OutcomeDraft
from callcenter.store.outcome_rows import outcome_of
from callcenter.store.repositories.base import insert
from callcenter.store.tables import (
    call_legs,
    interaction_outcomes,
    interactions,
    outcome_drafts,
    outcomes,
    queue_settings,
)
from callcenter.store.text import clipped, storable_json, text_limits

_LIMITS: Final = text_limits(outcomes)


class OutcomeRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Outcome, ...]:
        query = select(outcomes).order_by(outcomes.c.queue, outcomes.c.position, outcomes.c.id)
        return tuple(outcome_of(row) for row in self._connection.execute(query))

    def get(self, outcome_id: int) -> Outcome | None:
        query = select(outcomes).where(outcomes.c.id == outcome_id)
        row = self._connection.execute(query).one_or_none()
        return outcome_of(row) if row is not None else None

    def add(self, draft: OutcomeDraft) -> int:
        last = self._connection.scalar(
            select(func.max(outcomes.c.position)).where(
                outcomes.c.queue == draft.queue,
                outcomes.c.parent_id.is_not_distinct_from(draft.parent_id),
            )
        )
        row = _values(asdict(draft)) | {"position": 0 if last is None else last + 1}
        outcome_id = self._connection.scalar(outcomes.insert().values(row).returning(outcomes.c.id))
        return int(outcome_id or 0)

    def update(self, outcome_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(
            update(outcomes).where(outcomes.c.id == outcome_id).values(_values(values))
        )

    def contact(self, interaction_id: int, user_id: int) -> Contact | None:
        columns = interactions.c
        mine = exists().where(
            call_legs.c.call_id == columns.call_id, call_legs.c.user_id == user_id
        )
        query = select(
            columns.id.label("interaction_id"),
            columns.queue,
            columns.customer_id,
            columns.number,
            columns.operator_id,
            mine.label("took_part"),
        ).where(columns.id == interaction_id)
        row = self._connection.execute(query).one_or_none()
        return Contact(**row._mapping) if row is not None else None

    def given(self, interaction_id: int) -> Given | None:
        query = select(interaction_outcomes).where(
            interaction_outcomes.c.interaction_id == interaction_id
        )
        row = self._connection.execute(query).one_or_none()
        return Given(**row._mapping) if row is not None else None

    def give(self, given: Given) -> None:
        values = asdict(given) | {"details": storable_json(dict(given.details))}
        statement = insert(self._connection, interaction_outcomes).values(values)
        new = statement.excluded
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["interaction_id"],
                set_={
                    "outcome_id": new.outcome_id,
                    "user_id": new.user_id,
                    "at": new.at,
                    "details": new.details,
                },
            )
        )

    def draft(self, interaction_id: int, user_id: int) -> Mapping[str, str]:
        found: Mapping[str, str] | None = self._connection.scalar(
            select(outcome_drafts.c.fields).where(
                outcome_drafts.c.interaction_id == interaction_id,
                outcome_drafts.c.user_id == user_id,
            )
        )
        return found or {}

    def save_draft(
        self, interaction_id: int, user_id: int, fields: Mapping[str, str], at: datetime
    ) -> None:
        statement = insert(self._connection, outcome_drafts).values(
            interaction_id=interaction_id,
            user_id=user_id,
            fields=storable_json(dict(fields)),
            updated_at=at,
        )
        new = statement.excluded
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["interaction_id", "user_id"],
                set_={"fields": new.fields, "updated_at": new.updated_at},
            )
        )

    def drop_drafts(self, interaction_id: int) -> None:
        self._connection.execute(
            delete(outcome_drafts).where(outcome_drafts.c.interaction_id == interaction_id)
        )

    def is_required(self, queue: str) -> bool:
        required = self._connection.scalar(
            select(queue_settings.c.outcome_required).where(queue_settings.c.name == queue)
        )
        return bool(required)


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(values)
    if "requires" in row:
        row["requires"] = list(row["requires"])
    if "labels" in row:
        row["labels"] = storable_json(dict(row["labels"]))
    return clipped(row, _LIMITS)
