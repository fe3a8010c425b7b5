"""What reports count, kept beside the calls, and its sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from callcenter.calls.record import CallRecord
from callcenter.reports.facts import VisitFact

DirtyKind = Literal["contacts", "states"]


class ReportFacts(Protocol):
    def save_visits(
        self,
        call_ids: Collection[str],
        visits: Sequence[VisitFact],
        interaction_ids: Mapping[str, int | None],
        others: Iterable[datetime],
    ) -> None:
        """In place of what was known of these calls; `others`: moments of calls without a queue.
        The half hours that any of it counts in, or did, are marked."""
        ...

    def mark(self, kind: DirtyKind, moments: Iterable[datetime]) -> None: ...

    def mark_queue(self, queue: str) -> None:
        """All that was ever counted of it counts differently now."""
        ...

    def dirty(self, limit: int) -> dict[str, tuple[list[int], list[datetime]]]:
        """Kind → the marks seen and their half hours, those of the newest first; at most so many
        half hours."""
        ...

    def clean(self, marks: Iterable[int]) -> None: ...

    def rebuild_contacts(self, halves: Sequence[datetime]) -> None: ...

    def rebuild_states(self, halves: Sequence[datetime], at: datetime) -> None: ...

    def position(self, name: str) -> tuple[str, datetime] | None: ...

    def keep_position(self, name: str, position: str, at: datetime) -> None: ...

    def calls_after(
        self, position: tuple[datetime, str] | None, limit: int
    ) -> list[tuple[datetime, CallRecord, int | None]]:
        """Calls by their start, the newest first, each with its interaction."""
        ...

    def place_legs(self, records: Sequence[CallRecord]) -> None: ...

    def add_past_states(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """What operators were long ago: rows of their history, each with its end."""
        ...

    def open_states(self) -> bool:
        """Whether anybody is logged in: their time goes on without anybody writing it."""
        ...

    def first_moments(self) -> tuple[datetime | None, datetime | None]:
        """When the oldest contact and the oldest state began."""
        ...
