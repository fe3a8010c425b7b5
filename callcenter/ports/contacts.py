"""What belongs to customers and organisations beside their own rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.customers.consents import Consent, ConsentDraft
from callcenter.customers.contacts import AddressDraft, ContactDraft
from callcenter.customers.organization import OrganizationDraft, StoredSwitchboard
from callcenter.customers.stored_file import FileRow, StoredFile
from callcenter.customers.tags import Tag
from callcenter.fields.definition import FieldDef, FieldDraft, FieldObject, Value


class Contacts(Protocol):
    """Mail addresses and messengers, postal addresses, further organisations of a customer."""

    def replace_points(self, customer_id: int, points: Sequence[ContactDraft]) -> None: ...

    def set_main_email(self, customer_id: int, value: str) -> None:
        """The main mail address; '' takes it away, and the next one becomes the main one."""
        ...

    def points(self, customer_ids: Sequence[int]) -> dict[int, tuple[ContactDraft, ...]]: ...

    def owners_of(self, kind: str, keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Folded value → customers who have it."""
        ...

    def replace_addresses(
        self,
        drafts: Sequence[AddressDraft],
        *,
        customer_id: int | None = None,
        organization_id: int | None = None,
    ) -> None: ...

    def replace_memberships(self, customer_id: int, roles: Mapping[int, str], at: datetime) -> None:
        """`roles`: organisation → what the person is there."""
        ...


class Tags(Protocol):
    def ensure(self, names: Sequence[str]) -> list[int]:
        """Their ids, in order; made where there is none of that name in any case."""
        ...

    def get(self, tag_id: int) -> Tag | None: ...

    def set(self, customer_id: int, tag_ids: Sequence[int]) -> None: ...

    def of(self, customer_ids: Sequence[int]) -> dict[int, tuple[Tag, ...]]: ...

    def change(self, tag_id: int, name: str, tone: str) -> None: ...

    def remove(self, tag_id: int) -> int:
        """From everybody. How many had it."""
        ...


class Consents(Protocol):
    def add(
        self, customer_id: int, draft: ConsentDraft, at: datetime, user_id: int | None
    ) -> int: ...

    def of(self, customer_ids: Sequence[int]) -> list[Consent]: ...


class Files(Protocol):
    def add(self, row: FileRow, at: datetime) -> int: ...

    def get(self, file_id: int) -> StoredFile | None:
        """Deleted ones too."""
        ...

    def delete(self, file_id: int, at: datetime) -> None: ...

    def restore(self, file_id: int) -> None: ...


class CustomFields(Protocol):
    """Fields of a company's own, and what records have in them."""

    def defs(
        self, of: FieldObject, *, active: bool | None = True, builtin: bool | None = False
    ) -> tuple[FieldDef, ...]: ...

    def get(self, field_id: int) -> FieldDef | None: ...

    def add(self, draft: FieldDraft) -> int: ...

    def change(self, field_id: int, values: Mapping[str, Any]) -> None: ...

    def values(self, of: FieldObject, ids: Sequence[int]) -> dict[int, dict[str, Value]]:
        """Record → key → value, for those that have any."""
        ...

    def store(self, of: FieldObject, object_id: int, values: Mapping[str, Value | None]) -> None:
        """Only the keys named; None takes the value away."""
        ...

    def store_many(
        self, of: FieldObject, values: Mapping[int, Mapping[str, Value | None]]
    ) -> None: ...


class Organizations(Protocol):
    def add(self, draft: OrganizationDraft, at: datetime) -> int: ...

    def update(
        self, organization_id: int, values: Mapping[str, Any], *, version: int, at: datetime
    ) -> int:
        """The new version. Conflict if `version` is not the stored one any more."""
        ...

    def replace_phones(self, organization_id: int, phones: Sequence[StoredSwitchboard]) -> None: ...

    def exists(self, organization_id: int) -> bool: ...

    def owner_of(self, organization_id: int) -> int | None: ...

    def delete(self, organization_id: int, at: datetime) -> int:
        """Put away: its people stay. The new version."""
        ...

    def restore(self, organization_id: int, at: datetime) -> None: ...
