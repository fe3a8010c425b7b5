"""Tasks as lists, calendars and cards show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, or_, select, tuple_

from callcenter.customers.customer import CustomerBrief
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import tasks_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows, task_rows
from callcenter.store.tables import tasks, users
from callcenter.store.task_rows import OPEN
from callcenter.store.team_rows import teams
from callcenter.tasks.task import Task, TaskKind

Scope = Literal["mine", "team", "all"]
When = Literal["open", "today", "overdue", "done"]
_ASSIGNEE = users.alias("assignees")
_DOER = users.alias("doers")
_MOST_IN_CALENDAR = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    task: Task
    customer: CustomerBrief | None
    assignee: UserRef | None
    doer: UserRef | None

    @property
    def id(self) -> int:
        return self.task.id


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilters:
    """`scope` and `user_id` say whose; `day_ends` is the end of the asker's day. None asks
    nothing."""

    user_id: int
    viewer: Viewer = EVERYTHING
    scope: Scope = "mine"
    when: When = "open"
    now: datetime
    day_ends: datetime
    kind: TaskKind | None = None
    queue: str | None = None
    assignee_id: int | None = None
    customer_id: int | None = None
    due_since: datetime | None = None
    due_until: datetime | None = None


def page(
    connection: Connection,
    filters: TaskFilters,
    cursor: str | None,
    limit: int,
    today: date | None = None,
) -> Page[TaskView]:
    """What is open by when it is due, what is done the newest first."""
    limit = bounded(limit)
    query = _all().where(*_conditions(connection, filters)).limit(limit + 1)
    if filters.when == "done":
        query = query.order_by(tasks.c.id.desc())
        if cursor:
            query = query.where(tasks.c.id < decode_cursor(cursor, int)[0])
    else:
        query = query.order_by(tasks.c.due_at, tasks.c.id)
        if cursor:
            key = tuple_(tasks.c.due_at, tasks.c.id)
            query = query.where(key > decode_cursor(cursor, datetime, int))
    found = _views(connection, query, today)
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1].task
    done = filters.when == "done"
    return Page(
        found[:limit], encode_cursor(last.id) if done else encode_cursor(last.due_at, last.id)
    )


def get(connection: Connection, task_id: int, today: date | None = None) -> TaskView | None:
    found = _views(connection, _all().where(tasks.c.id == task_id), today)
    return found[0] if found else None


def of_customer(
    connection: Connection,
    customer_id: int,
    limit: int = 10,
    today: date | None = None,
    *,
    viewer: Viewer = EVERYTHING,
) -> tuple[TaskView, ...]:
    """What is open for one customer, whoever has it: for their card."""
    query = _all().where(OPEN, tasks.c.customer_id == customer_id, *tasks_seen_by(viewer))
    return _views(connection, query.order_by(tasks.c.due_at, tasks.c.id).limit(limit), today)


def between(
    connection: Connection, filters: TaskFilters, today: date | None = None
) -> tuple[TaskView, ...]:
    """All of a calendar's days, in order."""
    query = _all().where(*_conditions(connection, filters)).limit(_MOST_IN_CALENDAR)
    return _views(connection, query.order_by(tasks.c.due_at, tasks.c.id), today)


def is_of_team(connection: Connection, queue: str, user_id: int) -> bool:
    return bool(queue) and user_id in teams(connection).of_queue(queue)


def queues(connection: Connection) -> tuple[str, ...]:
    """Names that a task may be given to."""
    return tuple(sorted(teams(connection).skills))


def _all() -> Select[Any]:
    return select(
        *task_rows.COLUMNS,
        _ASSIGNEE.c.display_name.label("assignee_name"),
        _DOER.c.display_name.label("doer_name"),
    ).select_from(
        tasks.outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == tasks.c.assignee_id).outerjoin(
            _DOER, _DOER.c.id == tasks.c.done_by
        )
    )


def _conditions(connection: Connection, filters: TaskFilters) -> list[ColumnElement[bool]]:
    conditions = [tasks.c.state != "open" if filters.when == "done" else OPEN]
    if filters.when == "overdue":
        conditions.append(tasks.c.due_at <= filters.now)
    if filters.when == "today":
        conditions += [tasks.c.due_at > filters.now, tasks.c.due_at < filters.day_ends]
    equal = (
        (tasks.c.kind, filters.kind),
        (tasks.c.queue, filters.queue),
        (tasks.c.assignee_id, filters.assignee_id),
        (tasks.c.customer_id, filters.customer_id),
    )
    conditions += [column == value for column, value in equal if value is not None]
    if filters.due_since is not None:
        conditions.append(tasks.c.due_at >= filters.due_since)
    if filters.due_until is not None:
        conditions.append(tasks.c.due_at < filters.due_until)
    return [*conditions, *_whose(connection, filters), *tasks_seen_by(filters.viewer)]


def _whose(connection: Connection, filters: TaskFilters) -> list[ColumnElement[bool]]:
    if filters.scope == "all":
        return []
    if filters.scope == "mine":
        return [tasks.c.assignee_id == filters.user_id]
    known: Sequence[str] = sorted(teams(connection).queues_of(filters.user_id))
    return [or_(tasks.c.queue.in_(known), tasks.c.assignee_id == filters.user_id)]


def _views(connection: Connection, query: Select[Any], today: date | None) -> tuple[TaskView, ...]:
    rows = connection.execute(query).all()
    ids = {row.customer_id for row in rows if row.customer_id is not None}
    people = customer_rows.briefs(connection, ids, today or datetime.now(UTC).date()) if ids else {}
    return tuple(
        TaskView(
            task=task_rows.as_task(row),
            customer=people.get(row.customer_id),
            assignee=_ref(row.assignee_id, row.assignee_name),
            doer=_ref(row.done_by, row.doer_name),
        )
        for row in rows
    )


def _ref(user_id: int | None, name: str | None) -> UserRef | None:
    return UserRef(id=user_id, display_name=name or "") if user_id is not None else None
