"""A task as plain values: what is to be done, by whom, until when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

TaskKind = Literal["task", "callback"]
TaskState = Literal["open", "done", "cancelled"]
KINDS: tuple[TaskKind, ...] = ("task", "callback")
STATES: tuple[TaskState, ...] = ("open", "done", "cancelled")
LONGEST_TITLE = 160
LONGEST_DETAILS = 10_000
LONGEST_RESULT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """What somebody wants done. Without an assignee it is the team's of its queue."""

    title: str
    due_at: datetime
    kind: TaskKind = "task"
    details: str = ""
    customer_id: int | None = None
    interaction_id: int | None = None
    number: str = ""
    """E.164, or empty."""
    assignee_id: int | None = None
    queue: str = ""
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    id: int
    kind: TaskKind
    title: str
    details: str
    customer_id: int | None
    interaction_id: int | None
    number: str
    assignee_id: int | None
    queue: str
    due_at: datetime
    remind_at: datetime | None
    reminded_at: datetime | None
    state: TaskState
    done_at: datetime | None
    done_by: int | None
    result: str
    created_by: int | None
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def open(self) -> bool:
        return self.state == "open"

    @property
    def reminding(self) -> bool:
        """Its reminder stands on the screens: told, and neither put off nor dealt with."""
        return self.open and self.reminded_at is not None


def may_change(task: Task, user_id: int, *, leads: bool, team: bool) -> bool:
    """`team`: the task's queue is one of the user's. Who asked for it may change it as well."""
    nobodys = task.assignee_id is None and (team or not task.queue)
    return leads or user_id in (task.assignee_id, task.created_by) or nobodys


def may_read(task: Task, user_id: int, *, leads: bool, team: bool) -> bool:
    """What stands on a customer's card is for everybody who works with the card."""
    known = task.customer_id is not None or (team and bool(task.queue))
    return known or may_change(task, user_id, leads=leads, team=team)


def reminder_payload(task: Task) -> dict[str, Any]:
    """What a reminder on the screen needs: the same for the message and for the snapshot."""
    return {
        **summary(task),
        "kind": task.kind,
        "customer_id": task.customer_id,
        "number": task.number,
        "assignee_id": task.assignee_id,
        "queue": task.queue,
        "due_at": task.due_at.isoformat(),
        "remind_at": task.remind_at.isoformat() if task.remind_at else None,
    }


def summary(task: Task) -> dict[str, Any]:
    return {"id": task.id, "title": task.title, "version": task.version}
