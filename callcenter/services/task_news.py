"""What screens hear of tasks and of what waits: whole figures for each person, reminders.

Publishes nothing itself: whoever writes sends these after the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.tasks.task import Task, reminder_payload, summary


def concerned(uow: UnitOfWork, task: Task) -> frozenset[int]:
    """Whose business a task is: its assignee's; its team's while nobody has it; the supervisors'
    when it has no team either."""
    if task.assignee_id is not None:
        return frozenset((task.assignee_id,))
    return uow.tasks.team_of(task.queue) if task.queue else uow.tasks.leaders()


def counts_news(
    uow: UnitOfWork,
    user_ids: Iterable[int] | None,
    now: datetime,
    also: Mapping[str, Any] | None = None,
) -> list[Message]:
    """The figures of these people (None: of everybody), one message for all who have the same."""
    alike: dict[tuple[tuple[str, int], ...], list[int]] = {}
    for user_id, counts in uow.tasks.counts(user_ids, now).items():
        alike.setdefault(tuple(counts.items()), []).append(user_id)
    return [
        Message(
            kind="task",
            audience=Audience(users=tuple(users)),
            payload={"counts": dict(counts), "reminder": None, **(also or {})},
        )
        for counts, users in alike.items()
    ]


def task_news(
    uow: UnitOfWork, before: Task | None, after: Task, now: datetime, closed: bool = False
) -> list[Message]:
    """A task changed: figures for whom it concerned and whom it concerns; a reminder that stood on
    screens and is dealt with leaves them. `closed`: it was done by itself, which is told."""
    old = concerned(uow, before) if before is not None else frozenset()
    new = concerned(uow, after)
    also: dict[str, Any] = {"closed": summary(after)} if closed else {}
    news = counts_news(uow, old | new, now, also)
    if before is not None and before.reminding:
        stays = new if after.reminding else frozenset[int]()
        news += reminder_news(old - stays, {"id": before.id, "gone": True})
        news += reminder_news(stays, reminder_payload(after) if stays else {})
    return news


def reminder_news(users: Iterable[int], payload: Mapping[str, Any]) -> list[Message]:
    audience = Audience(users=tuple(sorted(users)))
    if not audience.users:
        return []
    return [Message(kind="task", audience=audience, payload={"reminder": dict(payload)})]
