"""Use cases of a chat's visitor: write, say who one is, leave. Whoever calls these has found the
visitor by their token; nothing here tells a visitor anything of a customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import figures_of
from callcenter.channels.incoming import Incoming
from callcenter.channels.message import Message
from callcenter.chats.visitor import can_be_reached, message_id, message_text, name_of
from callcenter.chats.widget import Widget
from callcenter.errors import Conflict, Invalid
from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Audience
from callcenter.realtime.messages import Message as News
from callcenter.services import chat_offers
from callcenter.services.chat_identity import owners_of
from callcenter.services.conversation_news import news_of
from callcenter.services.conversations import Room
from callcenter.services.inbound import TakenIn, take_in

_TRIES: Final = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who writes, through which widget. `key` is what the database knows the visitor by."""

    widget: Widget
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`client_id`: what the browser knows the message by; `facts`: what the visitor says of
    themselves with it."""

    client_id: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    file_id: int | None = None


def say(visit: Visit, said: Said, room: Room) -> Message:
    """The message as it stands: the same one when it is sent again under the same id."""
    said = replace(said, text=message_text(said.text))
    incoming_id = message_id(visit.key, said.client_id)
    message, news, waits = again(lambda: _said(visit, incoming_id, said, room))
    room.publisher.publish(news)
    if waits:
        chat_offers.turn(room)
    return message


def identify(visit: Visit, facts: Mapping[str, str], room: Room, *, leave: bool = False) -> None:
    """What a visitor says of themselves later. `leave`: nobody was there, and they go: they are to
    be answered on the number or address they left."""

    def write() -> list[News]:
        with room.unit_of_work() as uow:
            before = uow.chats.of_visitor(visit.key)
            if before is None or not before.live:
                raise Conflict("state", "this chat is over")
            after = _known_as(uow, before, {**before.visitor, **facts}, room)
            saved = uow.conversations.save(after, figures_of(after))
            news = news_of(uow, before, saved, room.clock, "visitor")
            if leave and saved.first_reply_at is None:
                if not can_be_reached(saved.visitor):
                    raise Invalid("email", "leave a number or an e-mail address")
                news += chat_offers.end(uow, saved, "timeout", room)
            uow.commit()
        return news

    room.publisher.publish(again(write))


def leave(visit: Visit, room: Room) -> None:
    """The visitor ends it. What is over already stays so."""

    def write() -> list[News]:
        with room.unit_of_work() as uow:
            found = uow.chats.of_visitor(visit.key)
            if found is None or not found.live:
                return []
            news = chat_offers.end(uow, found, "visitor", room)
            uow.commit()
        return news

    room.publisher.publish(again(write))


def is_there(conversation_id: int, room: Room) -> None:
    """Their page has asked for news: they are not gone."""
    with room.unit_of_work() as uow:
        uow.chats.seen(conversation_id, room.clock.now())
        uow.commit()


def types(conversation: Conversation, room: Room) -> None:
    """Passes by: whoever has the chat sees that something is being written."""
    if conversation.state == "open" and conversation.assigned_to is not None:
        users = (conversation.assigned_to,)
        room.publisher.publish([typing_news(conversation.id, "visitor", users)])


def typing_news(conversation_id: int, who: str, users: tuple[int, ...]) -> News:
    payload: dict[str, Any] = {"type": "chat_typing", "id": conversation_id, "who": who}
    return News(kind="message", audience=Audience(users=users), payload=payload)


def _said(
    visit: Visit, incoming_id: str, said: Said, room: Room
) -> tuple[Message, list[News], bool]:
    with room.unit_of_work() as uow:
        known = uow.messages.by_external(incoming_id)
        if known is not None:
            return known, [], False
        taken = _taken_in(uow, visit, incoming_id, said, room)
        conversation = taken.conversation
        if said.file_id is not None:
            uow.messages.attach(taken.message_id, [said.file_id])
            uow.chats.file_of(said.file_id, conversation)
        uow.chats.seen(conversation.id, room.clock.now())
        message = uow.messages.get(taken.message_id)
        assert message is not None  # noqa: S101 (written just now)
        news = news_of(uow, taken.before, conversation, room.clock, "message")
        uow.commit()
    return message, news, conversation.state == "waiting"


def _taken_in(uow: UnitOfWork, visit: Visit, incoming_id: str, said: Said, room: Room) -> TakenIn:
    earlier = uow.chats.of_visitor(visit.key)
    before = dict(earlier.visitor) if earlier is not None else {}
    before.pop("handed_by", None)
    told = {**before, **said.facts}
    called = name_of(told, visit.key)
    incoming = Incoming(
        channel="chat",
        address=visit.key,
        account=visit.widget.key,
        at=room.clock.now(),
        text=said.text,
        external_id=incoming_id,
        written_from=called,
        sender=called,
        queue=visit.widget.queue,
        subject=visit.widget.title,
        thread_key=visit.key,
        visitor=told,
    )
    taken = take_in(uow, incoming, clock=room.clock, plan=room.plan)
    if taken is None:
        raise Conflict("", "this message was written just now")
    conversation = taken.conversation
    if taken.before is None:
        return taken
    known = _known_as(uow, conversation, {**conversation.visitor, **said.facts}, room)
    if known is conversation:
        return taken
    return replace(taken, conversation=uow.conversations.save(known, figures_of(known)))


def _known_as(
    uow: UnitOfWork, conversation: Conversation, told: Mapping[str, Any], room: Room
) -> Conversation:
    """With what the visitor says of themselves now, and whose that makes the chat."""
    if dict(told) == dict(conversation.visitor):
        return conversation
    contact = ("email", "phone")
    if all(told.get(name) == conversation.visitor.get(name) for name in contact):
        return replace(conversation, visitor=told)
    e164, ids, match = owners_of(uow, told, clock=room.clock, plan=room.plan)
    only = ids[0] if match == "one" else None
    kept = uow.chats.belongs_to(conversation.id, only, ids if only is None else (), e164)
    return replace(
        conversation, visitor=told, customer_id=only if kept else conversation.customer_id
    )


def again(act: Callable[[], T]) -> T:
    """Whoever else writes into the same chat at the same moment is waited for, not refused."""
    for _try in range(_TRIES - 1):
        try:
            return act()
        except Conflict as conflict:
            if conflict.field not in ("version", ""):
                raise
    return act()
