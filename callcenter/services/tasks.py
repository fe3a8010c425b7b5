"""Use cases around tasks: give one, change it, do it, put it off; remind of it in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from callcenter.accounts.user import User
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.history.change import Actor
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services import history, rights
from callcenter.services.task_news import concerned, counts_news, reminder_news, task_news
from callcenter.tasks.task import (
    KINDS,
    LONGEST_DETAILS,
    LONGEST_RESULT,
    LONGEST_TITLE,
    Task,
    TaskDraft,
    may_change,
    reminder_payload,
)

UowFactory = Callable[[], UnitOfWork]
_LEADERS = ("supervisor", "admin")
_FURTHEST = timedelta(days=366 * 10)
_CHANGEABLE = frozenset(field.name for field in fields(TaskDraft))
_LENGTHS = {"title": LONGEST_TITLE, "details": LONGEST_DETAILS, "queue": 80}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every use case of tasks needs besides its own input."""

    unit_of_work: UowFactory
    publisher: Publisher
    clock: Clock
    plan: NumberPlan


def add_task(
    uow: UnitOfWork,
    draft: TaskDraft,
    *,
    created_by: int | None,
    clock: Clock,
    plan: NumberPlan | None = None,
) -> tuple[int, list[Message]]:
    """A new task inside the caller's transaction: its id, and what to publish after the commit.

    `plan` is needed where the number is as somebody typed it; an E.164 one needs none.
    """
    values = _cleaned(uow, {name: getattr(draft, name) for name in _CHANGEABLE}, clock, plan)
    clean = TaskDraft(**values)
    task_id = uow.tasks.add(clean, created_by=created_by, at=clock.now())
    actor: Actor = "rule" if created_by is None else "user"
    history.record_created(uow, clock, [("task", task_id, None)], user_id=created_by, actor=actor)
    _audit(uow, clock, created_by, "task_created", task_id)
    return task_id, task_news(uow, None, _existing(uow, task_id), clock.now())


def create_task(draft: TaskDraft, *, user_id: int, desk: Desk) -> int:
    with desk.unit_of_work() as uow:
        rights.require(uow, user_id, "task", "create")
        _check_reach(uow, user_id, draft.customer_id)
        task_id, news = add_task(uow, draft, created_by=user_id, clock=desk.clock, plan=desk.plan)
        uow.commit()
    desk.publisher.publish(news)
    return task_id


def _check_reach(uow: UnitOfWork, user_id: int, customer_id: int | None) -> None:
    """For whom a task is given exists for whoever gives it."""
    if customer_id is not None and not rights.sees(uow, user_id, "customer", customer_id):
        raise Invalid("customer_id", f"there is no customer {customer_id}")


def update_task(
    task_id: int, changes: Mapping[str, Any], *, version: int, user_id: int, desk: Desk
) -> int:
    """Change what is named, assignee and dates included. The new version."""
    unknown = sorted(set(changes) - _CHANGEABLE)
    if unknown:
        raise Invalid(unknown[0], "is not a field of a task")
    with desk.unit_of_work() as uow:
        before = _mine_to_change(uow, task_id, user_id)
        _check_reach(uow, user_id, changes.get("customer_id"))
        values = _cleaned(uow, changes, desk.clock, desk.plan)
        if values.get("remind_at", before.remind_at) != before.remind_at:
            values["reminded_at"] = None
        with history.recorded(uow, desk.clock, "task", task_id, user_id=user_id):
            new_version, news = _write(uow, before, values, version, desk.clock)
        _audit(uow, desk.clock, user_id, "task_changed", task_id, changed=sorted(changes))
        uow.commit()
    desk.publisher.publish(news)
    return new_version


def finish_task(
    task_id: int,
    *,
    user_id: int,
    desk: Desk,
    version: int | None = None,
    result: str = "",
    cancelled: bool = False,
) -> int:
    """It is done, or needs not be done any more. Doing it twice is doing it once."""
    if len(result) > LONGEST_RESULT:
        raise Invalid("result", f"must have at most {LONGEST_RESULT} characters")
    with desk.unit_of_work() as uow:
        before = _mine_to_change(uow, task_id, user_id)
        state = "cancelled" if cancelled else "done"
        if before.state == state:
            return before.version
        values = {
            "state": state,
            "done_at": desk.clock.now(),
            "done_by": user_id,
            "result": result.strip(),
        }
        with history.recorded(uow, desk.clock, "task", task_id, user_id=user_id):
            new_version, news = _write(uow, before, values, version, desk.clock)
        _audit(uow, desk.clock, user_id, f"task_{state}", task_id)
        uow.commit()
    desk.publisher.publish(news)
    return new_version


def reopen_task(task_id: int, *, user_id: int, desk: Desk, version: int | None = None) -> int:
    with desk.unit_of_work() as uow:
        before = _mine_to_change(uow, task_id, user_id)
        if before.open:
            return before.version
        values: dict[str, Any] = {"state": "open", "done_at": None, "done_by": None, "result": ""}
        if before.reminded_at is not None:  # told once, and dealt with: it does not ring again
            values |= {"remind_at": None, "reminded_at": None}
        with history.recorded(uow, desk.clock, "task", task_id, user_id=user_id):
            new_version, news = _write(uow, before, values, version, desk.clock)
        _audit(uow, desk.clock, user_id, "task_reopened", task_id)
        uow.commit()
    desk.publisher.publish(news)
    return new_version


