"""Who may dial what, and what somebody's phone does now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from callcenter.calls.record import CallRecord
from callcenter.outbound.rights import OutboundRight


class Outbound(Protocol):
    def rights(self) -> list[OutboundRight]: ...

    def right_of(self, role: str) -> OutboundRight | None: ...

    def save(self, right: OutboundRight) -> None: ...

    def dialled_since(self, user_id: int, since: datetime) -> int:
        """How many calls to the outside this user made."""
        ...

    def call(self, call_id: str) -> CallRecord | None:
        """By its id, or by one that it was merged from: a screen may know it by the older."""
        ...

    def live_calls(self, endpoints: Sequence[str]) -> list[CallRecord]:
        """Calls that one of these devices takes part in now."""
        ...

    def last_pbx(self, user_id: int) -> str:
        """The PBX of the latest call that this user answered or placed; '' for none."""
        ...

    def device(self, user_id: int) -> str:
        """`browser` or `desk`: which of their two phones this user works with."""
        ...
