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


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person in all their cards: the one asked for, and those joined into it.

    Numbers, and mails and messengers (kind, folded value), are theirs alone. `hold` says why
    nothing of them may be erased; '' where nothing forbids it.
    """

    ids: tuple[int, ...]
    name: str
    e164s: tuple[str, ...]
    points: tuple[tuple[str, str], ...]
    external_ids: tuple[str, ...]
    names: tuple[str, ...]
    hold: str = ""


class Erasures(Protocol):
    """What must not come back: kept as keyed hashes, of which nobody can tell whose they are."""

    def last(self) -> datetime | None:
        """When something was erased last; None when nothing ever was."""
        ...

    def erased(self, keys: Sequence[str]) -> dict[str, datetime]:
        """Key → the moment up to which it counts, for those that were erased."""
        ...

    def remember(self, keys: Sequence[str], at: datetime) -> None: ...

    def person(self, customer_id: int) -> Person | None:
        """None if there is no such customer (any more)."""
        ...

    def traces(
        self, customer_ids: Sequence[int], e164s: Sequence[str], digits: Sequence[str]
    ) -> CustomerTraces:
        """Where they are found; `digits` are the numbers without their countries."""
        ...

    def absorbed(self, call_ids: Sequence[str]) -> list[str]:
        """Calls that are part of these now, and kept a record of their own."""
        ...

    def received(self, customer_ids: Sequence[int], addresses: Sequence[str]) -> list[str]:
        """By which ids the messages are known that `blank_conversations` takes away."""
        ...

    def blank_conversations(
        self, customer_ids: Sequence[int], addresses: Sequence[str], at: datetime
    ) -> list[int]:
        """What was written goes, files too; the interactions of these conversations come back."""
        ...

    def blank_customers(
        self, customer_ids: Sequence[int], interaction_ids: Sequence[int], at: datetime
    ) -> None:
        """Everything of these cards goes; empty ones stay for what must be kept."""
        ...

    def doom(self, kind: str, names: Sequence[str], at: datetime) -> None:
        """Bytes on disk that have to go once this is committed."""
        ...

    def doom_transfers(self, at: datetime) -> None:
        """Files given out or taken in, of which nobody knows whom they hold."""
        ...

    def scrub(self, words: Sequence[str]) -> int:
        """Take these words out of what others wrote. How many rows had them."""
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
