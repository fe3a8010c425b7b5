"""A message that came in: its conversation found or begun, its customer found by the address it
came from, exactly one interaction. Shared by mail, short messages and chat; runs inside its
caller's transaction, commits and publishes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from callcenter.channels.addresses import match_address
from callcenter.channels.contact import Contact
from callcenter.channels.conversation import Conversation, heard, received, takes_in
from callcenter.channels.figures import figures_of
from callcenter.channels.incoming import Incoming
from callcenter.channels.message import LONGEST, Message
from callcenter.customers.contacts import contact_key
from callcenter.customers.matching import match_number
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.errors import Conflict
from callcenter.interactions.interaction import MatchKind
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.trade import Contact as Met
from callcenter.services.chat_identity import owners_of
from callcenter.services.erased import erased_keys, message_key, number_key, point_key
from callcenter.services.figures import met


@dataclass(frozen=True, slots=True)
class TakenIn:
    """`before`: the conversation as it was; None: it began with this message."""

    message_id: int
    before: Conversation | None
    conversation: Conversation


def take_in(
    uow: UnitOfWork, incoming: Incoming, *, clock: Clock, plan: NumberPlan
) -> TakenIn | None:
    """None: this message was taken in before, or is of somebody who was erased since. Conflict: it
    is being taken in elsewhere at this moment; trying again finds it."""
    if incoming.external_id and uow.messages.by_external(incoming.external_id) is not None:
        return None
    if _is_erased(uow, incoming):
        return None
    found, how = _conversation_of(uow, incoming)
    before = found
    if found is None:
        found = _begin(uow, incoming, how, clock, plan)
    message_id = uow.messages.add(_message(incoming, found.id))
    if message_id is None:  # another reader of the same mailbox was first
        if before is None:  # and nothing may be left of what was begun for it here
            raise Conflict("", "this message was taken in just now")
        return None
    step = heard if incoming.automatic and before is not None else received
    after = step(found, incoming.at, incoming.text or incoming.subject)
    saved = uow.conversations.save(after, figures_of(after))
    if saved.customer_id is not None:
        met(uow, [Met(customer_id=saved.customer_id, at=incoming.at, spoken=False)])
    tell_message(uow, "message.received", message_id, saved, clock.now())
    return TakenIn(message_id, before, saved)


def _is_erased(uow: UnitOfWork, incoming: Incoming) -> bool:
    """A mailbox read again brings nobody back, whenever its mails are said to have come. What they
    write later is a new contact."""
    if incoming.channel not in ("email", "sms"):
        return False
    if incoming.external_id and erased_keys(uow, [message_key(incoming.external_id)]):
        return True
    key = (
        point_key("email", contact_key("email", incoming.address))
        if incoming.channel == "email"
        else number_key(incoming.address)
    )
    return bool(erased_keys(uow, [key], incoming.at))


def _conversation_of(
    uow: UnitOfWork, incoming: Incoming
) -> tuple[Conversation | None, dict[str, Any]]:
    """The conversation a message goes on with, and how that was found."""
    found, by = uow.conversations.with_messages(incoming.names), "names a message of it"
    if found is None and incoming.thread_key:
        found, by = uow.conversations.of_thread(incoming.channel, incoming.thread_key), "thread"
    if found is None and incoming.conversation_id is not None:
        found, by = uow.conversations.get(incoming.conversation_id), "mark in the subject"
    if found is None and incoming.channel == "sms":
        found = uow.conversations.latest("sms", incoming.address, incoming.account)
        by = "number"
    if found is None or found.channel != incoming.channel:
        return None, {}
    if not takes_in(found, incoming.at):
        return None, {"earlier": found.id, "by": by}
    return found, {"by": by}


def _begin(
    uow: UnitOfWork, incoming: Incoming, how: dict[str, Any], clock: Clock, plan: NumberPlan
) -> Conversation:
    number, ids, match = _whose(uow, incoming, clock, plan)
    only = ids[0] if match == "one" else None
    conversation = Conversation(
        channel=incoming.channel,
        opened_at=incoming.at,
        last_message_at=incoming.at,
        customer_id=only,
        address=incoming.address,
        account=incoming.account,
        subject=incoming.subject,
        queue=incoming.queue,
        thread_key=incoming.thread_key,
        visitor=incoming.visitor,
    )
    written_from = incoming.written_from or incoming.address
    contact = Contact(
        channel=incoming.channel,
        direction="inbound",
        started_at=incoming.at,
        number=number,
        number_raw=written_from,
        number_kind="e164" if number else "address",
        dialed=incoming.account,
        queue=incoming.queue,
        subject=incoming.subject,
        customer_id=only,
        match=match,
        candidate_ids=ids if match == "several" else (),
        explanation={
            "address": written_from,
            "match": {"kind": match, "customers": list(ids), "rule": "same address"},
            "thread": how,
        },
    )
    return uow.conversations.add(conversation, contact)


def _whose(
    uow: UnitOfWork, incoming: Incoming, clock: Clock, plan: NumberPlan
) -> tuple[str, tuple[int, ...], MatchKind]:
    """(E.164 if they wrote from a number, customers, how sure that is)."""
    if incoming.channel == "sms":
        number = parse_number(incoming.address, plan, internal_allowed=False)
        found = uow.customers.find_by_numbers([number.e164], clock.now().date())
        ids = tuple(one.id for one in found.get(number.e164, ())) if number.e164 else ()
        return number.e164, ids, match_number(number, ids)
    if incoming.channel == "chat":
        return owners_of(uow, incoming.visitor, clock=clock, plan=plan)
    address = incoming.address
    ids = uow.conversations.people_at("email", address) if address else ()
    return "", ids, match_address(ids)


def _message(incoming: Incoming, conversation_id: int) -> Message:
    return Message(
        conversation_id=conversation_id,
        direction="in",
        at=incoming.at,
        sender=incoming.sender or incoming.written_from or incoming.address,
        recipients=incoming.recipients,
        subject=incoming.subject,
        text=incoming.text[:LONGEST],
        external_id=incoming.external_id,
        in_reply_to=incoming.names[0] if incoming.names else "",
        state="received",
    )


def with_system_line(uow: UnitOfWork, conversation: Conversation, text: str, clock: Clock) -> None:
    """A line of the product's own: handed over, closed, not delivered."""
    line = Message(conversation_id=conversation.id, direction="system", at=clock.now(), text=text)
    uow.messages.add(replace(line, external_id=None))


def tell_message(
    uow: UnitOfWork, event: str, message_id: int, conversation: Conversation, at: datetime
) -> None:
    """To other systems; what was written they may read over the API."""
    told = {
        "id": message_id,
        "conversation_id": conversation.id,
        "interaction_id": conversation.interaction_id,
        "channel": conversation.channel,
        "customer_id": conversation.customer_id,
        "queue": conversation.queue,
    }
    uow.outbox.tell(event, "conversation", conversation.id, told, at)
