"""Tasks as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AliasPath, Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, Phone, RequestModel, Text, Time
from web.api.shapes.customers import CustomerBrief
from web.api.shapes.people import UserRef

Kind = Literal["task", "callback"]
State = Literal["open", "done", "cancelled"]
Title = Annotated[Text, StringConstraints(min_length=1, max_length=160)]
Details = Annotated[Text, StringConstraints(max_length=10_000)]
Queue = Annotated[Text, StringConstraints(max_length=80)]
Result = Annotated[Text, StringConstraints(max_length=255)]


def _of(name: str, description: str = "") -> Any:
    return Field(validation_alias=AliasPath("task", name), description=description or None)


class Task(AnswerModel):
    """Something to be done; a `callback` is a call to `number` or to the customer."""

    id: int
    version: int = _of("version", "Also the ETag; a PATCH must name the version it changes.")
    kind: Kind = _of("kind")
    title: str = _of("title")
    details: str = _of("details")
    customer: CustomerBrief | None
    interaction_id: int | None = _of("interaction_id", "The contact that it came from.")
    number: str = _of("number", "E.164, or empty.")
    assignee: UserRef | None = Field(description="Nobody: whoever of the queue's team takes it.")
    queue: str = _of("queue")
    due_at: datetime = _of("due_at")
    remind_at: datetime | None = _of("remind_at")
    state: State = _of("state")
    done_at: datetime | None = _of("done_at")
    done_by: UserRef | None = Field(validation_alias="doer")
    result: str = _of("result", "`reached`: a call-back that a conversation closed by itself.")
    created_at: datetime = _of("created_at")
    updated_at: datetime = _of("updated_at")


class TaskPage(AnswerModel):
    items: list[Task]
    next_cursor: str | None = None


class _TaskFields(RequestModel):
    kind: Kind = "task"
    details: Details = ""
    customer_id: Id | None = None
    interaction_id: Id | None = None
    number: Phone = Field(default="", description="Any spelling; it is kept as E.164.")
    assignee_id: Id | None = None
    queue: Queue = ""
    remind_at: Time | None = None


class TaskNew(_TaskFields):
    title: Title
    due_at: Time


class TaskPatch(_TaskFields):
    """Only what is named changes. `state` finishes a task (with `result`) or opens it again."""

    title: Title | None = Field(default=None, description="May be left out, but not be null.")
    due_at: Time | None = Field(default=None, description="May be left out, but not be null.")
    state: State | None = None
    result: Result = ""
    version: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="Instead of the If-Match header."
    )


class TaskQuery(PageQuery):
    scope: Literal["mine", "team", "all"] | None = Field(
        default=None,
        description="Yours, your queues', or (supervisors) everybody's. Without it, supervisors "
        "are given all, operators theirs.",
    )
    when: Literal["open", "today", "overdue", "done"] = "open"
    kind: Kind | None = None
    queue: Queue | None = None
    customer_id: Id | None = None
    assignee_id: Id | None = None
    due_since: Time | None = None
    due_until: Time | None = None


class TaskPath(RequestModel):
    task_id: Id
