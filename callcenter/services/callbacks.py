"""Use case: a call-back is done when the customer was reached by whoever was to call."""

from __future__ import annotations

from dataclasses import dataclass, replace

from callcenter.calls.record import CallRecord
from callcenter.interactions.interaction import operator_of
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.realtime.payloads import Identified
from callcenter.services.call_rows import WrittenCalls
from callcenter.services.task_news import task_news
from callcenter.tasks.task import Task


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A conversation with somebody outside that is over."""

    record: CallRecord
    who: Identified
    operator_id: int

    @property
    def customer_id(self) -> int | None:
        return self.who.only.id if self.who.only is not None else None

    def answers(self, task: Task) -> bool:
        """The task is this operator's, and older than the answer: one that was opened again
        afterwards, or made in the call itself, stays open."""
        at = self.record.answered_at
        theirs = task.number == self.who.number_e164 or (
            task.customer_id is not None and task.customer_id == self.customer_id
        )
        return (
            theirs
            and task.assignee_id == self.operator_id
            and at is not None
            and (task.updated_at < at)
        )


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Inside the writer's transaction; one look-up where a conversation with outside has ended.

    Whoever was to call may open it again: the same call, told once more, leaves it open then.
    """
    spoken = [
        one
        for call_id, record in written.records.items()
        if (one := _spoken(record, written.identified[call_id], written)) is not None
    ]
    if not spoken:
        return []
    numbers = {one.who.number_e164 for one in spoken}
    customers = {one.customer_id for one in spoken if one.customer_id is not None}
    news: list[Message] = []
    for task in uow.tasks.callbacks_to(numbers, customers):
        reached = next((one for one in spoken if one.answers(task)), None)
        if reached is not None:
            news += _finish(uow, task, reached, clock)
    return news


def _spoken(record: CallRecord, who: Identified, written: WrittenCalls) -> _Spoken | None:
    outside = record.direction in ("inbound", "outbound") and who.number_e164
    if record.live or record.result != "answered" or not outside:
        return None
    operator_id = operator_of(record, written.users_by_endpoint)
    return _Spoken(record, who, operator_id) if operator_id is not None else None


def _finish(uow: UnitOfWork, task: Task, reached: _Spoken, clock: Clock) -> list[Message]:
    values = {
        "state": "done",
        "done_at": clock.now(),
        "done_by": reached.operator_id,
        "result": "reached",
    }
    version = uow.tasks.update(task.id, values, version=task.version, at=clock.now())
    after = replace(task, **values, version=version)  # type: ignore[arg-type]
    return task_news(uow, task, after, clock.now(), closed=True)
