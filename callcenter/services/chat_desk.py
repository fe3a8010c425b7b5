"""Use cases of whoever has a chat: answer, hand it on, end it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from callcenter.channels import conversation as steps
from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import figures_of
from callcenter.channels.message import Message
from callcenter.chats.visitor import LONGEST_TEXT, is_client_id
from callcenter.errors import Conflict, Invalid
from callcenter.outcomes.tree import tree_of
from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Message as News
from callcenter.services import chat_offers
from callcenter.services.chats import again, typing_news
from callcenter.services.conversation_news import news_of
from callcenter.services.conversations import Room, changeable, checked_text
from callcenter.services.inbound import tell_message, with_system_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`client_id`: what the browser knows it by."""

    text: str
    client_id: str
    file_id: int | None = None


def write(conversation_id: int, answer: Answer, *, user_id: int, room: Room) -> int:
    """The message's id; sent again under the same id of the browser's, it is the same message."""
    if not is_client_id(answer.client_id):
        raise Invalid("client_id", "must be 8 to 64 letters, digits, - or _")
    told_id = f"chat:desk:{user_id}:{answer.client_id}"
    draft = Message(
        conversation_id=conversation_id,
        direction="out",
        at=room.clock.now(),
        author_id=user_id,
        text=checked_text(answer.text, LONGEST_TEXT),
        external_id=told_id,
        state="sent",
    )

    def act() -> tuple[int, list[News]]:
        with room.unit_of_work() as uow:
            known = uow.messages.by_external(told_id)
            if known is not None:
                return known.id, []
            before = _mine(uow, conversation_id, user_id)
            message_id = uow.messages.add(replace(draft, sender=before.account))
            if message_id is None:
                raise Conflict("", "this answer was written already")
            if answer.file_id is not None:
                uow.messages.attach(message_id, [answer.file_id])
            after = steps.replied(before, user_id, draft.at, draft.text)
            saved = uow.conversations.save(after, figures_of(after))
            tell_message(uow, "message.sent", message_id, saved, draft.at)
            news = news_of(uow, before, saved, room.clock, "message")
            uow.commit()
        return message_id, news

    message_id, news = again(act)
    room.publisher.publish(news)
    return message_id


def types(conversation_id: int, *, user_id: int, room: Room) -> None:
    """Passes by: the visitor sees that somebody writes."""
    with room.unit_of_work() as uow:
        _mine(uow, conversation_id, user_id)
    room.publisher.publish([typing_news(conversation_id, "operator", ())])


def hand_to_colleague(
    conversation_id: int, to_user: int, note: str, *, user_id: int, room: Room
) -> None:
    """Offered to one colleague; who lets it go sends it to the queue it came from."""

    def act() -> list[News]:
        with room.unit_of_work() as uow:
            before = _mine(uow, conversation_id, user_id)
            now = room.clock.now()
            other = uow.users.get(to_user)
            if other is None or not other.active or to_user == user_id:
                raise Invalid("to_user", "choose a colleague")
            if not any(one.user_id == to_user for one in uow.chats.operators(now)):
                raise Invalid("to_user", f"{other.display_name} is not at work now")
            waiting = _put_down(uow, before, before.queue, user_id, room)
            _note(uow, before, note, user_id, room)
            with_system_line(uow, before, f"→ {other.display_name}", room.clock)
            news = news_of(uow, before, waiting, room.clock, "queued")
            news += chat_offers.offer(uow, waiting, to_user, now, room)
            _audit(uow, before, user_id, room, "assigned", to=to_user)
            uow.commit()
        return news

    room.publisher.publish(again(act))


def hand_to_queue(conversation_id: int, queue: str, note: str, *, user_id: int, room: Room) -> None:
    def act() -> list[News]:
        with room.unit_of_work() as uow:
            before = _mine(uow, conversation_id, user_id)
            settings = uow.staffing.queues().get(queue)
            if settings is None:
                raise Invalid("queue", f"there is no queue {queue}")
            waiting = _put_down(uow, before, queue, user_id, room)
            _note(uow, before, note, user_id, room)
            with_system_line(uow, before, f"→ {settings.shown}", room.clock)
            uow.chats.refused(before.id, user_id, room.clock.now())
            _audit(uow, before, user_id, room, "queued", queue=queue)
            news = news_of(uow, before, waiting, room.clock, "queued")
            uow.commit()
        return news

    room.publisher.publish(again(act))
    chat_offers.turn(room)


def close(conversation_id: int, *, user_id: int, room: Room) -> None:
    """Over; refused while its queue asks for an outcome that nobody has given."""

    def act() -> list[News]:
        with room.unit_of_work() as uow:
            before = changeable(uow, conversation_id, user_id)
            if not before.live:
                return []
            refuse_without_outcome(uow, before)
            if before.assigned_at is None:  # whoever closes what nobody took has dealt with it
                before = steps.taken(before, user_id, room.clock.now())
            news = chat_offers.end(uow, before, "operator", room)
            _audit(uow, before, user_id, room, "closed", how="operator")
            uow.commit()
        return news

    room.publisher.publish(again(act))


def refuse_without_outcome(uow: UnitOfWork, chat: Conversation) -> None:
    if uow.outcomes.given(chat.interaction_id) is not None:
        return
    if uow.outcomes.is_required(chat.queue) and tree_of(uow.outcomes.all(), chat.queue):
        raise Invalid("outcome_id", "choose an outcome first")


def _mine(uow: UnitOfWork, conversation_id: int, user_id: int) -> Conversation:
    found = changeable(uow, conversation_id, user_id)
    if found.state == "closed":
        raise Conflict("state", "this conversation is closed")
    if found.state != "open" or found.assigned_to != user_id:
        raise Conflict("state", "somebody took this conversation already")
    return found


def _put_down(
    uow: UnitOfWork, before: Conversation, queue: str, user_id: int, room: Room
) -> Conversation:
    """Waiting again, as what it is: handed over by a colleague."""
    user = uow.users.get(user_id)
    facts = {**before.visitor, "handed_by": user.display_name if user is not None else ""}
    waiting = replace(steps.queued(before, queue, room.clock.now()), visitor=facts)
    return uow.conversations.save(waiting, figures_of(waiting))


def _note(uow: UnitOfWork, chat: Conversation, text: str, user_id: int, room: Room) -> None:
    if text.strip():
        note = Message(
            conversation_id=chat.id,
            direction="note",
            at=room.clock.now(),
            author_id=user_id,
            text=checked_text(text, LONGEST_TEXT),
        )
        uow.messages.add(note)


def _audit(
    uow: UnitOfWork, chat: Conversation, user_id: int, room: Room, what: str, **detail: object
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=f"conversation_{what}",
        object_type="conversation",
        object_id=str(chat.id),
        at=room.clock.now(),
        detail=detail,
    )
