"""Keeps how good the sound of each browser leg was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select

from callcenter.ports.quality import LegQuality, TalkingLeg
from callcenter.store.repositories.base import insert
from callcenter.store.tables import call_legs, leg_quality
from callcenter.store.text import storable

_KEY = ("call_id", "uniqueid")


class QualityRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def talking_legs(self, user_id: int, endpoint: str, since: datetime) -> Sequence[TalkingLeg]:
        query = select(
            call_legs.c.call_id,
            call_legs.c.uniqueid,
            call_legs.c.answered_at,
            call_legs.c.ended_at,
        ).where(
            call_legs.c.user_id == user_id,
            call_legs.c.endpoint == endpoint,
            call_legs.c.answered_at >= since,
        )
        return [TalkingLeg(**row._mapping) for row in self._connection.execute(query)]

    def save(self, quality: LegQuality) -> None:
        values = asdict(quality) | {"codec": storable(quality.codec)}
        statement = insert(self._connection, leg_quality).values(values)
        changed = {name: value for name, value in values.items() if name not in _KEY}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed)
        )
