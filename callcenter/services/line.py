"""Use cases of the message line: write, read, call for help, come."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.accounts.user import User
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.line.line import LEADERS, LONGEST, LineMessage, may_read_with, may_write_to
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.services.line_news import head_news, help_news, read_news

UowFactory = Callable[[], UnitOfWork]


def write(
    sender_id: int,
    text: str,
    *,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
    to_user: int | None = None,
    to_queue: str = "",
) -> list[int]:
    """To a person, to everybody who works in a queue, or (neither named) to the supervisors.

    Returns the messages' ids: one for each recipient.
    """
    text = _checked(text)
    with unit_of_work() as uow:
        sender = _person(uow, sender_id)
        recipients = _recipients(uow, sender, to_user, to_queue)
        ids = uow.line.add(sender_id, recipients, text, clock.now())
        told = {"id": ids[-1], "sender_id": sender_id, "to_user": to_user}
        hear = uow.tasks.leaders() if recipients == [None] else set(filter(None, recipients))
        news = head_news(uow, hear - {sender_id}, sender_id, told)
        uow.commit()
    publisher.publish(news)
    return ids


def read_up_to(
    user_id: int,
    other_id: int,
    message_id: int,
    *,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> None:
    """What stands in the conversation with `other_id` has been read, up to that message.

    An operator has one conversation, with the supervisors: theirs is the one with themselves.
    """
    with unit_of_work() as uow:
        reader = _person(uow, user_id)
        if not may_read_with(reader.role, user_id, other_id):
            raise Forbidden("other", "this conversation is others'")
        now = clock.now()
        news = []
        if reader.role in LEADERS:
            uow.line.read(user_id, other_id, message_id, now)
            if uow.line.read_for_leaders(other_id, message_id, now):
                news += head_news(uow, uow.tasks.leaders() - {user_id}, other_id)
            news += head_news(uow, {user_id}, other_id)
            news += read_news({other_id}, user_id)
        else:
            senders = [head.sender_id for head in uow.line.heads([user_id]).get(user_id, ())]
            uow.line.read(user_id, None, message_id, now)
            for sender_id in senders:
                news += head_news(uow, {user_id}, sender_id)
            news += read_news(senders, user_id)
        uow.commit()
    publisher.publish(news)


def call_for_help(
    user_id: int,
    *,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
    call_id: str | None = None,
    text: str = "",
) -> int:
    """Every supervisor is told, until one comes. Pressing again while one waits changes nothing."""
    if len(text) > LONGEST:
        raise Invalid("text", f"must have at most {LONGEST} characters")
    with unit_of_work() as uow:
        waiting = uow.line.open_help_of(user_id)
        if waiting is not None:
            return waiting.id
        known = call_id if call_id and uow.calls.get(call_id) is not None else None
        (help_id,) = uow.line.add(user_id, [None], text.strip(), clock.now(), "help", known)
        news = help_news(uow, _existing(uow, help_id))
        uow.commit()
    publisher.publish(news)
    return help_id


def come(
    help_id: int,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> None:
    """A supervisor takes a call for help: the others' screens let go of it. Whoever called may take
    it back in the same way."""
    with unit_of_work() as uow:
        called = _help(uow, help_id)
        if _person(uow, user_id).role not in LEADERS and called.sender_id != user_id:
            raise Forbidden("help", "this call for help is another operator's")
        if not uow.line.resolve(help_id, user_id, clock.now()):
            raise Conflict("help", "somebody is coming already")
        if called.sender_id == user_id:
            uow.line.put_away(help_id, clock.now())
        news = help_news(uow, _existing(uow, help_id))
        uow.commit()
    publisher.publish(news)


def put_away(
    help_id: int,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> None:
    """Who called has seen that somebody comes."""
    with unit_of_work() as uow:
        called = _help(uow, help_id)
        if called.sender_id != user_id:
            raise Forbidden("help", "this call for help is another operator's")
        if called.resolved_at is None:
            uow.line.resolve(help_id, user_id, clock.now())
        uow.line.put_away(help_id, clock.now())
        news = help_news(uow, _existing(uow, help_id))
        uow.commit()
    publisher.publish(news)


def _checked(text: str) -> str:
    if not text.strip():
        raise Invalid("text", "write something first")
    if len(text) > LONGEST:
        raise Invalid("text", f"must have at most {LONGEST} characters")
    return text.strip()


def _recipients(
    uow: UnitOfWork, sender: User, to_user: int | None, to_queue: str
) -> list[int | None]:
    if to_queue:
        return _team(uow, sender, to_queue)
    other = uow.users.get(to_user) if to_user is not None else None
    if to_user is not None and (other is None or not other.active):
        raise Invalid("to_user", f"there is no user {to_user}")
    if other is not None and other.id == sender.id:
        raise Invalid("to_user", "this is yourself")
    if not may_write_to(sender.role, other.role if other is not None else None):
        raise Forbidden("to_user", "operators write to the supervisors")
    return [to_user]


def _team(uow: UnitOfWork, sender: User, queue: str) -> list[int | None]:
    if sender.role not in LEADERS:
        raise Forbidden("to_queue", "operators write to the supervisors")
    team: list[int | None] = [*sorted(uow.tasks.team_of(queue) - uow.tasks.leaders())]
    if not team:
        raise Invalid("to_queue", "nobody works in this queue")
    return team


def _person(uow: UnitOfWork, user_id: int) -> User:
    found = uow.users.get(user_id)
    if found is None or not found.active:
        raise NotFound("user", f"there is no user {user_id}")
    return found


def _existing(uow: UnitOfWork, message_id: int) -> LineMessage:
    found = uow.line.get(message_id)
    if found is None:
        raise NotFound("message", f"there is no message {message_id}")
    return found


def _help(uow: UnitOfWork, help_id: int) -> LineMessage:
    found = _existing(uow, help_id)
    if found.kind != "help":
        raise NotFound("message", f"there is no message {help_id}")
    return found
