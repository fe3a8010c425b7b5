"""Mail addresses, messengers, postal addresses and further organisations of a person: what may be
written, and when two are the same. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from callcenter.customers.visible import one_line
from callcenter.errors import Invalid

ContactKind = Literal["email", "telegram", "whatsapp", "viber", "messenger", "site"]
ContactLabel = Literal["work", "home", "other"]
AddressKind = Literal["home", "work", "billing", "delivery", "other"]
CONTACT_KINDS: Final[tuple[ContactKind, ...]] = get_args(ContactKind)
CONTACT_LABELS: Final[tuple[ContactLabel, ...]] = get_args(ContactLabel)
ADDRESS_KINDS: Final[tuple[AddressKind, ...]] = get_args(AddressKind)
MOST = 50
"""Of each kind of thing that one person has."""

_LONGEST = 255
_EMAIL = re.compile(r"[^@\s<>\"(),;:]{1,64}@[^@\s.<>\"(),;:]+(\.[^@\s.<>\"(),;:]+)+")
_SITE = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BARE_SITE = re.compile(r"[\w-]+(\.[\w-]+)+([/?#][^\s<>\"]*)?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ADDRESS_LENGTHS = {"street": 255, "postal_code": 16, "city": 80, "region": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """A mail address, a name in a messenger, a page: as written, or (once cleaned) as kept."""

    kind: ContactKind = "email"
    value: str
    label: ContactLabel = "other"
    is_primary: bool = False
    invalid: bool = False
    opted_out: bool = False

    @property
    def key(self) -> str:
        """Two spellings of one address have the same."""
        return contact_key(self.kind, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressDraft:
    """A postal address. `country` is ISO 3166, e.g. PL."""

    kind: AddressKind = "other"
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipDraft:
    """A further organisation, by name (found in any case, or made) or by its id."""

    organization: str = ""
    organization_id: int | None = None
    role: str = ""


def contact_key(kind: str, value: str) -> str:
    text = value.strip().casefold()
    if kind == "site":
        return re.sub(r"^https?://(www\.)?", "", text).rstrip("/")[:_LONGEST]
    if kind != "email":
        text = text.removeprefix("@")
        text = re.sub(r"[\s()\-]", "", text) if text[:1] in "+0123456789" else text
    return text[:_LONGEST]


def clean_contacts(drafts: tuple[ContactDraft, ...]) -> tuple[ContactDraft, ...]:
    """Checked, each once, one of each kind the main one. Raises Invalid, naming the place."""
    if len(drafts) > MOST:
        raise Invalid("contact_points", f"at most {MOST} mail addresses and messengers")
    found: dict[tuple[str, str], ContactDraft] = {}
    for place, draft in enumerate(drafts):
        value = _clean_value(draft, f"contact_points.{place}.value")
        clean = draft if value == draft.value else replace(draft, value=value)
        found.setdefault((clean.kind, clean.key), clean)
    main: dict[str, tuple[str, str]] = {}
    for key, one in found.items():
        if one.kind not in main or (one.is_primary and not found[main[one.kind]].is_primary):
            main[one.kind] = key
    return tuple(_as_main(one, main=main[one.kind] == key) for key, one in found.items())


def _as_main(draft: ContactDraft, *, main: bool) -> ContactDraft:
    return draft if draft.is_primary == main else replace(draft, is_primary=main)


def check_email(value: str, field: str = "email") -> str:
    text = one_line(value)
    if text and (len(text) > _LONGEST or not _EMAIL.fullmatch(text)):
        raise Invalid(field, "is not an e-mail address")
    return text


def _clean_value(draft: ContactDraft, field: str) -> str:
    text = check_email(draft.value, field) if draft.kind == "email" else one_line(draft.value)
    if not text:
        raise Invalid(field, "must not be empty")
    if len(text) > _LONGEST:
        raise Invalid(field, f"must have at most {_LONGEST} characters")
    return clean_site(text, field) if draft.kind == "site" else text


def clean_site(text: str, field: str) -> str:
    """A page that a browser may be sent to: nothing but http(s)."""
    if _SITE.fullmatch(text):
        return text
    if _BARE_SITE.fullmatch(text):
        return f"https://{text}"
    raise Invalid(field, "must be the address of a page, such as https://example.org")


def clean_addresses(drafts: tuple[AddressDraft, ...]) -> tuple[AddressDraft, ...]:
    """Checked, the empty ones left out, one of them the main one."""
    if len(drafts) > MOST:
        raise Invalid("addresses", f"at most {MOST} addresses")
    clean = [_clean_address(place, draft) for place, draft in enumerate(drafts)]
    kept = [one for one in clean if one.street or one.postal_code or one.city or one.region]
    main = next((place for place, one in enumerate(kept) if one.is_primary), 0)
    return tuple(replace(one, is_primary=place == main) for place, one in enumerate(kept))


def _clean_address(place: int, draft: AddressDraft) -> AddressDraft:
    texts: dict[str, Any] = {name: one_line(getattr(draft, name)) for name in _ADDRESS_LENGTHS}
    for name, longest in _ADDRESS_LENGTHS.items():
        if len(texts[name]) > longest:
            field = f"addresses.{place}.{name}"
            raise Invalid(field, f"must have at most {longest} characters")
    country = draft.country.strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        raise Invalid(f"addresses.{place}.country", "must be two letters, such as PL")
    return AddressDraft(kind=draft.kind, **texts, country=country, is_primary=draft.is_primary)
