"""What a customer is to the rest of the product, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

PhoneKind = Literal["mobile", "work", "home", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBrief:
    """A customer in a line: what a pop, a list or a chooser shows.

    `overdue_minor` is what is overdue in `currency` (the one most is owed in), 0 for nobody's debt.
    `phones` are E.164, the main one first.
    """

    id: int
    display_name: str
    organization: str = ""
    position: str = ""
    vip_level: int = 0
    blocked: bool = False
    overdue_minor: int = 0
    currency: str = ""
    city: str = ""
    language: str = ""
    confirmed: bool = True
    phones: tuple[str, ...] = ()

    def payload(self) -> dict[str, Any]:
        """JSON-ready, as messages and the API carry it."""
        return {**asdict(self), "phones": list(self.phones)}


def in_order(people: Iterable[CustomerBrief]) -> tuple[CustomerBrief, ...]:
    """Those who may be meant, as a chooser lists them."""
    return tuple(sorted(people, key=lambda one: (one.display_name, one.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDraft:
    """A number as somebody wrote it; the service normalises it."""

    number: str
    kind: PhoneKind = "other"
    is_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """What a person or a file says about a new customer. `display_name` may be left to the parts.

    `organization` is a name: found in any case, or made.
    """

    display_name: str = ""
    given_name: str = ""
    family_name: str = ""
    organization: str = ""
    position: str = ""
    email: str = ""
    language: str = ""
    city: str = ""
    vip_level: int = 0
    blocked: bool = False
    block_reason: str = ""
    owner_id: int | None = None
    confirmed: bool = True
    remarks: str = ""
    phones: tuple[PhoneDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanges:
    """Only what is named in `fields` changes (names as in CustomerDraft, without `phones`).

    `phones` of None leaves the numbers alone; a tuple replaces them all.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    phones: tuple[PhoneDraft, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPhone:
    """A normalised number on its way to the store."""

    e164: str
    extension: str = ""
    kind: PhoneKind = "other"
    is_primary: bool = False
    raw: str = ""
