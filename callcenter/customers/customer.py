"""What a customer is to the rest of the product, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from callcenter.customers.contacts import AddressDraft, ContactDraft, MembershipDraft

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
    invalid: bool = False
    opted_out: bool = False
    shared: bool = False
    """Several people answer there: the number alone never says who it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """What a person or a file says about a new customer. `display_name` may be left to the parts.

    `organization` is a name: found in any case, or made. `email` is the main mail address, beside
    those in `contacts`. `status` and `segment` are keys of the company's own choices, `tags` names,
    `custom` the company's own fields by key.
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
    status: str = ""
    segment: str = ""
    time_zone: str = ""
    preferences: Mapping[str, Any] = field(default_factory=dict)
    phones: tuple[PhoneDraft, ...] = ()
    contacts: tuple[ContactDraft, ...] = ()
    addresses: tuple[AddressDraft, ...] = ()
    memberships: tuple[MembershipDraft, ...] = ()
    tags: tuple[str, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanges:
    """Only what is named in `fields` changes (names as in CustomerDraft, without the lists).

    A list of None is left alone; a tuple replaces it whole. Of `custom` only the keys named change.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    phones: tuple[PhoneDraft, ...] | None = None
    contacts: tuple[ContactDraft, ...] | None = None
    addresses: tuple[AddressDraft, ...] | None = None
    memberships: tuple[MembershipDraft, ...] | None = None
    tags: tuple[str, ...] | None = None
    custom: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPhone:
    """A normalised number on its way to the store."""

    e164: str
    extension: str = ""
    kind: PhoneKind = "other"
    is_primary: bool = False
    raw: str = ""
    invalid: bool = False
    opted_out: bool = False
    shared: bool = False


class NumberOwners(tuple[CustomerBrief, ...]):
    """Those who may be behind a number, by name.

    `shared`: several people answer there, so that even a single owner is only a suggestion.
    `organization` is whose switchboard it is, '' for nobody's.
    """

    shared: bool
    organization: str

    def __new__(
        cls, people: Iterable[CustomerBrief] = (), *, shared: bool = False, organization: str = ""
    ) -> NumberOwners:
        made = super().__new__(cls, people)
        made.shared, made.organization = shared, organization
        return made
