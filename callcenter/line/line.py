"""Messages between people at work, as plain values; who may write to whom.

Operators write to the supervisors as a body, and any supervisor answers: nobody's question waits
for one who has gone home. Supervisors write to anybody, and to all operators of a queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

LineKind = Literal["text", "help"]
LONGEST = 2_000
LEADERS = frozenset({"supervisor", "admin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMessage:
    """Without a recipient it is for every supervisor.

    Of a call for help, `resolved_by` is who comes, and `read_at` when the caller put it away.
    """

    id: int
    at: datetime
    sender_id: int
    sender: str
    recipient_id: int | None
    kind: LineKind
    text: str
    call_id: str | None
    read_at: datetime | None
    resolved_at: datetime | None
    resolved_by: int | None
    resolver: str = ""
    interaction_id: int | None = None
    """Of the call in which help is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What one person has written that is not read yet: the last of it, and how much it is."""

    sender_id: int
    sender: str
    unread: int
    message_id: int
    at: datetime
    text: str

    def payload(self) -> dict[str, Any]:
        return {
            "id": head_id(self.sender_id),
            "kind": "text",
            "user_id": self.sender_id,
            "name": self.sender,
            "unread": self.unread,
            "message_id": self.message_id,
            "at": self.at.isoformat(),
            "text": self.text,
        }


def head_id(sender_id: int) -> str:
    return f"from-{sender_id}"


def help_id(message_id: int) -> str:
    return f"help-{message_id}"


def help_payload(message: LineMessage) -> dict[str, Any]:
    return {
        "id": help_id(message.id),
        "kind": "help",
        "help": message.id,
        "user_id": message.sender_id,
        "name": message.sender,
        "at": message.at.isoformat(),
        "text": message.text,
        "call_id": message.call_id,
        "interaction_id": message.interaction_id,
        "resolved_by": message.resolved_by,
        "resolver": message.resolver,
    }


def may_write_to(sender_role: str, recipient_role: str | None) -> bool:
    """`recipient_role` None: to the supervisors."""
    if sender_role in LEADERS:
        return recipient_role is not None
    return recipient_role is None


def may_read_with(role: str, user_id: int, other_id: int) -> bool:
    """The conversations of operators are open to every supervisor; an operator reads their own."""
    return role in LEADERS or user_id == other_id
