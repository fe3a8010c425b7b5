"""What is to follow from an outcome: a call-back, a task, the next step of a deal.

An outcome that is given anew changes what followed from the one before: the tasks that it asks
for still are moved, those that it does not are cancelled. What was done meanwhile stays done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from callcenter.errors import Invalid
from callcenter.outcomes.choice import LONGEST_TASK, Choice
from callcenter.outcomes.given import Contact
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.sales.deal import DealDraft
from callcenter.services import deals
from callcenter.services.task_news import task_news
from callcenter.services.tasks import add_task
from callcenter.tasks.task import Task, TaskDraft

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose contact it is, who gives it which outcome, and the transaction that this is done in."""

    uow: UnitOfWork
    contact: Contact
    title: str
    user_id: int
    clock: Clock


def follow(
    scene: Scene, choice: Choice, before: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Message]]:
    """What to write down beside the outcome, and what to publish after the commit."""
    wanted = {"callback": _callback(scene, choice), "task": _task(scene, choice)}
    earlier = before.get("tasks") or {}
    tasks, news = {}, []
    for name, draft in wanted.items():
        task_id, told = _settle(scene, earlier.get(name), draft)
        news += told
        if task_id is not None:
            tasks[name] = task_id
    details: dict[str, Any] = {"tasks": tasks} if tasks else {}
    if choice.callback_at is not None:
        details["callback_at"] = choice.callback_at.isoformat()
    if choice.deal_step.strip():
        details["deal_id"] = _step_deal(scene, choice)
        details["deal_step"] = choice.deal_step.strip()
    return details, news


def _callback(scene: Scene, choice: Choice) -> TaskDraft | None:
    if choice.callback_at is None:
        return None
    return TaskDraft(
        kind="callback",
        title=scene.title[:LONGEST_TASK],
        due_at=choice.callback_at,
        remind_at=choice.callback_at,
        details=choice.note.strip(),
        number=scene.contact.number,
        **_whose(scene),
    )


def _task(scene: Scene, choice: Choice) -> TaskDraft | None:
    if not choice.task.strip():
        return None
    due = choice.task_due_at or scene.clock.now() + _A_DAY
    return TaskDraft(title=choice.task.strip(), due_at=due, remind_at=due, **_whose(scene))


def _whose(scene: Scene) -> dict[str, Any]:
    return {
        "customer_id": scene.contact.customer_id,
        "interaction_id": scene.contact.interaction_id,
        "queue": scene.contact.queue,
        "assignee_id": scene.user_id,
    }


def _settle(
    scene: Scene, earlier_id: object, wanted: TaskDraft | None
) -> tuple[int | None, list[Message]]:
    earlier = scene.uow.tasks.get(earlier_id) if isinstance(earlier_id, int) else None
    if earlier is None or not earlier.open:
        if wanted is None:
            return None, []
        return add_task(scene.uow, wanted, created_by=scene.user_id, clock=scene.clock)
    if wanted is None:
        done = {"state": "cancelled", "done_at": scene.clock.now(), "done_by": scene.user_id}
        return None, _change(scene, earlier, done)
    moved = {name: getattr(wanted, name) for name in ("title", "details", "due_at", "remind_at")}
    return earlier.id, _change(scene, earlier, {**moved, "reminded_at": None})


def _change(scene: Scene, task: Task, values: Mapping[str, Any]) -> list[Message]:
    now = scene.clock.now()
    scene.uow.tasks.update(task.id, values, version=task.version, at=now)
    after = scene.uow.tasks.get(task.id)
    return task_news(scene.uow, task, after, now) if after is not None else []


def _step_deal(scene: Scene, choice: Choice) -> int:
    customer_id = scene.contact.customer_id
    if customer_id is None:
        raise Invalid("deal_step", "say first whose call it was: a deal belongs to a customer")
    step = {"next_step": choice.deal_step.strip(), "next_step_on": choice.deal_step_on}
    if choice.deal_id is None:
        draft = DealDraft(
            customer_id=customer_id,
            title=choice.deal_step.strip()[:160],
            currency=choice.deal_currency,
            owner_id=scene.user_id,
            **step,  # type: ignore[arg-type]
        )
        return deals.add_deal(scene.uow, draft, user_id=scene.user_id, clock=scene.clock)
    deal = scene.uow.deals.get(choice.deal_id)
    if deal is None or deal.customer_id != customer_id or deal.state != "open":
        raise Invalid("deal_id", "this is no open deal of this customer; choose another")
    deals.change_deal(scene.uow, deal, step, user_id=scene.user_id, clock=scene.clock)
    return deal.id
