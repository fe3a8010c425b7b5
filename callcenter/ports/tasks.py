"""Tasks, and what concerns whom of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.tasks.task import Task, TaskDraft


class Tasks(Protocol):
    def add(self, draft: TaskDraft, *, created_by: int | None, at: datetime) -> int: ...

    def get(self, task_id: int) -> Task | None: ...

    def update(self, task_id: int, values: Mapping[str, Any], *, version: int, at: datetime) -> int:
        """Returns the new version. Conflict if `version` is not the stored one any more."""
        ...

    def due_reminders(self, now: datetime, limit: int) -> tuple[Task, ...]:
        """Open tasks of which people wanted to be reminded by now, and have not been."""
        ...

    def reminded(self, task_ids: Sequence[int], at: datetime) -> None: ...

    def due_between(self, since: datetime, until: datetime) -> tuple[Task, ...]:
        """Open tasks that have become overdue after `since` and up to `until`."""
        ...

    def with_new_day(self, since: datetime, now: datetime) -> frozenset[int]:
        """Those for whom it was another day at `since`."""
        ...

    def callbacks_to(self, numbers: Iterable[str], customer_ids: Iterable[int]) -> tuple[Task, ...]:
        """Open call-backs to any of these numbers or customers."""
        ...

    def counts(self, user_ids: Iterable[int] | None, now: datetime) -> dict[int, dict[str, int]]:
        """User → how much waits for them (tasks_due, tasks_overdue, missed_open, unread), whole;
        None: of everybody who is active."""
        ...

    def team_of(self, queue: str) -> frozenset[int]:
        """Who works in a queue: those with its skill; everybody, where nobody has it."""
        ...

    def queues_of(self, user_id: int) -> frozenset[str]:
        """The queues that somebody works in."""
        ...

    def leaders(self) -> frozenset[int]:
        """Supervisors and administrators."""
        ...
