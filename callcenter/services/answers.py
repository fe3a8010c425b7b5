"""Use cases: we write, in answer or first. What is written goes into the outbox with the
conversation's new state, in one transaction; `sending` takes it from there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from callcenter.channels import conversation as steps
from callcenter.channels import threads
from callcenter.channels.addresses import address_key, is_address
from callcenter.channels.contact import Contact
from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import figures_of
from callcenter.channels.message import LONGEST, Message, Purpose
from callcenter.channels.sms import LONGEST_SMS
from callcenter.customers.phone import parse_number
from callcenter.errors import Conflict, Forbidden, Invalid
from callcenter.ports import UnitOfWork
from callcenter.services.conversation_news import news_of
from callcenter.services.conversations import Room, changeable, checked_text, we_began
from callcenter.services.inbound import tell_message
from callcenter.services.rights import require, require_record
from callcenter.services.signatures import signed

MOST_RECIPIENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody wrote. `file_ids` are files kept before."""

    text: str
    subject: str = ""
    cc: tuple[str, ...] = ()
    file_ids: tuple[int, ...] = ()
    purpose: Purpose = "service"


def reply(conversation_id: int, answer: Answer, *, user_id: int, room: Room) -> int:
    """Whoever answers has the conversation from then on. Returns the message's id."""
    with room.unit_of_work() as uow:
        before = changeable(uow, conversation_id, user_id)
        message_id, after = write(uow, before, answer, user_id=user_id, room=room)
        news = news_of(uow, before, after, room.clock, "message")
        uow.commit()
    room.publisher.publish(news)
    return message_id


def begin(
    channel: str,
    address: str,
    answer: Answer,
    *,
    user_id: int,
    room: Room,
    customer_id: int | None = None,
    queue: str = "",
) -> Conversation:
    """We write first: a mail or a short message to somebody."""
    with room.unit_of_work() as uow:
        require(uow, user_id, "conversation", "create")
        if customer_id is not None:
            require_record(uow, user_id, "customer", "read", customer_id)
        draft = replace(
            _outbound(channel, address, answer, room), customer_id=customer_id, queue=queue
        )
        begun = uow.conversations.add(draft, _contact(draft, address.strip(), user_id))
        _message_id, after = write(uow, begun, answer, user_id=user_id, room=room)
        news = news_of(uow, None, after, room.clock, "message")
        uow.commit()
    room.publisher.publish(news)
    return after


def write(
    uow: UnitOfWork, before: Conversation, answer: Answer, *, user_id: int, room: Room
) -> tuple[int, Conversation]:
    """The answer as a row of the outbox, in the caller's transaction."""
    text = checked_text(answer.text, LONGEST_SMS if before.channel == "sms" else LONGEST)
    refuse_unwanted(uow, before, answer.purpose)
    message = _outgoing(uow, before, answer, user_id=user_id, room=room)
    if before.channel == "email":
        text = signed(uow, before, text, user_id)
    message_id = uow.messages.add(replace(message, text=text))
    if message_id is None:
        raise Conflict("", "this answer was written already")
    if answer.file_ids:
        _attach(uow, before, message_id, answer.file_ids)
    after = steps.replied(before, user_id, message.at, answer.text)
    saved = uow.conversations.save(after, figures_of(after, ours=we_began(uow, before)))
    if message.state == "sent":  # others are told of when they have gone out
        tell_message(uow, "message.sent", message_id, saved, message.at)
    return message_id, saved


def refuse_unwanted(uow: UnitOfWork, conversation: Conversation, purpose: Purpose) -> None:
    """What somebody asked for may always be answered; advertising needs their consent."""
    if purpose != "marketing":
        return
    if conversation.channel == "email" and uow.conversations.opted_out(
        "email", conversation.address
    ):
        raise Forbidden("purpose", "they asked not to be written to at this address")
    customer = conversation.customer_id
    given = uow.conversations.consents(customer, conversation.channel) if customer else None
    if not given:
        raise Forbidden("purpose", "there is no consent to advertising over this channel")


