"""Remembers which POSTs were done, so that one repeated by a nervous client is done once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from callcenter.accounts.idempotency import Done, Started
from callcenter.store.repositories.base import insert
from callcenter.store.tables import idempotency_keys as keys


class IdempotencyRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(
        self, user_id: int, key: str, fingerprint: str, at: datetime
    ) -> Started | Done | None:
        """None when the key is now ours; else what was started, or done, under it before."""
        statement = insert(self._connection, keys).values(
            user_id=user_id, key=key, fingerprint=fingerprint, created_at=at
        )
        ours = statement.on_conflict_do_nothing().returning(keys.c.key)
        if self._connection.execute(ours).first() is not None:
            return None
        row = self._connection.execute(
            select(keys).where(keys.c.user_id == user_id, keys.c.key == key)
        ).one_or_none()
        if row is None or row.status is None:
            return Started(row.fingerprint if row else fingerprint)
        return Done(row.fingerprint, row.status, row.body)

    def finish(self, user_id: int, key: str, status: int, body: str) -> None:
        self._connection.execute(
            update(keys)
            .where(keys.c.user_id == user_id, keys.c.key == key)
            .values(status=status, body=body)
        )

    def forget(self, user_id: int, key: str) -> None:
        self._connection.execute(delete(keys).where(keys.c.user_id == user_id, keys.c.key == key))

    def forget_before(self, moment: datetime) -> None:
        self._connection.execute(delete(keys).where(keys.c.created_at < moment))
