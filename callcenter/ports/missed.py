"""The worklist of calls in vain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from callcenter.missed.rule import ClosedHow, Contact, QueueRule


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCall:
    """One number that waits to be called back, or waited."""

    id: int
    number: str
    customer_id: int | None
    queue: str
    first_at: datetime
    last_at: datetime
    times: int
    interaction_id: int | None
    due_at: datetime
    claimed_by: int | None
    claimed_at: datetime | None
    attempts: int
    last_attempt_at: datetime | None
    closed_at: datetime | None
    closed_how: ClosedHow
    closed_by: int | None
    closed_interaction_id: int | None
    closed_why: str


class Missed(Protocol):
    def get(self, missed_id: int) -> MissedCall | None: ...

    def rows(
        self, numbers: Iterable[str], customer_ids: Iterable[int], since: datetime
    ) -> tuple[MissedCall, ...]:
        """Of these numbers and customers: what is open, and what was closed after `since`."""
        ...

    def closed_by_hand(self, numbers: Iterable[str]) -> dict[str, datetime]:
        """Number → when somebody last took it, or a call-back to it, off the list."""
        ...

    def counts(self) -> dict[int, int]:
        """User → how many wait in their queues; supervisors see to all queues."""
        ...

    def contacts(
        self, numbers: Iterable[str], customer_ids: Iterable[int], since: datetime
    ) -> tuple[Contact, ...]:
        """Calls from and to outside with these numbers and customers, begun after `since`; and
        call-backs that these numbers asked for and that never came about."""
        ...

    def rules(self) -> dict[str, QueueRule]: ...

    def add(self, values: Mapping[str, Any]) -> int: ...

    def change(self, missed_id: int, values: Mapping[str, Any]) -> None: ...

    def remove(self, missed_ids: Sequence[int]) -> None:
        """They never were calls in vain: the PBX's ledger says so."""
        ...

    def claim(
        self, missed_id: int, user_id: int | None, at: datetime | None, *, stale: datetime
    ) -> bool:
        """Atomic: False if another has claimed it after `stale`, or it is closed. None gives it
        back."""
        ...
