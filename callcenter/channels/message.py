"""One message of a conversation: theirs, ours, a note among ourselves, or a word of the product's.
Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Direction = Literal["in", "out", "note", "system"]
MessageState = Literal["received", "queued", "sent", "failed"]
Purpose = Literal["service", "marketing"]
LONGEST = 100_000
# After each try that failed for a reason that may pass; then the message has failed.
RETRIES: tuple[timedelta, ...] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    conversation_id: int
    direction: Direction
    at: datetime
    id: int = 0
    author_id: int | None = None
    sender: str = ""
    recipients: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """`to` and `cc`: addresses."""
    subject: str = ""
    text: str = ""
    external_id: str | None = None
    in_reply_to: str = ""
    state: MessageState = "received"
    purpose: Purpose = "service"
    error: str = ""
    attempts: int = 0
    next_at: datetime | None = None
    delivered_at: datetime | None = None


def printable(text: str) -> str:
    """Without control characters and halves of surrogate pairs, which no database takes."""
    return "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")
    )


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failures; None: give up."""
    if not 1 <= attempts <= len(RETRIES):
        return None
    return now + RETRIES[attempts - 1]
