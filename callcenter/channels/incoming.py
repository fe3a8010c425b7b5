"""A message that came in, whatever the channel, before it has found its conversation. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callcenter.channels.conversation import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """`address`: who wrote, as it is compared (folded mail address, E.164, a visitor's key);
    `written_from` as they wrote it. `names`: ids of earlier messages that it answers, the closest
    first; `conversation_id`: one that it names by our own mark. `automatic`: no person wrote it.
    """

    channel: Channel
    address: str
    account: str
    at: datetime
    text: str
    external_id: str | None
    written_from: str = ""
    sender: str = ""
    queue: str = ""
    subject: str = ""
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    thread_key: str = ""
    conversation_id: int | None = None
    automatic: bool = False
    visitor: Mapping[str, Any] = field(default_factory=dict)
