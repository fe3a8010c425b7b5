"""Keeps tasks; counts what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, literal_column, or_, select, update

from callcenter.errors import Conflict, NotFound
from callcenter.store import task_rows
from callcenter.store.sets import among
from callcenter.store.tables import tasks
from callcenter.store.task_rows import OPEN, as_task
from callcenter.store.team_rows import teams
from callcenter.store.text import clipped, storable, text_limits
from callcenter.tasks.due import turned
from callcenter.tasks.task import Task, TaskDraft

_LIMITS: Final = text_limits(tasks)


class TaskRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: TaskDraft, *, created_by: int | None, at: datetime) -> int:
        row = {**asdict(draft), "created_by": created_by, "created_at": at, "updated_at": at}
        row["details"] = storable(draft.details)
        task_id = self._connection.scalar(
            tasks.insert().values(clipped(row, _LIMITS)).returning(tasks.c.id)
        )
        assert task_id is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(task_id)

    def get(self, task_id: int) -> Task | None:
        query = select(*task_rows.COLUMNS).where(tasks.c.id == task_id)
        row = self._connection.execute(query).one_or_none()
        return as_task(row) if row is not None else None

    def update(self, task_id: int, values: Mapping[str, Any], *, version: int, at: datetime) -> int:
        row = clipped(dict(values), _LIMITS) | {"updated_at": at, "version": version + 1}
        if "details" in row:
            row["details"] = storable(row["details"])
        changed = self._connection.execute(
            update(tasks).where(tasks.c.id == task_id, tasks.c.version == version).values(row)
        )
        if changed.rowcount == 0:
            if self.get(task_id) is None:
                raise NotFound("task", f"there is no task {task_id}")
            raise Conflict("version", "somebody else changed this task meanwhile; look again")
        return version + 1

    def due_reminders(self, now: datetime, limit: int) -> tuple[Task, ...]:
        query = (
            select(*task_rows.COLUMNS)
            .where(OPEN, tasks.c.reminded_at.is_(None), tasks.c.remind_at <= now)
            .order_by(tasks.c.remind_at)
            .limit(limit)
        )
        return self._all(query)

    def reminded(self, task_ids: Sequence[int], at: datetime) -> None:
        self._connection.execute(
            update(tasks)
            .where(
                among(self._connection, tasks.c.id, task_ids),
                tasks.c.reminded_at.is_(None),
                tasks.c.remind_at <= at,  # put off meanwhile, it is still to come
            )
            .values(reminded_at=at)
        )

    def due_between(self, since: datetime, until: datetime) -> tuple[Task, ...]:
        query = select(*task_rows.COLUMNS).where(
            OPEN, tasks.c.due_at > since, tasks.c.due_at <= until
        )
        return self._all(query)

    def with_new_day(self, since: datetime, now: datetime) -> frozenset[int]:
        people = teams(self._connection).people.values()
        zones = turned([one.time_zone for one in people], since, now)
        return frozenset(one.id for one in people if one.time_zone in zones)

    def callbacks_to(self, numbers: Iterable[str], customer_ids: Iterable[int]) -> tuple[Task, ...]:
        theirs = or_(
            among(self._connection, tasks.c.number, sorted(set(numbers))),
            among(self._connection, tasks.c.customer_id, sorted(set(customer_ids))),
        )
        query = select(*task_rows.COLUMNS).where(
            OPEN, theirs, tasks.c.kind == literal_column("'callback'")
        )
        return self._all(query.order_by(tasks.c.id))

    def counts(self, user_ids: Iterable[int] | None, now: datetime) -> dict[int, dict[str, int]]:
        return task_rows.counts(self._connection, user_ids, now)

    def team_of(self, queue: str) -> frozenset[int]:
        return teams(self._connection).of_queue(queue)

    def queues_of(self, user_id: int) -> frozenset[str]:
        return teams(self._connection).queues_of(user_id)

    def leaders(self) -> frozenset[int]:
        return teams(self._connection).leaders

    def _all(self, query: Any) -> tuple[Task, ...]:
        return tuple(as_task(row) for row in self._connection.execute(query))
