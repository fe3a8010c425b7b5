"""Reads what a pop says beside the call and its customer: queue titles, who handed it over, whom
an operator named the last time that this number called. Use cases and queries share it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from callcenter.realtime.payloads import AskedBack, QueueFace
from callcenter.store.sets import among
from callcenter.store.tables import agents, callback_requests, interactions, queue_settings, users


class PopRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue_faces(self) -> dict[str, QueueFace]:
        query = select(queue_settings.c.name, queue_settings.c.title, queue_settings.c.auto_answer)
        return {
            name: QueueFace(title=title, auto_answer=auto_answer)
            for name, title, auto_answer in self._connection.execute(query)
        }

    def user_names(self, user_ids: Iterable[int]) -> dict[int, str]:
        ids = sorted(set(user_ids))
        if not ids:
            return {}
        query = select(users.c.id, users.c.display_name).where(
            among(self._connection, users.c.id, ids)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def last_chosen(self, numbers: Iterable[str]) -> dict[str, int]:
        """One indexed look-up each: numbers that several customers share are few."""
        found = {number: self._last_chosen(number) for number in sorted(set(numbers))}
        return {number: customer for number, customer in found.items() if customer is not None}

    def asked_back(self, command_ids: Iterable[str]) -> dict[str, AskedBack]:
        row = callback_requests.c
        query = select(row.command_id, row.id, row.created_at).where(
            among(self._connection, row.command_id, sorted(set(command_ids)))
        )
        return {
            command: AskedBack(request_id=request_id, asked_at=asked_at)
            for command, request_id, asked_at in self._connection.execute(query)
        }

    def see_missed(self, user_id: int, until: datetime) -> None:
        columns = agents.c
        later = (columns.missed_seen_at.is_(None)) | (columns.missed_seen_at < until)
        self._connection.execute(
            update(agents).where(columns.user_id == user_id, later).values(missed_seen_at=until)
        )

    def _last_chosen(self, number: str) -> int | None:
        columns = interactions.c
        query = (
            select(columns.customer_id)
            .where(
                columns.number == number,
                columns.match == "chosen",
                columns.customer_id.is_not(None),
            )
            .order_by(columns.started_at.desc(), columns.id.desc())
            .limit(1)
        )
        found: int | None = self._connection.scalar(query)
        return found
