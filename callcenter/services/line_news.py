"""What screens hear of the message line: each unread head and each call for help, whole.

Publishes nothing itself. The snapshot is made of the same payloads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from callcenter.line.line import LineMessage, head_id, help_id, help_payload
from callcenter.ports import UnitOfWork
from callcenter.realtime.messages import Audience, Message


def head_news(
    uow: UnitOfWork, users: Iterable[int], sender_id: int, text: Mapping[str, Any] | None = None
) -> list[Message]:
    """For each user what they have of this sender unread, or that it is read; and how much they
    have unread in all. `text`: the new message, for conversations that are open on a screen."""
    news = []
    for user_id, heads in uow.line.heads(users).items():
        head = next((one for one in heads if one.sender_id == sender_id), None)
        gone = {"id": head_id(sender_id), "gone": True}
        payload: dict[str, Any] = {
            "type": "line",
            "message": head.payload() if head is not None else gone,
            "counts": {"unread": sum(one.unread for one in heads)},
        }
        if text is not None:
            payload["text"] = dict(text)
        audience = Audience(users=(user_id,))
        news.append(Message(kind="message", audience=audience, payload=payload))
    return news


def read_news(users: Iterable[int], reader_id: int) -> list[Message]:
    """Whoever has the conversation open sees that what they wrote was read."""
    audience = Audience(users=tuple(sorted(users)))
    payload = {"type": "line", "text": {"sender_id": reader_id}}
    return [Message(kind="message", audience=audience, payload=payload)] if audience.users else []


def help_news(uow: UnitOfWork, message: LineMessage) -> list[Message]:
    """Supervisors see it until somebody comes; who called sees it until they put it away."""
    others = uow.tasks.leaders() - {message.sender_id}
    asked = message.resolved_at is None
    return [
        _help(others, help_payload(message) if asked else _gone(message)),
        _help({message.sender_id}, _gone(message) if message.read_at else help_payload(message)),
    ]


def _gone(message: LineMessage) -> dict[str, Any]:
    return {"id": help_id(message.id), "gone": True, "resolver": message.resolver}


def _help(users: Iterable[int], payload: dict[str, Any]) -> Message:
    audience = Audience(users=tuple(sorted(users)))
    return Message(kind="message", audience=audience, payload={"type": "help", "message": payload})
