"""Keeps queues' settings, skills and the catalogue of pauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, update

from callcenter.agents.staffing import PauseReason, QueueSettings
from callcenter.store import staffing_rows
from callcenter.store.repositories import bulk
from callcenter.store.tables import pause_reasons, queue_settings, user_skills
from callcenter.store.text import clip, clipped, text_limits

_QUEUE_LIMITS: Final = text_limits(queue_settings)


class StaffingRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queues(self) -> dict[str, QueueSettings]:
        return staffing_rows.queues(self._connection)

    def save_queue(self, name: str, values: Mapping[str, Any]) -> None:
        bulk.insert_missing(self._connection, queue_settings, [{"name": name, "title": name}])
        self._connection.execute(
            update(queue_settings)
            .where(queue_settings.c.name == name)
            .values(clipped(dict(values), _QUEUE_LIMITS))
        )

    def skills(self) -> dict[int, dict[str, int]]:
        return staffing_rows.skills(self._connection)

    def set_skill(self, user_id: int, skill: str, level: int) -> None:
        if not level:
            self._connection.execute(
                delete(user_skills).where(
                    user_skills.c.user_id == user_id, user_skills.c.skill == skill
                )
            )
            return
        row = {"user_id": user_id, "skill": skill, "level": level}
        bulk.upsert(
            self._connection, user_skills, [row], keys=["user_id", "skill"], changes=["level"]
        )

    def pause_reasons(self) -> Sequence[PauseReason]:
        return staffing_rows.pause_reasons(self._connection)

    def save_pause_reason(self, reason: PauseReason) -> None:
        row = {
            "code": reason.code,
            "title": clip(reason.title, 80),
            "productive": reason.productive,
            "limit_seconds": reason.limit_seconds,
            "position": reason.position,
            "active": reason.active,
        }
        changes = [name for name in row if name != "code"]
        bulk.upsert(self._connection, pause_reasons, [row], keys=["code"], changes=changes)
