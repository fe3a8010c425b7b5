"""Use cases of chat widgets: make one, change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

from callcenter.chats.widget import Widget, checked, new_key
from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork

UowFactory = Callable[[], UnitOfWork]


def create(widget: Widget, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> str:
    """The key it got."""
    new = replace(checked(widget), key=new_key())
    with unit_of_work() as uow:
        _queue_of(uow, new)
        uow.chats.save_widget(new)
        _audit(uow, new, user_id, clock, "chat_widget_created")
        uow.commit()
    return new.key


def change(widget: Widget, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    after = checked(widget)
    with unit_of_work() as uow:
        before = uow.chats.widget(after.key)
        if before is None:
            raise NotFound("widget", "there is no such widget")
        if after == before:
            return
        _queue_of(uow, after)
        uow.chats.save_widget(after)
        _audit(uow, after, user_id, clock, "chat_widget_changed")
        uow.commit()


def _queue_of(uow: UnitOfWork, widget: Widget) -> None:
    if widget.queue and widget.queue not in uow.staffing.queues():
        raise Invalid("queue", f"there is no queue {widget.queue}")


def _audit(uow: UnitOfWork, widget: Widget, user_id: int, clock: Clock, action: str) -> None:
    detail = asdict(widget)
    del detail["key"]
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="chat_widget",
        object_id=widget.key,
        at=clock.now(),
        detail=detail,
    )