def _contact(draft: Conversation, written_to: str, user_id: int) -> Contact:
    text = draft.channel == "sms"
    return Contact(
        channel=draft.channel,
        direction="outbound",
        started_at=draft.opened_at,
        number=draft.address if text else "",
        number_raw=written_to,
        number_kind="e164" if text else "address",
        dialed=written_to,
        queue=draft.queue,
        subject=draft.subject,
        customer_id=draft.customer_id,
        match="chosen" if draft.customer_id is not None else "none",
        operator_id=user_id,
    )


def _outgoing(
    uow: UnitOfWork, before: Conversation, answer: Answer, *, user_id: int, room: Room
) -> Message:
    now, live = room.clock.now(), before.channel == "chat"
    message = Message(
        conversation_id=before.id,
        direction="out",
        at=now,
        author_id=user_id,
        sender=before.account,
        recipients={"to": (before.address,)},
        state="sent" if live else "queued",
        purpose=answer.purpose,
        next_at=None if live else now,
    )
    return (
        replace(message, **_mail_parts(uow, before, answer, room)) if _is_mail(before) else message
    )


def _is_mail(conversation: Conversation) -> bool:
    return conversation.channel == "email"


def _mail_parts(
    uow: UnitOfWork, before: Conversation, answer: Answer, room: Room
) -> dict[str, Any]:
    """What makes it a part of its thread: subject with our mark, and the ids it answers."""
    earlier = [one.external_id for one in uow.messages.of(before.id) if one.external_id]
    subject = threads.bare_subject(answer.subject or before.subject)
    marked = threads.answer_subject(subject, before.id, room.key)
    return {
        "recipients": {"to": (before.address,), "cc": _addresses(answer.cc)},
        "subject": marked if earlier else marked.removeprefix("Re: "),
        "external_id": message_id_of(before, room),
        "in_reply_to": earlier[-1] if earlier else "",
    }


def message_id_of(conversation: Conversation, room: Room) -> str:
    domain = (conversation.account or room.mail_from).rpartition("@")[2].strip("<> ") or "localhost"
    return f"<{secrets.token_hex(12)}.{conversation.id}@{domain}>"


def _outbound(channel: str, address: str, answer: Answer, room: Room) -> Conversation:
    now = room.clock.now()
    if channel == "email":
        if not room.mail_from:
            raise Invalid("channel", "sending mail is not set up")
        if not is_address(address.strip()):
            raise Invalid("address", "is not an e-mail address")
        key, account = address_key(address), room.mail_from
    elif channel == "sms":
        if not room.sms_from:
            raise Invalid("channel", "sending short messages is not set up")
        key = parse_number(address, room.plan, internal_allowed=False).e164
        if not key:
            raise Invalid("address", "is not a telephone number we can read")
        account = room.sms_from
    else:
        raise Invalid("channel", "must be email or sms")
    return Conversation(
        channel="email" if channel == "email" else "sms",
        opened_at=now,
        last_message_at=now,
        address=key,
        account=account,
        subject=threads.bare_subject(answer.subject),
    )


def _attach(
    uow: UnitOfWork, conversation: Conversation, message_id: int, file_ids: Sequence[int]
) -> None:
    if conversation.channel == "sms":
        raise Invalid("files", "a short message carries no files")
    for file_id in file_ids:
        found = uow.files.get(file_id)
        if found is None or found.deleted_at is not None:
            raise Invalid("files", f"there is no file {file_id}")
        if found.interaction_id != conversation.interaction_id and (
            found.customer_id is None or found.customer_id != conversation.customer_id
        ):
            raise Forbidden("files", f"file {file_id} belongs to somebody else")
    uow.messages.attach(message_id, file_ids)


def _addresses(cc: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(address_key(one) for one in cc if one.strip()))
    if len(found) > MOST_RECIPIENTS:
        raise Invalid("cc", f"at most {MOST_RECIPIENTS} recipients")
    for one in found:
        if not is_address(one):
            raise Invalid("cc", f"{one[:80]} is not an e-mail address")
    return found
