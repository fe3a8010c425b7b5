"""Use cases of a conversation: take, hand over, note, close. Each is one transaction, and its
interaction follows in the same. Answers are in `answers`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from callcenter.channels import conversation as steps
from callcenter.channels.conversation import ClosedHow, Conversation
from callcenter.channels.figures import figures_of
from callcenter.channels.message import LONGEST, Message
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.services.conversation_news import news_of
from callcenter.services.inbound import with_system_line
from callcenter.services.rights import require_record

UowFactory = Callable[[], UnitOfWork]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What every use case here needs. `key` makes the marks in subjects; `mail_from` and `sms_from`
    are ours ('' where a channel is not set up)."""

    unit_of_work: UowFactory
    publisher: Publisher
    clock: Clock
    key: str
    plan: NumberPlan
    mail_from: str = ""
    sms_from: str = ""


def take(conversation_id: int, *, user_id: int, room: Room) -> Conversation:
    """Mine from now on. Who has it already keeps it: hand-overs are `assign`."""
    with room.unit_of_work() as uow:
        before = existing(uow, conversation_id)
        require_record(uow, user_id, "conversation", "read", conversation_id)
        if before.state == "open" and before.assigned_to not in (None, user_id):
            raise Conflict("state", "somebody took this conversation already")
        if before.state == "offered" and before.offered_to not in (None, user_id):
            raise Conflict("state", "this conversation is just being offered to somebody else")
        require_record(uow, user_id, "conversation", "change", conversation_id)
        after = steps.taken(before, user_id, room.clock.now())
        return _saved(uow, before, after, room, "taken")


def assign(conversation_id: int, to_user: int, *, user_id: int, room: Room) -> Conversation:
    """Handed to a colleague."""
    with room.unit_of_work() as uow:
        before = changeable(uow, conversation_id, user_id)
        other = uow.users.get(to_user)
        if other is None or not other.active:
            raise Invalid("to_user", f"there is no user {to_user}")
        after = steps.taken(before, to_user, room.clock.now())
        if after.assigned_to != before.assigned_to:
            after = replace(after, unread=max(after.unread, 1))
            with_system_line(uow, before, f"→ {other.display_name}", room.clock)
        _audit(uow, room, before, user_id, "assigned", to=to_user)
        return _saved(uow, before, after, room, "assigned")


def hand_to_queue(conversation_id: int, queue: str, *, user_id: int, room: Room) -> Conversation:
    with room.unit_of_work() as uow:
        before = changeable(uow, conversation_id, user_id)
        settings = uow.staffing.queues().get(queue)
        if settings is None:
            raise Invalid("queue", f"there is no queue {queue}")
        after = steps.queued(before, queue, room.clock.now())
        with_system_line(uow, before, f"→ {settings.title or queue}", room.clock)
        _audit(uow, room, before, user_id, "queued", queue=queue)
        return _saved(uow, before, after, room, "queued")


def read(conversation_id: int, *, user_id: int, room: Room) -> None:
    """Whoever has it has seen what came in."""
    with room.unit_of_work() as uow:
        before = existing(uow, conversation_id)
        require_record(uow, user_id, "conversation", "read", conversation_id)
        if before.unread and before.assigned_to == user_id:
            _saved(uow, before, steps.read(before), room, "read")


def close(
    conversation_id: int, *, user_id: int, room: Room, how: ClosedHow = "operator"
) -> Conversation:
    with room.unit_of_work() as uow:
        before = changeable(uow, conversation_id, user_id)
        dealt_with = before
        if how == "operator" and before.live and before.assigned_at is None:
            # Whoever closes what nobody took has dealt with it.
            dealt_with = steps.taken(before, user_id, room.clock.now())
        after = steps.closed(dealt_with, how, room.clock.now())
        _audit(uow, room, before, user_id, "closed", how=how)
        return _saved(uow, before, after, room, "closed")


def note(conversation_id: int, text: str, *, user_id: int, room: Room) -> int:
    """Among ourselves: nobody outside ever gets it."""
    with room.unit_of_work() as uow:
        before = changeable(uow, conversation_id, user_id)
        message = Message(
            conversation_id=before.id,
            direction="note",
            at=room.clock.now(),
            author_id=user_id,
            text=checked_text(text, LONGEST),
        )
        message_id = uow.messages.add(message)
        news = news_of(uow, before, before, room.clock, "note")
        uow.commit()
    room.publisher.publish(news)
    return int(message_id or 0)


def existing(uow: UnitOfWork, conversation_id: int) -> Conversation:
    found = uow.conversations.get(conversation_id)
    if found is None:
        raise NotFound("conversation", f"there is no conversation {conversation_id}")
    return found


def changeable(uow: UnitOfWork, conversation_id: int, user_id: int) -> Conversation:
    found = existing(uow, conversation_id)
    require_record(uow, user_id, "conversation", "change", conversation_id)
    return found


def _saved(
    uow: UnitOfWork, before: Conversation, after: Conversation, room: Room, event: str
) -> Conversation:
    if after == before:
        return before
    saved = uow.conversations.save(after, figures_of(after, ours=we_began(uow, before)))
    news = news_of(uow, before, saved, room.clock, event)
    uow.commit()
    room.publisher.publish(news)
    return saved


def we_began(uow: UnitOfWork, conversation: Conversation) -> bool:
    """We wrote first."""
    interaction = uow.interactions.get(conversation.interaction_id)
    return interaction is not None and interaction.direction == "outbound"


def checked_text(text: str, longest: int) -> str:
    if not text.strip():
        raise Invalid("text", "write something first")
    if len(text) > longest:
        raise Invalid("text", f"must have at most {longest} characters")
    return text.strip()


def _audit(
    uow: UnitOfWork,
    room: Room,
    conversation: Conversation,
    user_id: int,
    what: str,
    **detail: object,
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=f"conversation_{what}",
        object_type="conversation",
        object_id=str(conversation.id),
        at=room.clock.now(),
        detail=detail,
    )
