"""What people and programs say of a customer, checked and brought into the form it is kept in.

Part of the use cases in `services.customers`; every refusal names the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from callcenter.customers.contacts import (
    AddressDraft,
    ContactDraft,
    MembershipDraft,
    check_email,
    clean_addresses,
    clean_contacts,
)
from callcenter.customers.customer import CustomerChanges, CustomerDraft, PhoneDraft, StoredPhone
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.customers.preferences import clean_preferences
from callcenter.customers.tags import clean_tags
from callcenter.customers.visible import lines, one_line
from callcenter.errors import Invalid

LISTS: Final = ("phones", "contacts", "addresses", "memberships", "tags", "custom")
FIELDS: Final = frozenset(field.name for field in fields(CustomerDraft)) - set(LISTS)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_HIGHEST_VIP = 3
_MOST_PHONES = 50
_MOST_MEMBERSHIPS = 20
_LENGTHS = {
    "display_name": 160,
    "given_name": 80,
    "family_name": 80,
    "organization": 160,
    "position": 80,
    "city": 80,
    "block_reason": 160,
    "remarks": 10_000,
}
# Which right stands for which fields, where it is not called as the field is.
_RIGHTS: Final = {
    "email": "emails",
    "block_reason": "blocked",
    "owner_id": "owner_id",
    "vip_level": "vip_level",
    "blocked": "blocked",
    "remarks": "remarks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """As `CustomerChanges`, ready for the store; what is None was not said."""

    fields: dict[str, Any]
    phones: tuple[StoredPhone, ...] | None
    contacts: tuple[ContactDraft, ...] | None
    addresses: tuple[AddressDraft, ...] | None
    memberships: tuple[MembershipDraft, ...] | None
    tags: tuple[str, ...] | None
    custom: Mapping[str, Any] | None


def cleaned(changes: CustomerChanges, plan: NumberPlan) -> Cleaned:
    memberships = changes.memberships
    if memberships is not None and len(memberships) > _MOST_MEMBERSHIPS:
        raise Invalid("memberships", f"at most {_MOST_MEMBERSHIPS} organisations")
    fields, contacts = clean_fields(changes.fields), changes.contacts
    if contacts is not None and fields.get("email"):
        contacts = _with_main(fields.pop("email"), contacts)
    return Cleaned(
        fields=fields,
        phones=stored_phones(changes.phones, plan) if changes.phones is not None else None,
        contacts=clean_contacts(contacts) if contacts is not None else None,
        addresses=clean_addresses(changes.addresses) if changes.addresses is not None else None,
        memberships=memberships,
        tags=clean_tags(changes.tags) if changes.tags is not None else None,
        custom=changes.custom,
    )


def as_changes(draft: CustomerDraft) -> CustomerChanges:
    """A new card is a change of everything that it says anything of."""
    lists = {name: getattr(draft, name) or None for name in LISTS}
    return CustomerChanges(fields={name: getattr(draft, name) for name in FIELDS}, **lists)


def clean_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Trimmed, without what nobody sees, and checked field by field."""
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        raise Invalid(unknown[0], "is not a field of a customer")
    clean = {name: _text(name, value) for name, value in values.items()}
    for field, longest in _LENGTHS.items():
        if len(clean.get(field) or "") > longest:
            raise Invalid(field, f"must have at most {longest} characters")
    if "email" in clean:
        clean["email"] = check_email(clean["email"])
    if clean.get("language") and not _LANGUAGE.fullmatch(clean["language"]):
        raise Invalid("language", "must be a language code such as pl")
    if clean.get("time_zone") and clean["time_zone"] not in _zones():
        raise Invalid("time_zone", "must be a time zone such as Europe/Warsaw")
    if "vip_level" in clean:
        clean["vip_level"] = _vip_level(clean["vip_level"])
    if "preferences" in clean:
        clean["preferences"] = clean_preferences(clean["preferences"])
    return clean


def stored_phones(drafts: tuple[PhoneDraft, ...], plan: NumberPlan) -> tuple[StoredPhone, ...]:
    """Normalised, each once; one of them is the main one."""
    if len(drafts) > _MOST_PHONES:
        raise Invalid("phones", f"at most {_MOST_PHONES} numbers")
    found: dict[tuple[str, str], StoredPhone] = {}
    for place, draft in enumerate(drafts):
        phone = _phone(place, draft, plan)
        found.setdefault((phone.e164, phone.extension), phone)
    phones = list(found.values())
    main = next((n for n, phone in enumerate(phones) if phone.is_primary), 0)
    return tuple(replace(phone, is_primary=n == main) for n, phone in enumerate(phones))


def _with_main(email: str, contacts: tuple[ContactDraft, ...]) -> tuple[ContactDraft, ...]:
    """The main address stands first; the list may tell more of it."""
    main = ContactDraft(kind="email", value=email)
    told = next((one for one in contacts if (one.kind, one.key) == ("email", main.key)), main)
    others = tuple(
        replace(one, is_primary=one.is_primary and one.kind != "email") for one in contacts
    )
    return (replace(told, is_primary=True), *others)


def named_in(changes: CustomerChanges) -> list[str]:
    """What is said, however much of it is new."""
    lists = ("phones", "contacts", "addresses", "memberships", "tags", "custom")
    told = [name for name in lists if getattr(changes, name) is not None]
    return sorted([*changes.fields, *told])


def rights_of(told: Cleaned) -> list[str]:
    """The rights that all this takes, by the names that `rights.objects.FIELDS` gives them."""
    names = [_RIGHTS[name] for name in told.fields if name in _RIGHTS]
    if told.phones is not None:
        names.append("phones")
    if told.contacts is not None:
        names += _kinds_of(told.contacts)
    if told.addresses is not None:
        names.append("addresses")
    names += [f"custom:{key}" for key in told.custom or ()]
    return list(dict.fromkeys(names))


def _kinds_of(contacts: Iterable[ContactDraft]) -> list[str]:
    kinds = {one.kind for one in contacts}
    return [
        *(["emails"] if "email" in kinds or not kinds else []),
        *(["messengers"] if kinds - {"email"} else []),
    ]


def _vip_level(value: Any) -> int:
    """A form brings it as text."""
    level = int(value) if str(value).isascii() and str(value).isdigit() else -1
    if not 0 <= level <= _HIGHEST_VIP:
        raise Invalid("vip_level", f"must be 0 to {_HIGHEST_VIP}")
    return level


def _text(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return lines(value) if name == "remarks" else one_line(value)


def _phone(place: int, draft: PhoneDraft, plan: NumberPlan) -> StoredPhone:
    parsed = parse_number(draft.number, plan, internal_allowed=False)
    if not parsed.e164:
        raise Invalid(f"phones.{place}.number", "is not a telephone number we can read")
    return StoredPhone(
        e164=parsed.e164,
        extension=parsed.extension,
        kind=draft.kind,
        is_primary=draft.is_primary,
        raw=one_line(draft.number),
        invalid=draft.invalid,
        opted_out=draft.opted_out,
        shared=draft.shared,
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
