"""Segments, whom bulk actions are about, and what users chose for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.segments.segment import Segment, SegmentDraft


class Segments(Protocol):
    def add(self, draft: SegmentDraft, owner_id: int, at: datetime) -> int: ...

    def get(self, segment_id: int) -> Segment | None: ...

    def update(
        self, segment_id: int, values: Mapping[str, Any], *, version: int, at: datetime
    ) -> int:
        """Returns the new version. Conflict if `version` is not the stored one any more."""
        ...

    def delete(self, segment_id: int) -> None: ...

    def add_members(self, segment_id: int, customer_ids: Sequence[int]) -> None:
        """Those who are in it already stay; counts anew."""
        ...

    def remove_members(self, segment_id: int, customer_ids: Sequence[int]) -> None: ...

    def remember(self, user_id: int, key: str, value: Any) -> None:
        """What a user chose for themselves; None forgets it."""
        ...


class BulkTargets(Protocol):
    """Whom a bulk action is about, and who of them it has been done for."""

    def add(self, batch_id: int, customer_ids: Sequence[int]) -> None: ...

    def waiting(self, batch_id: int, limit: int) -> list[int]: ...

    def done(self, batch_id: int, left_out: Mapping[int, str], done: Sequence[int]) -> None:
        """`left_out`: customer → why."""
        ...

    def counts(self, batch_id: int) -> dict[str, int]:
        """How many are waiting, done, left."""
        ...

    def done_ids(self, batch_id: int) -> list[int]: ...

    def left_out(self, batch_id: int, limit: int) -> list[tuple[int, str]]: ...

    def running(self) -> list[int]:
        """Bulk actions that have begun and have not ended, the oldest first."""
        ...
