"""What lists and reports are told of a conversation, in the words they use for calls. Pure.

wait: from its first message until somebody took or answered it (unanswered: until its end).
handle: while it was somebody's, without the spells in which it waited or was closed.
first response: from its first message until our first answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from callcenter.channels.conversation import Conversation

Result = Literal["answered", "missed", "abandoned", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What its interaction holds."""

    result: Result
    answered_at: datetime | None
    ended_at: datetime | None
    wait_seconds: float | None
    talk_seconds: float
    handle_seconds: float | None


def figures_of(conversation: Conversation, *, ours: bool = False) -> Figures:
    """`ours`: we wrote first; nobody waited then."""
    answered = _first(conversation.first_reply_at, None if ours else conversation.assigned_at)
    if conversation.channel != "chat":
        answered = conversation.first_reply_at
    return Figures(
        result=_result(conversation),
        answered_at=answered,
        ended_at=conversation.closed_at,
        wait_seconds=0.0 if ours else _wait(conversation),
        talk_seconds=conversation.handled_seconds,
        handle_seconds=conversation.handled_seconds if conversation.assigned_at else None,
    )


def first_response_seconds(conversation: Conversation) -> float | None:
    return _between(conversation.opened_at, conversation.first_reply_at)


def handle_seconds(conversation: Conversation, now: datetime) -> float:
    """As it stands now, the spell under way included."""
    return conversation.handled_seconds + (_between(conversation.handling_since, now) or 0.0)


def _result(conversation: Conversation) -> Result:
    """Whether they were answered: an open one does not tell yet, unless somebody wrote to them."""
    if conversation.first_reply_at is not None:
        return "answered"
    if conversation.state != "closed":
        return "unknown"
    if conversation.closed_how == "visitor":
        return "abandoned"
    # Whoever took and closed it dealt with it: a mail that says "thank you" asks for no answer.
    return "answered" if conversation.assigned_at is not None else "missed"


def _wait(conversation: Conversation) -> float | None:
    until = _first(conversation.assigned_at, conversation.first_reply_at)
    return _between(conversation.opened_at, until or conversation.closed_at)


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _between(since: datetime | None, until: datetime | None) -> float | None:
    if since is None or until is None:
        return None
    return max((until - since).total_seconds(), 0.0)
