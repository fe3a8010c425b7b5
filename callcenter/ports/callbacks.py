"""Call-backs that callers asked for, and messages they left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.callbacks.request import CallbackRequest
from callcenter.calls.record import CallRecord
from callcenter.voicemail.message import Voicemail


class Callbacks(Protocol):
    def get(self, request_id: int) -> CallbackRequest | None: ...

    def open_of(self, number: str, queue: str) -> CallbackRequest | None: ...

    def of_command(self, command_ids: Collection[str]) -> Sequence[CallbackRequest]:
        """Open ones that were offered under one of these ids."""
        ...

    def open_for(
        self, numbers: Iterable[str], customer_ids: Iterable[int]
    ) -> Sequence[CallbackRequest]:
        """Open ones of these numbers, and of these customers."""
        ...

    def of_calls(self, call_ids: Collection[str]) -> Sequence[CallbackRequest]:
        """Those that were asked for in one of these calls and do not know their contact yet."""
        ...

    def call_of(self, uniqueid: str) -> CallRecord | None:
        """The call that has this channel."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[CallbackRequest]:
        """What waits and may be tried, what is offered and whose lease is over, and what has
        expired; whoever waits longest comes first."""
        ...

    def add(self, values: Mapping[str, Any]) -> int:
        """Conflict where another open one has the number and the queue."""
        ...

    def change(self, request: CallbackRequest, values: Mapping[str, Any]) -> bool:
        """Only while it is as `request` has it (state, attempt): False if another was first."""
        ...


class Voicemails(Protocol):
    def get(self, voicemail_id: int) -> Voicemail | None: ...

    def add_missing(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """How many of these were not known: each is one file of one PBX."""
        ...

    def of_calls(self, call_ids: Collection[str]) -> Sequence[Voicemail]: ...

    def unmeasured(self, limit: int) -> Sequence[Voicemail]:
        """Whose sound nobody has looked at yet."""
        ...

    def open_for(
        self, numbers: Iterable[str], customer_ids: Iterable[int]
    ) -> Sequence[Voicemail]: ...

    def change(self, voicemail_id: int, values: Mapping[str, Any]) -> None: ...

    def counts(self) -> dict[int, dict[str, int]]:
        """User → `callbacks_open` and `voicemails_open` of their queues; who leads has all."""
        ...
