"""Cards that may be one person's, and cards that were joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.duplicates.likeness import Likened
from callcenter.duplicates.pair import Merge, Pair, PairState, Search


class Duplicates(Protocol):
    def index(self, customer_ids: Sequence[int]) -> None:
        """What these are compared by, made anew from their names."""
        ...

    def likened(self, customer_ids: Sequence[int]) -> dict[int, Likened]:
        """What is compared of them; deleted ones are left out."""
        ...

    def organizations_named(self, name: str) -> list[int]:
        """In any case; the first few."""
        ...

    def near(self, card: Likened, keys: Sequence[str], limit: int) -> list[int]:
        """Who shares a number, an address or one of the keys with it."""
        ...

    def blocks(self, step: str, position: str, limit: int) -> Blocks:
        """Groups of cards that share something, after `position`."""
        ...

    def reindex_after(self, position: str, limit: int) -> tuple[str, int]:
        """Indexes the next `limit` customers. The last one's id ('' for the end), and how many."""
        ...

    def store(self, pairs: Sequence[Pair], at: datetime) -> int:
        """How many are new. What was decided stays decided."""
        ...

    def forget_open(self, pairs: Sequence[tuple[int, int]]) -> None: ...

    def open_after(self, position: str, limit: int) -> list[Pair]: ...

    def decide(
        self, a_id: int, b_id: int, state: PairState, *, user_id: int | None, at: datetime
    ) -> None:
        """Also of a pair that nobody had found."""
        ...

    def state_of(self, a_id: int, b_id: int) -> PairState | None: ...

    def search(self) -> Search | None: ...

    def save_search(self, search: Search) -> None: ...


class Blocks(Protocol):
    @property
    def position(self) -> str: ...

    @property
    def groups(self) -> Sequence[Sequence[int]]: ...


class Merges(Protocol):
    def move(self, loser_id: int, survivor_id: int) -> dict[str, list[list[Any]]]:
        """Everything that points at the loser points at the survivor; what was moved."""
        ...

    def move_back(self, moved: Mapping[str, Any], loser_id: int, survivor_id: int) -> None: ...

    def settle_candidates(self, survivor_id: int) -> list[int]:
        """Contacts that could be either's are the survivor's now. Their ids."""
        ...

    def unsettle_candidates(self, interaction_ids: Sequence[int], survivor_id: int) -> None: ...

    def live_interactions(self, customer_ids: Sequence[int]) -> list[int]:
        """Of calls that go on at this moment."""
        ...

    def lock(self, customer_ids: Sequence[int]) -> None:
        """Nobody else joins or changes these until this transaction ends."""
        ...

    def close(self, loser_id: int, survivor_id: int | None, at: datetime) -> None:
        """The loser is put aside and leads to the survivor; None makes it a card again."""
        ...

    def touch(self, customer_ids: Sequence[int]) -> None:
        """Their words, keys and order follow from what their cards say."""
        ...

    def add(
        self,
        *,
        survivor_id: int,
        loser_id: int,
        at: datetime,
        user_id: int | None,
        batch_id: int | None,
        moved: Mapping[str, Any],
        before: Mapping[str, Any],
    ) -> int: ...

    def get(self, merge_id: int) -> Merge | None: ...

    def latest_of(self, survivor_id: int, loser_id: int) -> Merge | None: ...

    def set_batch(self, merge_id: int, batch_id: int) -> None: ...

    def mark_undone(self, merge_id: int, *, user_id: int | None, at: datetime) -> None: ...

    def leads_to(self, customer_id: int) -> int:
        """The card that this one's contacts are on now: itself unless it was joined."""
        ...
