"""What screens hear of conversations: the one that changed, and how many wait for whom.

Publishes nothing itself: whoever writes sends these after the commit.
"""

from __future__ import annotations

from typing import Any

from callcenter.channels.conversation import Conversation
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.conversation_payload import conversation_payload
from callcenter.realtime.messages import Audience, Message
from callcenter.services.task_news import counts_news


def concerned(uow: UnitOfWork, conversation: Conversation) -> frozenset[int]:
    """Whose business it is: whoever has it or is asked to take it; while nobody has it, its
    team's, and the supervisors' where it has none."""
    if conversation.state == "offered" and conversation.offered_to is not None:
        return frozenset((conversation.offered_to,))
    if conversation.assigned_to is not None:
        return frozenset((conversation.assigned_to,))
    return uow.tasks.team_of(conversation.queue) | uow.tasks.leaders()


def news_of(
    uow: UnitOfWork,
    before: Conversation | None,
    after: Conversation,
    clock: Clock,
    event: str = "changed",
) -> list[Message]:
    """For everybody whom it concerned or concerns: the conversation, and their figures. `event`:
    what happened (message, taken, closed …)."""
    users = concerned(uow, after)
    if before is not None:
        users |= concerned(uow, before)
    payload = {"type": "conversation", "event": event, "conversation": payload_of(uow, after)}
    told = Message(kind="message", audience=Audience(users=tuple(sorted(users))), payload=payload)
    return [told, *_left(before, after), *counts_news(uow, users, clock.now())]


def _left(before: Conversation | None, after: Conversation) -> list[Message]:
    """A chat leaves the screens of those whose it was, whatever they may know of it now."""
    if after.channel != "chat" or before is None:
        return []
    gone = {before.assigned_to, before.offered_to} - {after.assigned_to, after.offered_to, None}
    users = tuple(sorted(one for one in gone if one is not None))
    if not users:
        return []
    payload = {"type": "chat_gone", "id": after.id}
    return [Message(kind="message", audience=Audience(users=users), payload=payload)]


def payload_of(uow: UnitOfWork, conversation: Conversation) -> dict[str, Any]:
    customer = None
    if conversation.customer_id is not None:
        customer = uow.customers.briefs([conversation.customer_id]).get(conversation.customer_id)
    return conversation_payload(conversation, customer)
