"""What records were, and what was done to many of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.history.batch import Batch, BatchKind, BatchState
from callcenter.history.change import Change, ChangeDraft


class History(Protocol):
    """Records as documents, and the changes they went through."""

    def keeps(self, object_type: str) -> bool:
        """Whether there is such a kind of record."""
        ...

    def documents(self, object_type: str, ids: Sequence[int | str]) -> dict[str, dict[str, Any]]:
        """Id (as text) → the record whole, for those that exist."""
        ...

    def write(
        self, object_type: str, object_id: int | str, values: Mapping[str, Any], at: datetime
    ) -> None:
        """Sets these fields of a record, without asking anybody; makes it if it is gone."""
        ...

    def remove(self, object_type: str, object_id: int | str, at: datetime) -> None:
        """Puts a record aside where its kind can be; deletes it otherwise."""
        ...

    def add(self, changes: Sequence[ChangeDraft]) -> None:
        """In one statement."""
        ...

    def change(self, change_id: int) -> Change | None: ...

    def since(self, object_type: str, object_id: int | str, change_id: int) -> list[Change]:
        """What changed after that change, the latest first."""
        ...

    def of_batch(self, batch_id: int, below_id: int | None, limit: int) -> list[Change]:
        """The latest first; `below_id` is the last one that was read."""
        ...

    def used(self, object_type: str, ids: Sequence[int | str]) -> frozenset[str]:
        """Those that something else hangs on by now."""
        ...

    def forget(self, object_type: str, ids: Sequence[int | str]) -> None:
        """What these were is told no more: the fields of their changes are emptied."""
        ...


class Batches(Protocol):
    """What was done to many records at once, so that it can be taken back at once."""

    def add(
        self,
        kind: BatchKind,
        title: str,
        *,
        user_id: int | None,
        at: datetime,
        total: int = 0,
        detail: Mapping[str, Any] | None = None,
    ) -> int: ...

    def hold(self, batch_id: int) -> Batch | None:
        """As `get`, and nobody else goes on with it until the end of the transaction."""
        ...

    def get(self, batch_id: int) -> Batch | None: ...

    def update(
        self,
        batch_id: int,
        *,
        state: BatchState | None = None,
        done: int | None = None,
        total: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """`detail` is added to what is there."""
        ...

    def asked(self) -> list[Batch]:
        """Of the latest, those that somebody wants taken back (`undo_wanted` in their detail)."""
        ...

    def mark_undone(self, batch_id: int, *, user_id: int | None, at: datetime) -> None: ...
