"""What screens hear of conversations: the one that changed, and how many wait for whom.

Publishes nothing itself: whoever writes sends these after the commit.
"""

from __future__ import annotations

from typing import Any

from callcenter.channels.conversation import Conversation
from callcenter.ports import Clock, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import iso
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
    return [told, *counts_news(uow, users, clock.now())]


def payload_of(uow: UnitOfWork, conversation: Conversation) -> dict[str, Any]:
    customer = None
    if conversation.customer_id is not None:
        customer = uow.customers.briefs([conversation.customer_id]).get(conversation.customer_id)
    return {
        "id": conversation.id,
        "interaction_id": conversation.interaction_id,
        "channel": conversation.channel,
        "customer": customer.payload() if customer is not None else None,
        "address": conversation.address if conversation.channel != "chat" else "",
        "subject": conversation.subject,
        "state": conversation.state,
        "queue": conversation.queue,
        "assigned_to": conversation.assigned_to,
        "offered_to": conversation.offered_to,
        "unread": conversation.unread,
        "last_text": conversation.last_text,
        "last_message_at": iso(conversation.last_message_at),
    }
