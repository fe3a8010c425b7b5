"""Customers and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from callcenter.customers.customer import (
    CustomerBrief,
    CustomerDraft,
    NumberOwners,
    StoredPhone,
)


class Customers(Protocol):
    """Customers, their numbers and organisations."""

    def add(
        self,
        draft: CustomerDraft,
        phones: Sequence[StoredPhone],
        organization_id: int | None,
        at: datetime,
    ) -> int: ...

    def add_unconfirmed(self, names: Mapping[str, str], at: datetime) -> dict[str, int]:
        """Cards that begin with nothing but a number and a name; E.164 → the customer."""
        ...

    def hold(self, customer_ids: Sequence[int]) -> None:
        """Until the end of the transaction nobody else changes them or works out what they come to.
        Before anything of theirs that others write as well, so that nobody waits in a circle.
        """
        ...

    def hold_numbers(self, e164s: Sequence[str]) -> None:
        """Until the end of the transaction nobody else begins cards for these numbers: who waited
        sees the card that the other made.
        """
        ...

    def update(
        self, customer_id: int, values: Mapping[str, Any], *, version: int, at: datetime
    ) -> int:
        """Returns the new version. Conflict if `version` is not the stored one any more."""
        ...

    def version(self, customer_id: int) -> int: ...

    def confirm(self, customer_id: int, at: datetime) -> None: ...

    def delete(self, customer_id: int, at: datetime) -> None:
        """Put away. NotFound if it is already."""
        ...

    def replace_phones(self, customer_id: int, phones: Sequence[StoredPhone]) -> None: ...

    def index_words(self, customer_id: int) -> None:
        """What they are found by, after something they are called by has changed."""
        ...

    def renamed_organization(self, organization_id: int) -> None:
        """Its people are found by its new name."""
        ...

    def add_phone(self, customer_id: int, phone: StoredPhone) -> bool:
        """False if the customer has that number already."""
        ...

    def get(self, customer_id: int) -> CustomerBrief | None: ...

    def briefs(
        self, customer_ids: Sequence[int], today: date | None = None
    ) -> dict[int, CustomerBrief]: ...

    def find_ids_by_number(self, e164: str, today: date | None = None) -> list[CustomerBrief]: ...

    def find_by_numbers(
        self, e164s: Sequence[str], today: date | None = None
    ) -> dict[str, NumberOwners]: ...

    def ensure_organization(self, name: str, at: datetime) -> int: ...
