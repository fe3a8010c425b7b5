"""A conversation over any channel, and what can happen to it: waiting → offered → open → closed.

Each step is a function from the conversation to the next one; what does not fit the state raises
`Invalid` or `Conflict`, and what was done already changes nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from callcenter.errors import Conflict, Invalid

Channel = Literal["email", "sms", "chat"]
State = Literal["waiting", "offered", "open", "closed"]
ClosedHow = Literal["", "operator", "spam", "visitor", "timeout"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "chat")
# How long after its end a message still belongs to a conversation. A chat that is over is over:
# whoever comes back stands in the queue anew.
REOPENED_WITHIN: Mapping[str, timedelta] = {
    "email": timedelta(days=14),
    "sms": timedelta(days=2),
    "chat": timedelta(seconds=-1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    channel: Channel
    opened_at: datetime
    last_message_at: datetime
    id: int = 0
    interaction_id: int = 0
    customer_id: int | None = None
    address: str = ""
    account: str = ""
    subject: str = ""
    queue: str = ""
    state: State = "waiting"
    assigned_to: int | None = None
    offered_to: int | None = None
    offered_at: datetime | None = None
    assigned_at: datetime | None = None
    first_reply_at: datetime | None = None
    handling_since: datetime | None = None
    handled_seconds: float = 0.0
    closed_at: datetime | None = None
    closed_how: ClosedHow = ""
    unread: int = 0
    last_text: str = ""
    thread_key: str = ""
    visitor: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    @property
    def live(self) -> bool:
        return self.state != "closed"


def takes_in(conversation: Conversation, at: datetime) -> bool:
    """Whether a new message belongs here, or begins a conversation of its own."""
    if conversation.closed_at is None:
        return True
    if conversation.closed_how == "spam":
        return True
    return at - conversation.closed_at <= REOPENED_WITHIN[conversation.channel]


def received(conversation: Conversation, at: datetime, text: str) -> Conversation:
    """They wrote. What was closed opens again: with whoever had it, else it waits."""
    told = _said(conversation, at, text)
    if conversation.closed_how == "spam":
        return told
    told = replace(told, unread=conversation.unread + 1)
    if conversation.state != "closed":
        return told
    assigned = conversation.assigned_to is not None
    return replace(
        told,
        state="open" if assigned else "waiting",
        closed_at=None,
        closed_how="",
        handling_since=at if assigned else None,
    )


def heard(conversation: Conversation, at: datetime, text: str) -> Conversation:
    """A machine answered for them (out of office): it stands there and wakes nobody."""
    return _said(conversation, at, text)


def replied(conversation: Conversation, user_id: int, at: datetime, text: str) -> Conversation:
    """One of ours wrote. Nobody's conversation becomes theirs; a closed one opens again."""
    told = _said(conversation, at, text)
    if told.state == "closed":
        told = replace(told, state="waiting", closed_at=None, closed_how="")
    if told.assigned_to is None or told.state != "open":
        told = taken(told, told.assigned_to or user_id, at)
    return replace(told, first_reply_at=told.first_reply_at or at, unread=0)


def read(conversation: Conversation) -> Conversation:
    return replace(conversation, unread=0)


def offered(conversation: Conversation, user_id: int, at: datetime) -> Conversation:
    """It pops up on somebody's screen and waits for their yes."""
    if conversation.state == "offered" and conversation.offered_to == user_id:
        return conversation
    if conversation.state not in ("waiting", "offered"):
        raise Conflict("state", "somebody took this conversation already")
    return replace(conversation, state="offered", offered_to=user_id, offered_at=at)


def declined(conversation: Conversation) -> Conversation:
    """They said no, or did not answer in time: it waits again, as long as it has waited."""
    if conversation.state != "offered":
        return conversation
    return replace(conversation, state="waiting", offered_to=None, offered_at=None)


def taken(conversation: Conversation, user_id: int, at: datetime) -> Conversation:
    if conversation.state == "closed":
        raise Conflict("state", "this conversation is closed")
    if conversation.state == "open" and conversation.assigned_to == user_id:
        return conversation
    return replace(
        conversation,
        state="open",
        assigned_to=user_id,
        assigned_at=conversation.assigned_at or at,
        offered_to=None,
        offered_at=None,
        handling_since=conversation.handling_since or at,
    )


def queued(conversation: Conversation, queue: str, at: datetime) -> Conversation:
    """Handed to a queue: it waits there for whoever takes it first."""
    if conversation.state == "closed":
        raise Conflict("state", "this conversation is closed")
    return replace(
        _put_down(conversation, at),
        state="waiting",
        queue=queue,
        assigned_to=None,
        offered_to=None,
        offered_at=None,
    )


def closed(conversation: Conversation, how: ClosedHow, at: datetime) -> Conversation:
    if not how:
        raise Invalid("how", "say how it ended")
    if conversation.state == "closed":
        return conversation
    return replace(
        _put_down(conversation, at),
        state="closed",
        closed_at=at,
        closed_how=how,
        offered_to=None,
        offered_at=None,
        unread=0,
    )


def _said(conversation: Conversation, at: datetime, text: str) -> Conversation:
    return replace(
        conversation,
        last_message_at=max(at, conversation.last_message_at),
        last_text=" ".join(text.split())[:160],
    )


def _put_down(conversation: Conversation, at: datetime) -> Conversation:
    since = conversation.handling_since
    spell = max((at - since).total_seconds(), 0.0) if since is not None else 0.0
    return replace(
        conversation,
        handling_since=None,
        handled_seconds=conversation.handled_seconds + spell,
    )
