"""What closes a mail, and what fills the gaps of texts to answer with."""

from __future__ import annotations

from callcenter.channels.conversation import Conversation
from callcenter.channels.template import filled, offered
from callcenter.ports import UnitOfWork


def signed(uow: UnitOfWork, conversation: Conversation, text: str, user_id: int) -> str:
    """With the signature of its queue, else that of all; without one, the operator's name."""
    values = values_of(uow, conversation, user_id)
    own = [
        one
        for one in uow.reply_templates.all("signature")
        if offered(one, conversation.channel, conversation.queue)
    ]
    best = max(own, key=lambda one: (bool(one.queue), bool(one.channel)), default=None)
    signature = filled(best.text, values) if best is not None else values["operator.name"]
    return f"{text}\n\n-- \n{signature.strip()}" if signature.strip() else text


def values_of(uow: UnitOfWork, conversation: Conversation, user_id: int) -> dict[str, str]:
    """What stands in each placeholder."""
    user = uow.users.get(user_id)
    customer_id = conversation.customer_id
    brief = uow.customers.briefs([customer_id]).get(customer_id) if customer_id else None
    queue = uow.staffing.queues().get(conversation.queue)
    name = brief.display_name if brief is not None else ""
    given, _, family = name.rpartition(" ")
    return {
        "customer.name": name,
        "customer.given_name": given or name,
        "customer.family_name": family if given else "",
        "customer.organization": brief.organization if brief is not None else "",
        "operator.name": user.display_name if user is not None else "",
        "conversation.subject": conversation.subject,
        "conversation.number": str(conversation.id),
        "queue.title": queue.title if queue is not None else conversation.queue,
    }
