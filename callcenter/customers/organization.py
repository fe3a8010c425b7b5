"""What an organisation is to the rest of the product, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from callcenter.customers.contacts import AddressDraft

MOST_SWITCHBOARDS = 20
MOST_BEHIND = 50
"""People that a pop offers when a switchboard calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchboardDraft:
    """A number of the house itself, as somebody wrote it."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSwitchboard:
    e164: str
    extension: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationDraft:
    name: str = ""
    tax_id: str = ""
    region: str = ""
    city: str = ""
    website: str = ""
    email: str = ""
    notes: str = ""
    owner_id: int | None = None
    phones: tuple[SwitchboardDraft, ...] = ()
    addresses: tuple[AddressDraft, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChanges:
    """As `CustomerChanges`: what is not named stays, a list that is given replaces the old one."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    phones: tuple[SwitchboardDraft, ...] | None = None
    addresses: tuple[AddressDraft, ...] | None = None
    custom: Mapping[str, Any] | None = None
