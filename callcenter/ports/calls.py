"""Calls, the events they were made from, and what the ledger changed in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from callcenter.calls.journal import JournalPart
from callcenter.calls.record import CallRecord
from callcenter.calls.repair import Repair


class Calls(Protocol):
    """Calls as the tracker knows them. Writing the same record twice changes nothing."""

    def save_many(
        self, records: Sequence[CallRecord], users_by_endpoint: Mapping[str, int]
    ) -> None: ...

    def merge(self, absorbed_id: str, into_id: str) -> None: ...

    def get(self, call_id: str) -> CallRecord | None: ...

    def live_ids(self, pbx: str) -> list[str]: ...

    def live_records(self, pbx: str) -> list[CallRecord]: ...

    def find_by_uniqueid(self, pbx: str, uniqueid: str) -> str | None: ...

    def id_map(
        self, pbx: str, uniqueids: Sequence[str], around: datetime | None = None
    ) -> dict[str, str]:
        """uniqueid → id of the call it belongs to, for those that are known.

        A PBX that was made anew gives its old uniqueids again: with `around`, only a call within a
        day of that moment counts (the nearest, where there are several); without, the newest.
        """
        ...

    def id_map_near(self, pbx: str, moments: Mapping[str, datetime | None]) -> dict[str, str]:
        """The same for many channels, each with the moment of its own call; in one query."""
        ...

    def existing(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Those of the ids that a call has."""
        ...

    def rewrite(self, records: Sequence[CallRecord]) -> None:
        """Replace the texts of calls and legs that are stored; nothing else of them changes."""
        ...

    def settled(self, call_ids: Sequence[str], at: datetime) -> None:
        """The ledger had its say on these calls."""
        ...

    def unsettle(self, call_ids: Sequence[str]) -> None: ...

    def settled_at(self, call_ids: Sequence[str]) -> dict[str, datetime]:
        """Call id → when the ledger settled it, for those that it did."""
        ...

    def close_missing(self, pbx: str, alive: Sequence[str], at: datetime) -> list[str]:
        """End the calls held live that are not in `alive` (call ids). Returns their ids."""
        ...


class Journal(Protocol):
    """The raw events that calls were made from."""

    def add(self, parts: Sequence[JournalPart]) -> None:
        """Idempotent. A part of source "ledger" replaces the one that its call has."""
        ...

    def of_call(self, call_id: str) -> tuple[JournalPart, ...]: ...

    def of_calls(self, call_ids: Sequence[str]) -> dict[str, tuple[JournalPart, ...]]:
        """Call id → its parts, for the calls that have any; of one call in order of writing."""
        ...

    def merge(self, absorbed_id: str, into_id: str) -> None: ...

    def forget(self, call_ids: Sequence[str]) -> None: ...

    def prune(self, before: datetime, limit: int) -> int: ...


class Repairs(Protocol):
    """What the ledger changed in calls; their number stands on the interaction."""

    def record(self, repairs: Sequence[Repair]) -> None:
        """Idempotent: a repair that is told again is the same repair."""
        ...

    def of_call(self, call_id: str) -> tuple[Repair, ...]: ...

    def merge(self, absorbed_id: str, into_id: str) -> None: ...

    def forget(self, call_ids: Sequence[str]) -> None: ...
