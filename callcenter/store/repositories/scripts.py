"""Keeps call scripts and the answers given in them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from callcenter.errors import Conflict, NotFound
from callcenter.scripts.script import Script, steps_json
from callcenter.scripts.stored import Run, StoredScript
from callcenter.store.outcome_rows import run_of, script_of
from callcenter.store.repositories.base import insert
from callcenter.store.tables import queue_settings, script_runs, scripts
from callcenter.store.text import clipped, storable_json, text_limits

_LIMITS: Final = text_limits(scripts)


class ScriptRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[StoredScript, ...]:
        query = select(scripts).order_by(scripts.c.title, scripts.c.id)
        return tuple(script_of(row) for row in self._connection.execute(query))

    def get(self, script_id: int) -> StoredScript | None:
        query = select(scripts).where(scripts.c.id == script_id)
        row = self._connection.execute(query).one_or_none()
        return script_of(row) if row is not None else None

    def of_queue(self, queue: str) -> StoredScript | None:
        chosen = self._connection.scalar(
            select(queue_settings.c.script_id).where(queue_settings.c.name == queue)
        )
        stored = self.get(chosen) if chosen is not None else None
        if stored is not None and stored.active:
            return stored
        query = (
            select(scripts)
            .where(scripts.c.active, scripts.c.queue == queue, scripts.c.queue != "")
            .order_by(scripts.c.id)
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return script_of(row) if row is not None else None

    def add(self, script: Script, at: datetime) -> int:
        row = _values(script) | {"updated_at": at}
        script_id = self._connection.scalar(scripts.insert().values(row).returning(scripts.c.id))
        return int(script_id or 0)

    def update(
        self, script_id: int, script: Script, *, active: bool, version: int, at: datetime
    ) -> int:
        row = _values(script) | {"active": active, "updated_at": at, "version": version + 1}
        changed = self._connection.execute(
            update(scripts)
            .where(scripts.c.id == script_id, scripts.c.version == version)
            .values(row)
        )
        if changed.rowcount == 0:
            if self.get(script_id) is None:
                raise NotFound("script", f"there is no script {script_id}")
            raise Conflict("version", "somebody else changed this script meanwhile; look again")
        return version + 1

    def run(self, interaction_id: int) -> Run | None:
        query = select(script_runs).where(script_runs.c.interaction_id == interaction_id)
        row = self._connection.execute(query).one_or_none()
        return run_of(row) if row is not None else None

    def save_run(self, run: Run) -> None:
        values = asdict(run) | {"answers": storable_json(dict(run.answers))}
        statement = insert(self._connection, script_runs).values(values)
        changed = {name: statement.excluded[name] for name in values if name != "interaction_id"}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["interaction_id"], set_=changed)
        )


def _values(script: Script) -> dict[str, Any]:
    row = {
        "title": script.title.strip(),
        "queue": script.queue,
        "steps": storable_json(steps_json(script.steps)),
    }
    return clipped(row, _LIMITS)
