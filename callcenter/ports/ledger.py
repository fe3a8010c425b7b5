"""How far the ledger was read, and what arrived of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from callcenter.calls.ledger import LedgerPosition, LedgerSource, SetAside


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxChunk:
    """Bytes of a ledger's file as a forwarder sent them: `data` begins at `offset` of the file."""

    id: int
    pbx: str
    file_id: str
    path: str
    offset: int
    data: bytes


class Ledger(Protocol):
    """How far the ledger was read, what of it could not be, and what forwarders have sent."""

    def position(self, pbx: str, source: LedgerSource) -> LedgerPosition | None: ...

    def save_position(self, position: LedgerPosition) -> None: ...

    def set_aside(self, rows: Sequence[SetAside]) -> None:
        """Idempotent by (pbx, source, file, position)."""
        ...

    def prune_set_aside(self, before: datetime, limit: int) -> int: ...

    def receive(  # noqa: PLR0917 (one row of the inbox)
        self, pbx: str, file_id: str, path: str, offset: int, data: bytes, at: datetime
    ) -> int:
        """Returns the offset that is expected next. Bytes beyond a gap are refused, bytes that are
        here already are left out; without `data` this only asks."""
        ...

    def inbox(self, pbx: str, after_id: int, limit: int) -> tuple[InboxChunk, ...]: ...

    def drop_inbox(self, pbx: str, up_to_id: int) -> int: ...
