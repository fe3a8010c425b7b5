"""What was erased and must not come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTraces:
    """Interactions that are the customer's, those of others under one of their numbers, the calls
    of the first, and calls that may name one of the numbers somewhere."""

    own: tuple[int, ...]
    others: tuple[int, ...]
    calls: tuple[str, ...]
    mentions: tuple[str, ...]


class Erasures(Protocol):
    """What must not come back: kept as keyed hashes, of which nobody can tell whose they are."""

    def last(self) -> datetime | None:
        """When something was erased last; None when nothing ever was."""
        ...

    def erased(self, keys: Sequence[str]) -> dict[str, datetime]:
        """Key → the moment up to which it counts, for those that were erased."""
        ...

    def remember(self, keys: Sequence[str], at: datetime) -> None: ...

    def traces(
        self, customer_id: int, e164s: Sequence[str], digits: Sequence[str]
    ) -> CustomerTraces:
        """Where this customer is found; `digits` are the numbers without their countries."""
        ...

    def absorbed(self, call_ids: Sequence[str]) -> list[str]:
        """Calls that are part of these now, and kept a record of their own."""
        ...

    def blank_customer(self, customer_id: int, at: datetime) -> None:
        """Card, numbers, words and notes go; an empty card stays for what must be kept."""
        ...

    def blank_interactions(self, interaction_ids: Sequence[int], *, whole: bool) -> None:
        """Not `whole`: the contact is another customer's, and loses the number alone."""
        ...

    def blank_decisions(self, channels: Sequence[tuple[str, str]], e164s: Sequence[str]) -> int:
        """Routing decisions of these channels (pbx, uniqueid) and numbers."""
        ...

    def blank_set_aside(self, words: Sequence[str]) -> int:
        """Lines that hold any of these words."""
        ...
