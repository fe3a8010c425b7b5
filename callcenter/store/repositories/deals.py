"""Keeps deals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from callcenter.errors import Conflict, NotFound
from callcenter.sales.deal import Deal, DealDraft
from callcenter.store.outcome_rows import deal_of
from callcenter.store.tables import deals
from callcenter.store.text import clipped, text_limits

_LIMITS: Final = text_limits(deals)


class DealRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: DealDraft, at: datetime) -> int:
        row = clipped(asdict(draft), _LIMITS) | {"created_at": at, "updated_at": at}
        deal_id = self._connection.scalar(deals.insert().values(row).returning(deals.c.id))
        return int(deal_id or 0)

    def get(self, deal_id: int) -> Deal | None:
        row = self._connection.execute(select(deals).where(deals.c.id == deal_id)).one_or_none()
        return deal_of(row) if row is not None else None

    def update(self, deal_id: int, values: Mapping[str, Any], *, version: int, at: datetime) -> int:
        row = clipped(dict(values), _LIMITS) | {"updated_at": at, "version": version + 1}
        changed = self._connection.execute(
            update(deals).where(deals.c.id == deal_id, deals.c.version == version).values(row)
        )
        if changed.rowcount == 0:
            if self.get(deal_id) is None:
                raise NotFound("deal", f"there is no deal {deal_id}")
            raise Conflict("version", "somebody else changed this deal meanwhile; look again")
        return version + 1
