"""Other systems that are told: who they are, and what is on its way to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.webhooks.webhook import Answer, Outgoing, Webhook


class Outbox(Protocol):
    """Written in the transaction that did what is told; nothing leaves before its commit."""

    def wanted(self) -> frozenset[str]:
        """The events that any active webhook asks for; read once for each transaction."""
        ...

    def tell(
        self,
        event: str,
        object_type: str,
        object_id: int | str,
        payload: Mapping[str, Any],
        at: datetime,
    ) -> None:
        """To every webhook that asks for it; nothing where none does. `payload` is JSON."""
        ...

    def tell_many(
        self,
        event: str,
        object_type: str,
        payloads: Sequence[tuple[int | str, Mapping[str, Any]]],
        at: datetime,
        *,
        once: bool = False,
    ) -> None:
        """The same for many objects (their ids and payloads), in one statement. `once`: what a
        webhook was told of this object and event already, it is not told again."""
        ...


class Webhooks(Protocol):
    """Webhooks and the log of their deliveries. A webhook's secret is write-only."""

    def add(
        self,
        title: str,
        url: str,
        secret: str,
        events: Sequence[str],
        *,
        created_by: int | None,
        at: datetime,
    ) -> int: ...

    def count(self) -> int: ...

    def get(self, webhook_id: int) -> Webhook | None: ...

    def update(self, webhook_id: int, values: Mapping[str, Any]) -> None: ...

    def remove(self, webhook_id: int) -> None:
        """With its log."""
        ...

    def ping(
        self, webhook_id: int, event: str, payload: Mapping[str, Any], at: datetime
    ) -> int: ...

    def take_due(self, now: datetime, until: datetime, limit: int) -> list[Outgoing]:
        """Deliveries that are due, taken until then: nobody else takes them before."""
        ...

    def note(
        self, delivery_id: int, answer: Answer, at: datetime, next_at: datetime | None
    ) -> None:
        """What came of an attempt; `next_at` of None after a failure: that was the last one."""
        ...

    def send_again(
        self, webhook_id: int, at: datetime, delivery_id: int | None = None, limit: int = 1_000
    ) -> int:
        """One delivery whatever became of it, or all that failed. How many."""
        ...

    def prune(self, before: datetime, limit: int) -> int: ...

    def forget(self, object_type: str, object_ids: Sequence[str]) -> None:
        """Payloads about these are emptied, and what was still to be sent is not."""
        ...


class WebhookSender(Protocol):
    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One POST, with time-outs. Never raises for what the other side does."""
        ...
