"""Use case: a mailbox's mails become messages. Each mail and how far the mailbox was read are one
transaction, so that a mail is taken in exactly once, whatever is killed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callcenter.channels import threads
from callcenter.channels.addresses import address_key
from callcenter.channels.incoming import Incoming
from callcenter.channels.mail import FetchedMail, InboundMail, MailFile, MailPosition
from callcenter.customers.phone import NumberPlan
from callcenter.customers.stored_file import FileRow
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.ports.gateways import FileKeeper
from callcenter.realtime.messages import Message as News
from callcenter.services.conversation_news import news_of
from callcenter.services.inbound import TakenIn, take_in, with_system_line


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRoom:
    unit_of_work: Callable[[], UnitOfWork]
    publisher: Publisher
    clock: Clock
    key: str
    plan: NumberPlan
    files: FileKeeper
    queue: str = ""
    """Where mails of strangers wait."""


def position_of(account: str, folder: str, room: MailRoom) -> MailPosition | None:
    with room.unit_of_work() as uow:
        return uow.mailboxes.position(account, folder)


def start_at(position: MailPosition, room: MailRoom) -> None:
    """A mailbox read for the first time, or one that numbers anew, is read from there on."""
    with room.unit_of_work() as uow:
        uow.mailboxes.move(position, room.clock.now())
        uow.commit()


def seen(account: str, folder: str, room: MailRoom) -> None:
    """The folder was looked through to its end just now: /readyz goes by this."""
    with room.unit_of_work() as uow:
        uow.mailboxes.seen(account, folder, room.clock.now())
        uow.commit()


def receive(fetched: FetchedMail, position: MailPosition, room: MailRoom) -> bool:
    """Takes one mail in and moves the position onto it. False: it was here before, or could not be
    read and is set aside."""
    kept = _keep_files(fetched.mail, room)
    with room.unit_of_work() as uow:
        now = room.clock.now()
        news: list[News] = []
        taken = None
        if fetched.mail is not None:
            taken, news = _take(uow, fetched.mail, kept, position.account, room)
        else:
            uow.mailboxes.set_aside(position, fetched.uid, fetched.problem, now)
        uow.mailboxes.move(position, now)
        uow.commit()
    room.publisher.publish(news)
    return taken is not None


def _take(
    uow: UnitOfWork,
    mail: InboundMail,
    kept: list[tuple[MailFile, tuple[str, int, str]]],
    account: str,
    room: MailRoom,
) -> tuple[TakenIn | None, list[News]]:
    if mail.bounced:
        return None, _bounced(uow, mail, room)
    if address_key(mail.sender) == address_key(account):
        return None, []  # our own answer, come back by a rule or a list
    taken = take_in(uow, incoming_of(mail, account, room), clock=room.clock, plan=room.plan)
    if taken is None:
        return None, []
    conversation = taken.conversation
    ids = [
        uow.files.add(
            FileRow(
                name=file.name,
                media_type=file.media_type,
                size=size,
                sha256=digest,
                stored_as=stored_as,
                customer_id=conversation.customer_id,
                interaction_id=conversation.interaction_id,
            ),
            room.clock.now(),
        )
        for file, (stored_as, size, digest) in kept
    ]
    uow.messages.attach(taken.message_id, ids)
    for words in mail.left_out:
        with_system_line(uow, conversation, words, room.clock)
    return taken, news_of(uow, taken.before, conversation, room.clock, "message")


def incoming_of(mail: InboundMail, account: str, room: MailRoom) -> Incoming:
    return Incoming(
        channel="email",
        address=address_key(mail.sender),
        written_from=mail.sender,
        sender=f"{mail.sender_name} <{mail.sender}>" if mail.sender_name else mail.sender,
        account=account,
        # When it reached us: what its own clock says is only shown.
        at=room.clock.now(),
        text=mail.text,
        subject=threads.bare_subject(mail.subject),
        recipients={"to": mail.to, "cc": mail.cc},
        external_id=mail.message_id,
        queue=room.queue,
        names=threads.named(mail.in_reply_to, mail.references),
        thread_key=threads.thread_key(mail.message_id, mail.references or mail.in_reply_to),
        conversation_id=threads.marked(mail.subject, room.key),
        automatic=mail.automatic,
    )


def _bounced(uow: UnitOfWork, mail: InboundMail, room: MailRoom) -> list[News]:
    """What we wrote was not delivered: that message has failed, and says why."""
    for message_id in mail.bounced:
        message = uow.messages.by_external(message_id)
        if message is None or message.direction != "out":
            continue
        reason = mail.bounce_reason or mail.subject
        uow.messages.update(message.id, {"state": "failed", "error": reason, "next_at": None})
        conversation = uow.conversations.get(message.conversation_id)
        if conversation is not None:
            return news_of(uow, conversation, conversation, room.clock, "failed")
    return []


def _keep_files(
    mail: InboundMail | None, room: MailRoom
) -> list[tuple[MailFile, tuple[str, int, str]]]:
    """On the disk before the transaction: one that fails leaves a file that nothing names."""
    files = mail.files if mail is not None else ()
    return [(file, room.files.keep(file.content)) for file in files]
