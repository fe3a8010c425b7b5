"""What is left to do when nobody answered a chat and its visitor can be reached: a task of the
queue's team, which stands among what is to be done like the call-back of a missed call."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from callcenter.channels.conversation import Conversation
from callcenter.chats.visitor import name_of
from callcenter.customers.phone import parse_number
from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services.conversations import Room
from callcenter.services.tasks import add_task
from callcenter.tasks.task import LONGEST_TITLE, TaskDraft

_DEFAULT: Final = timedelta(minutes=60)


def answer_later(uow: UnitOfWork, chat: Conversation, room: Room) -> list[Message]:
    """In the caller's transaction."""
    phone = str(chat.visitor.get("phone", ""))
    number = parse_number(phone, room.plan, internal_allowed=False).e164
    settings = uow.staffing.queues().get(chat.queue)
    within = timedelta(minutes=settings.return_minutes) if settings is not None else _DEFAULT
    who = name_of(chat.visitor, chat.address)
    told = [phone if not number else "", str(chat.visitor.get("email", "")), chat.last_text]
    draft = TaskDraft(
        title=f"Chat: {who}"[:LONGEST_TITLE],
        kind="callback" if number else "task",
        details="\n".join(one for one in told if one),
        due_at=room.clock.now() + within,
        customer_id=chat.customer_id,
        interaction_id=chat.interaction_id,
        number=number,
        queue=chat.queue,
    )
    _task_id, news = add_task(uow, draft, created_by=None, clock=room.clock, plan=room.plan)
    return news
