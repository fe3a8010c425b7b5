"""A webhook and its deliveries, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

DeliveryState = Literal["pending", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """`url` is told the `events`. Without its secret: that leaves the store only to sign."""

    id: int
    title: str
    url: str
    events: tuple[str, ...]
    active: bool
    created_at: datetime
    failing_since: datetime | None = None
    """Nothing has arrived there since; None: the last delivery did."""
    disabled_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one webhook. `next_at`: when it is tried (again)."""

    id: int
    webhook_id: int
    message_id: str
    event: str
    object_type: str
    object_id: str
    payload: Mapping[str, Any]
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    last_status: int | None
    last_error: str
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery that was taken to be sent now, with what is needed for it."""

    id: int
    webhook_id: int
    message_id: str
    url: str
    secret: str
    payload: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: the HTTP status, or 0 and in words why there was none."""

    status: int
    error: str = ""

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver says that it does not want any more (410)."""
        return self.status == 410
