"""The payload of a conversation: one shape for the message that tells of it and for the snapshot.
Pure."""

from __future__ import annotations

from typing import Any

from callcenter.channels.conversation import Conversation
from callcenter.chats.visitor import name_of
from callcenter.customers.customer import CustomerBrief
from callcenter.realtime.payloads import iso


def conversation_payload(
    conversation: Conversation, customer: CustomerBrief | None
) -> dict[str, Any]:
    chat = conversation.channel == "chat"
    return {
        "id": conversation.id,
        "interaction_id": conversation.interaction_id,
        "channel": conversation.channel,
        "customer": customer.payload() if customer is not None else None,
        "address": "" if chat else conversation.address,
        "visitor": name_of(conversation.visitor, conversation.address) if chat else "",
        "handed_by": str(conversation.visitor.get("handed_by", "")),
        "subject": conversation.subject,
        "state": conversation.state,
        "queue": conversation.queue,
        "assigned_to": conversation.assigned_to,
        "offered_to": conversation.offered_to,
        "offered_at": iso(conversation.offered_at),
        "opened_at": iso(conversation.opened_at),
        "unread": conversation.unread,
        "last_text": conversation.last_text,
        "last_message_at": iso(conversation.last_message_at),
        "version": conversation.version,
    }
