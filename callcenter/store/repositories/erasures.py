"""Keeps what was erased, as keyed hashes, so that it does not come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import erased


class ErasureRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def erased(self, digests: Sequence[str]) -> dict[str, datetime]:
        """Digest → when it was erased, for those that were."""
        found: dict[str, datetime] = {}
        for part in chunks(sorted(set(digests))):
            query = select(erased).where(among(self._connection, erased.c.digest, part))
            found.update({row.digest: row.erased_at for row in self._connection.execute(query)})
        return found

    def remember(self, digests: Sequence[str], at: datetime) -> None:
        rows = [{"digest": digest, "erased_at": at} for digest in sorted(set(digests))]
        bulk.upsert(self._connection, erased, rows, keys=["digest"], changes=["erased_at"])
