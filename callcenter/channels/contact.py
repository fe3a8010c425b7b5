"""The interaction that a conversation or a meeting leaves: exactly one each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from callcenter.interactions.interaction import MatchKind

ContactChannel = Literal["email", "sms", "chat", "meeting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What is known at its beginning; what becomes of it is told by `figures`."""

    channel: ContactChannel
    direction: Literal["inbound", "outbound"]
    started_at: datetime
    number: str = ""
    """E.164 of the other party, where they wrote from a number."""
    number_raw: str = ""
    """Whatever they wrote from."""
    number_kind: str = "address"
    dialed: str = ""
    """Where they wrote to."""
    queue: str = ""
    subject: str = ""
    customer_id: int | None = None
    match: MatchKind = "none"
    candidate_ids: tuple[int, ...] = ()
    operator_id: int | None = None
    explanation: Mapping[str, Any] = field(default_factory=dict)