def postpone_task(
    task_id: int, until: datetime, *, user_id: int, desk: Desk, version: int | None = None
) -> int:
    """Due later; whoever wanted to be reminded before will be, as long before."""
    with desk.unit_of_work() as uow:
        before = _mine_to_change(uow, task_id, user_id)
        if not before.open:
            raise Invalid("state", "this task is not open any more")
        ahead = before.due_at - before.remind_at if before.remind_at else None
        values = _cleaned(uow, {"due_at": until}, desk.clock, desk.plan)
        if ahead is not None:
            values |= {"remind_at": until - max(ahead, timedelta()), "reminded_at": None}
        with history.recorded(uow, desk.clock, "task", task_id, user_id=user_id):
            new_version, news = _write(uow, before, values, version, desk.clock)
        uow.commit()
    desk.publisher.publish(news)
    return new_version


def put_off_reminder(task_id: int, minutes: int, *, user_id: int, desk: Desk) -> None:
    """Remind again in so many minutes; 0: not again. It leaves every screen it stands on."""
    if not 0 <= minutes <= 24 * 60:
        raise Invalid("minutes", "must be 0 to 1440")
    with desk.unit_of_work() as uow:
        before = _mine_to_change(uow, task_id, user_id)
        again = desk.clock.now() + timedelta(minutes=minutes) if minutes else None
        values = {"remind_at": again, "reminded_at": None}
        with history.recorded(uow, desk.clock, "task", task_id, user_id=user_id):
            _, news = _write(uow, before, values, None, desk.clock)
        uow.commit()
    desk.publisher.publish(news)


def remind(
    *, unit_of_work: UowFactory, publisher: Publisher, clock: Clock, limit: int = 200
) -> int:
    """Tell everybody whose reminder has come. Returns how many tasks it were.

    Sent first and marked after: a process killed in between sends them once more, and a reminder
    that stands on a screen already stays one.
    """
    with unit_of_work() as uow:
        due = uow.tasks.due_reminders(clock.now(), limit)
        if not due:
            return 0
        for task in due:
            publisher.publish(reminder_news(concerned(uow, task), reminder_payload(task)))
        uow.tasks.reminded([task.id for task in due], clock.now())
        uow.commit()
    return len(due)


def tell_time(
    since: datetime, *, unit_of_work: UowFactory, publisher: Publisher, clock: Clock
) -> None:
    """What time alone has changed since then: tasks that are overdue now, a new day somewhere."""
    now = clock.now()
    with unit_of_work() as uow:
        users = {one.assignee_id for one in uow.tasks.due_between(since, now)} - {None}
        users |= uow.tasks.with_new_day(since, now)
        news = counts_news(uow, filter(None, users), now) if users else []
        uow.commit()
    publisher.publish(news)


def _write(
    uow: UnitOfWork,
    before: Task,
    values: Mapping[str, Any],
    version: int | None,
    clock: Clock,
    *,
    closed: bool = False,
) -> tuple[int, list[Message]]:
    new_version = uow.tasks.update(
        before.id, values, version=before.version if version is None else version, at=clock.now()
    )
    after = replace(before, **values, version=new_version, updated_at=clock.now())
    return new_version, task_news(uow, before, after, clock.now(), closed)


def _mine_to_change(uow: UnitOfWork, task_id: int, user_id: int) -> Task:
    task, user = _existing(uow, task_id), uow.users.get(user_id)
    leads = user is not None and user.role in _LEADERS
    team = bool(task.queue) and user_id in uow.tasks.team_of(task.queue)
    if not may_change(task, user_id, leads=leads, team=team):
        raise Forbidden("task", "this task is somebody else's")
    return task


def _existing(uow: UnitOfWork, task_id: int) -> Task:
    found = uow.tasks.get(task_id)
    if found is None:
        raise NotFound("task", f"there is no task {task_id}")
    return found


def _cleaned(
    uow: UnitOfWork, values: Mapping[str, Any], clock: Clock, plan: NumberPlan | None
) -> dict[str, Any]:
    clean: dict[str, Any] = {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}
    if "title" in clean and not clean["title"]:
        raise Invalid("title", "say what is to be done")
    for field, longest in _LENGTHS.items():
        if len(clean.get(field) or "") > longest:
            raise Invalid(field, f"must have at most {longest} characters")
    if clean.get("kind", "task") not in KINDS:
        raise Invalid("kind", f"must be one of {', '.join(KINDS)}")
    _check_times(clean, clock)
    if clean.get("number"):
        clean["number"] = _e164(clean["number"], plan)
    _check_people(uow, clean)
    return clean


def _check_times(values: Mapping[str, Any], clock: Clock) -> None:
    for field in ("due_at", "remind_at"):
        moment = values.get(field)
        if moment is not None and abs(moment - clock.now()) > _FURTHEST:
            raise Invalid(field, "is too far away")


def _e164(number: str, plan: NumberPlan | None) -> str:
    parsed = parse_number(number, plan or NumberPlan(), internal_allowed=False)
    if not parsed.e164:
        raise Invalid("number", "is not a telephone number we can read")
    return parsed.e164


def _check_people(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    assignee = values.get("assignee_id")
    if assignee is not None:
        user: User | None = uow.users.get(assignee)
        if user is None or not user.active:
            raise Invalid("assignee_id", f"there is no user {assignee}")
    customer = values.get("customer_id")
    if customer is not None and uow.customers.get(customer) is None:
        raise Invalid("customer_id", f"there is no customer {customer}")
    interaction = values.get("interaction_id")
    if interaction is not None and uow.interactions.get(interaction) is None:
        raise Invalid("interaction_id", f"there is no interaction {interaction}")


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    task_id: int,
    *,
    changed: Sequence[str] = (),
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="task",
        object_id=str(task_id),
        at=clock.now(),
        detail={"fields": list(changed)} if changed else {},
    )
