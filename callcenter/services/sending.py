"""Use case: what stands in the outbox is sent. A message is claimed for one try in a transaction
of its own, sent, and marked: a process that dies in between leaves it claimed for some minutes,
then it is sent again under the same id, by which the other side knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from callcenter.channels.conversation import Conversation
from callcenter.channels.mail import MailFile, OutboundMail, SendFailed
from callcenter.channels.message import Message, next_try
from callcenter.errors import Forbidden, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.ports.gateways import FileKeeper, MailSender, SmsSender
from callcenter.services.answers import refuse_unwanted
from callcenter.services.conversation_news import news_of
from callcenter.services.inbound import tell_message
from callcenter.surveys.links import has_lost_token, without_token

_CLAIMED_FOR = timedelta(minutes=5)
_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    unit_of_work: Callable[[], UnitOfWork]
    publisher: Publisher
    clock: Clock
    files: FileKeeper


def send_mails(sender: MailSender, outbox: Outbox) -> int:
    """How many were tried."""

    def one(message: Message, conversation: Conversation) -> dict[str, Any]:
        sender.send(_mail(message, conversation, outbox))
        return {}

    return _send_due("email", one, outbox)


def send_texts(sender: SmsSender, outbox: Outbox) -> int:
    def one(message: Message, _conversation: Conversation) -> dict[str, Any]:
        to = next(iter(message.recipients.get("to", ())), "")
        given = sender.send(f"message-{message.id}", to, message.text)
        return {"external_id": sms_id(given)} if given else {}

    return _send_due("sms", one, outbox)


def sms_id(carriers: str) -> str:
    return f"sms:{carriers}"


def delivered(external_id: str, ok: bool, reason: str, outbox: Outbox) -> bool:
    """A carrier's report. False: of no message of ours."""
    with outbox.unit_of_work() as uow:
        message = uow.messages.by_external(external_id)
        if message is None or message.direction != "out":
            return False
        now = outbox.clock.now()
        values: dict[str, Any] = {"delivered_at": now, "state": "sent", "error": ""}
        if not ok:
            values = {"state": "failed", "error": reason or "not delivered"}
        uow.messages.update(message.id, values)
        conversation = uow.conversations.get(message.conversation_id)
        news = news_of(uow, None, conversation, outbox.clock, "sent") if conversation else []
        uow.commit()
    outbox.publisher.publish(news)
    return True


def retry(message_id: int, outbox: Outbox) -> None:
    """A message that failed is tried once more, from the beginning."""
    with outbox.unit_of_work() as uow:
        message = uow.messages.get(message_id)
        if message is None or has_lost_token(message.text):
            return
        if message.direction == "out" and message.state == "failed":
            again = {"state": "queued", "attempts": 0, "error": "", "next_at": outbox.clock.now()}
            uow.messages.update(message_id, again)
            uow.commit()


def _send_due(
    channel: str, one: Callable[[Message, Conversation], dict[str, Any]], outbox: Outbox
) -> int:
    with outbox.unit_of_work() as uow:
        due = uow.messages.due(channel, outbox.clock.now(), _AT_ONCE)
    return sum(_try(message, one, outbox) for message in due)


def _try(
    message: Message, one: Callable[[Message, Conversation], dict[str, Any]], outbox: Outbox
) -> bool:
    conversation = _claimed(message, outbox)
    if conversation is None:
        return False
    try:
        values = {"state": "sent", "error": "", "next_at": None, **one(message, conversation)}
        values["text"] = without_token(message.text)
    except SendFailed as failure:
        again = None if failure.lasting else next_try(message.attempts + 1, outbox.clock.now())
        values = {
            "state": "queued" if again is not None else "failed",
            "error": failure.reason,
            "next_at": again,
        }
    with outbox.unit_of_work() as uow:
        given = values.get("external_id")
        if given and uow.messages.by_external(given) is not None:
            # A carrier that gives one id twice: it is gone out, and may not go out for ever.
            del values["external_id"]
        uow.messages.update(message.id, values)
        news = news_of(uow, conversation, conversation, outbox.clock, str(values["state"]))
        if values["state"] == "sent":
            tell_message(uow, "message.sent", message.id, conversation, outbox.clock.now())
        uow.commit()
    outbox.publisher.publish(news)
    return True


def _claimed(message: Message, outbox: Outbox) -> Conversation | None:
    """None: another process has it, or it must not go out any more."""
    with outbox.unit_of_work() as uow:
        until = outbox.clock.now() + _CLAIMED_FOR
        if not uow.messages.claim(message.id, message.attempts, until):
            return None
        conversation = uow.conversations.get(message.conversation_id)
        if conversation is None:
            return None
        try:
            refuse_unwanted(uow, conversation, message.purpose)
        except Forbidden as refusal:  # they changed their mind while it waited
            values = {"state": "failed", "error": refusal.message, "next_at": None}
            uow.messages.update(message.id, values)
            conversation = None
        uow.commit()
    return conversation


def _mail(message: Message, conversation: Conversation, outbox: Outbox) -> OutboundMail:
    with outbox.unit_of_work() as uow:
        attached = uow.messages.files_of(message.id)
        earlier = uow.messages.of(conversation.id)
        author = uow.users.get(message.author_id) if message.author_id is not None else None
    references = [one.external_id for one in earlier if one.external_id and one.id != message.id]
    try:
        files = [
            MailFile(name=name, media_type=media_type, content=outbox.files.fetch(stored_as))
            for name, media_type, stored_as in attached
        ]
    except (OSError, NotFound) as error:
        raise SendFailed("an attached file is gone", lasting=True) from error
    return OutboundMail(
        message_id=message.external_id or "",
        sender=message.sender or conversation.account,
        sender_name=author.display_name if author is not None else "",
        to=tuple(message.recipients.get("to", ())),
        cc=tuple(message.recipients.get("cc", ())),
        subject=message.subject,
        text=message.text,
        at=message.at,
        in_reply_to=message.in_reply_to,
        references=tuple(references[-20:]),
        files=files,
    )
