"""Use cases of the queue of chats: offer what waits, take an offer or let it go, end what is over.

`turn` may run anywhere and at any time: each step is written with the conversation's version, so
that two processes never offer one chat twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from callcenter.channels import conversation as steps
from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import figures_of
from callcenter.chats import offers
from callcenter.chats.offers import ChatOperator, OfferAnswer, OfferRules
from callcenter.chats.visitor import can_be_reached
from callcenter.chats.widget import Widget
from callcenter.errors import Conflict
from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.services.chat_tasks import answer_later
from callcenter.services.conversation_news import news_of
from callcenter.services.conversations import Room, existing
from callcenter.services.rights import require_record, viewer_of

_MOST_AT_ONCE: Final = 50
_SHORTEST_GONE: Final = timedelta(minutes=1)


def accept(conversation_id: int, *, user_id: int, room: Room) -> Conversation:
    """Taken by whoever was asked; said twice, it is theirs already."""
    with room.unit_of_work() as uow:
        before = existing(uow, conversation_id)
        require_record(uow, user_id, "conversation", "change", conversation_id)
        if before.state == "open" and before.assigned_to == user_id:
            return before
        if before.state != "offered" or before.offered_to != user_id:
            raise Conflict("state", "this chat is not offered to you any more")
        now = room.clock.now()
        uow.chats.answered(conversation_id, "accepted", now)
        facts = {name: value for name, value in before.visitor.items() if name != "handed_by"}
        after = replace(steps.taken(before, user_id, now), visitor=facts)
        saved, news = _saved(uow, before, after, room, "taken")
        uow.commit()
    room.publisher.publish(news)
    return saved


def decline(conversation_id: int, *, user_id: int, room: Room) -> None:
    """It waits again, as long as it has waited, and goes to whoever is next."""
    with room.unit_of_work() as uow:
        before = existing(uow, conversation_id)
        require_record(uow, user_id, "conversation", "read", conversation_id)
        if before.state != "offered" or before.offered_to != user_id:
            return
        news = _let_go(uow, before, "declined", room)
        uow.commit()
    room.publisher.publish(news)
    turn(room)


def turn(room: Room) -> int:
    """Lets offers that are over go, and offers what waits. How many chats that moved."""
    try:
        with room.unit_of_work() as uow:
            news, count = _expire(uow, room)
            more, offered = _offer(uow, room)
            if not count + offered:
                return 0
            uow.commit()
    except Conflict:  # somebody was faster with one of them: the next turn sees the rest
        return 0
    room.publisher.publish([*news, *more])
    return count + offered


def end_forgotten(room: Room) -> int:
    """Ends the chats whose visitor is gone for too long, and clears what is left of others."""
    now = room.clock.now()
    with room.unit_of_work() as uow:
        away = uow.chats.unseen_since(now - _SHORTEST_GONE, 500)
        stale = uow.chats.stale_offers()
        for conversation_id in stale:
            uow.chats.answered(conversation_id, "withdrawn", now)
        if not away and not stale:
            return 0
        widgets, news = uow.chats.widgets(), list[Message]()
        for conversation_id, seen_at in away:
            found = uow.conversations.get(conversation_id)
            if found is None or not found.live:
                uow.chats.forget_visit(conversation_id)
            elif now - seen_at >= _patience(widgets.get(found.account)):
                news += end(uow, found, "visitor", room)
        uow.commit()
    room.publisher.publish(news)
    return len(away)


def end(uow: UnitOfWork, before: Conversation, how: steps.ClosedHow, room: Room) -> list[Message]:
    """Over, in the caller's transaction. Whom nobody answered, and who can be reached, is to be
    answered later."""
    now = room.clock.now()
    uow.chats.answered(before.id, "withdrawn", now)
    uow.chats.forget_visit(before.id)
    saved, news = _saved(uow, before, steps.closed(before, how, now), room, "closed")
    unanswered = how != "operator" and saved.first_reply_at is None
    if unanswered and can_be_reached(saved.visitor):
        news += answer_later(uow, saved, room)
    return news


def offer(
    uow: UnitOfWork, before: Conversation, user_id: int, at: datetime, room: Room
) -> list[Message]:
    """Onto somebody's screen, in the caller's transaction."""
    uow.chats.offered(before.id, user_id, at)
    return _saved(uow, before, steps.offered(before, user_id, at), room, "offered")[1]


def _expire(uow: UnitOfWork, room: Room) -> tuple[list[Message], int]:
    late = uow.conversations.offered_until("chat", room.clock.now() - offers.OFFER_LASTS)
    return [one for late_one in late for one in _let_go(uow, late_one, "timeout", room)], len(late)


def _offer(uow: UnitOfWork, room: Room) -> tuple[list[Message], int]:
    waiting = uow.conversations.waiting("chat")
    now = room.clock.now()
    operators = {one.user_id: one for one in uow.chats.operators(now)} if waiting else {}
    if not operators:
        return [], 0
    widgets = uow.chats.widgets()
    since = now - offers.LEFT_IN_PEACE
    refused = uow.chats.refusals([one.id for one in waiting], since)
    teams = {queue: uow.tasks.team_of(queue) for queue in {one.queue for one in waiting}}
    news, count = list[Message](), 0
    for one in waiting:
        widget = widgets.get(one.account)
        rules = widget.rules if widget is not None else OfferRules()
        team = [operators[who] for who in operators.keys() & teams[one.queue]]
        found = offers.next_operator(team, rules, refused.get(one.id, {}), now)
        if found is None or not _may_take(uow, found, operators):
            continue
        news += offer(uow, one, found.user_id, now, room)
        operators[found.user_id] = replace(found, chats=found.chats + 1, idle_since=now)
        count += 1
        if count == _MOST_AT_ONCE:
            break
    return news, count


def _may_take(uow: UnitOfWork, found: ChatOperator, operators: dict[int, ChatOperator]) -> bool:
    """Whoever may not answer conversations is asked no more in this turn."""
    if viewer_of(uow, found.user_id).may("conversation", "change"):
        return True
    del operators[found.user_id]
    return False


def _let_go(
    uow: UnitOfWork, before: Conversation, answer: OfferAnswer, room: Room
) -> list[Message]:
    uow.chats.answered(before.id, answer, room.clock.now())
    return _saved(uow, before, steps.declined(before), room, answer)[1]


def _patience(widget: Widget | None) -> timedelta:
    return timedelta(minutes=widget.gone_minutes if widget is not None else 10)


def _saved(
    uow: UnitOfWork, before: Conversation, after: Conversation, room: Room, event: str
) -> tuple[Conversation, list[Message]]:
    saved = uow.conversations.save(after, figures_of(after))
    return saved, news_of(uow, before, saved, room.clock, event)
