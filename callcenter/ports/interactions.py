"""What calls leave behind, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from callcenter.customers.phone import PhoneNumber
from callcenter.interactions.interaction import InteractionRow, MatchKind
from callcenter.interactions.logged import LoggedCall
from callcenter.interactions.stored import StoredInteraction


class Interactions(Protocol):
    """What calls leave behind: one row for each call."""

    def upsert_many(self, rows: Sequence[InteractionRow]) -> dict[str, int]:
        """call_id → interaction id. A match chosen by a person is never overwritten."""
        ...

    def log(
        self,
        call: LoggedCall,
        number: PhoneNumber,
        match: MatchKind,
        customer_ids: Sequence[int],
        operator_id: int | None,
    ) -> tuple[int, bool]:
        """A call that another system tells of: (id, whether it is new). A known `external_id`
        is left as it is."""
        ...

    def merge(self, absorbed_call_id: str, into_call_id: str) -> None: ...

    def link(self, interaction_id: int, customer_id: int | None, match: MatchKind) -> None: ...

    def get(self, interaction_id: int) -> StoredInteraction | None: ...

    def hold(self, interaction_id: int) -> StoredInteraction | None:
        """As `get`, and nobody else writes it until the end of the transaction."""
        ...

    def identified(self, call_ids: Sequence[str]) -> dict[str, StoredInteraction]: ...


class Notes(Protocol):
    def save(
        self,
        *,
        author_id: int,
        text: str,
        at: datetime,
        interaction_id: int | None = None,
        customer_id: int | None = None,
    ) -> int:
        """One note per author and interaction: saving again replaces the text. Returns its id."""
        ...
