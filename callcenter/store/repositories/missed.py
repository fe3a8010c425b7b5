"""Keeps the worklist of calls in vain, and reads the contacts it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from callcenter.missed.rule import Contact, QueueRule
from callcenter.ports.missed import MissedCall
from callcenter.store import task_rows
from callcenter.store.sets import among
from callcenter.store.tables import callback_requests, interactions, missed_calls, queue_settings
from callcenter.store.team_rows import teams

_MOST_CONTACTS = 5_000
_CONTACT: Final = tuple(
    interactions.c.id if field.name == "interaction_id" else interactions.c[field.name]
    for field in fields(Contact)
    if field.name != "given_up_at"
)


class MissedRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, missed_id: int) -> MissedCall | None:
        query = select(missed_calls).where(missed_calls.c.id == missed_id)
        row = self._connection.execute(query).one_or_none()
        return MissedCall(**row._mapping) if row is not None else None

    def rows(
        self, numbers: Iterable[str], customer_ids: Iterable[int], since: datetime
    ) -> tuple[MissedCall, ...]:
        theirs = or_(
            among(self._connection, missed_calls.c.number, sorted(set(numbers))),
            among(self._connection, missed_calls.c.customer_id, sorted(set(customer_ids))),
        )
        recent = or_(missed_calls.c.closed_at.is_(None), missed_calls.c.closed_at > since)
        query = select(missed_calls).where(theirs, recent).order_by(missed_calls.c.id)
        return tuple(MissedCall(**row._mapping) for row in self._connection.execute(query))

    def closed_by_hand(self, numbers: Iterable[str]) -> dict[str, datetime]:
        wanted, found = sorted(set(numbers)), dict[str, datetime]()
        for table, by_hand in (
            (missed_calls, missed_calls.c.closed_how == "by_hand"),
            (callback_requests, callback_requests.c.last_result == "by_hand"),
        ):
            query = (
                select(table.c.number, func.max(table.c.closed_at))
                .where(among(self._connection, table.c.number, wanted), by_hand)
                .where(table.c.closed_at.is_not(None))
                .group_by(table.c.number)
            )
            for number, at in self._connection.execute(query):
                found[number] = max(at, found.get(number, at))
        return found

    def counts(self) -> dict[int, int]:
        known = teams(self._connection)
        missed = task_rows.missed_by_queue(self._connection)
        return {one.id: task_rows.missed_of(known, missed, one) for one in known.people.values()}

    def contacts(
        self, numbers: Iterable[str], customer_ids: Iterable[int], since: datetime
    ) -> tuple[Contact, ...]:
        """Two reads, each on an index of its own: an OR of both would read the table through."""
        wanted = sorted(set(numbers))
        of_numbers = among(self._connection, interactions.c.number, wanted)
        of_customers = among(
            self._connection, interactions.c.customer_id, sorted(set(customer_ids))
        )
        found: dict[int, Contact] = {}
        for theirs in (of_numbers, of_customers):
            query = (
                select(*_CONTACT)
                .where(
                    theirs,
                    interactions.c.started_at > since,
                    interactions.c.direction.in_(("inbound", "outbound")),
                )
                .order_by(interactions.c.started_at.desc())
                .limit(_MOST_CONTACTS)
            )
            for row in self._connection.execute(query):
                found[row.id] = _contact(row)
        return (*found.values(), *self._given_up(wanted, since))

    def _given_up(self, numbers: Sequence[str], since: datetime) -> list[Contact]:
        row = callback_requests.c
        query = select(callback_requests).where(
            among(self._connection, row.number, numbers),
            row.closed_at > since,
            row.state.in_(("failed", "expired")),
        )
        return [_never_called(found) for found in self._connection.execute(query)]

    def rules(self) -> dict[str, QueueRule]:
        query = select(
            queue_settings.c.name,
            queue_settings.c.short_abandon_seconds,
            queue_settings.c.return_minutes,
        )
        return {
            row.name: QueueRule(
                short_abandon_seconds=row.short_abandon_seconds, return_minutes=row.return_minutes
            )
            for row in self._connection.execute(query)
        }

    def add(self, values: Mapping[str, Any]) -> int:
        missed_id = self._connection.scalar(
            missed_calls.insert().values(dict(values)).returning(missed_calls.c.id)
        )
        assert missed_id is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(missed_id)

    def change(self, missed_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(
            update(missed_calls).where(missed_calls.c.id == missed_id).values(dict(values))
        )

    def remove(self, missed_ids: Sequence[int]) -> None:
        if missed_ids:
            self._connection.execute(
                delete(missed_calls).where(among(self._connection, missed_calls.c.id, missed_ids))
            )

    def claim(
        self, missed_id: int, user_id: int | None, at: datetime | None, *, stale: datetime
    ) -> bool:
        free = or_(
            missed_calls.c.claimed_by.is_(None),
            missed_calls.c.claimed_by == user_id,
            missed_calls.c.claimed_at <= stale,
        )
        changed = self._connection.execute(
            update(missed_calls)
            .where(
                missed_calls.c.id == missed_id,
                missed_calls.c.closed_at.is_(None),
                *(() if user_id is None else (free,)),
            )
            .values(claimed_by=user_id, claimed_at=at)
        )
        return bool(changed.rowcount)


def _never_called(row: Row[Any]) -> Contact:
    return Contact(
        interaction_id=row.interaction_id,
        number=row.number,
        customer_id=row.customer_id,
        direction="inbound",
        result="missed",
        queue=row.queue,
        started_at=row.created_at,
        answered_at=None,
        ended_at=row.created_at,
        wait_seconds=None,
        given_up_at=row.closed_at,
    )


def _contact(row: Row[Any]) -> Contact:
    values = dict(row._mapping)
    return Contact(interaction_id=values.pop("id"), **values)
