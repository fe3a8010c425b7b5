"""What people type about customers and organisations, read from the form and turned into drafts.

Values stay text until a service accepts them, so that a refused form comes back as it was typed. A
list (numbers, addresses …) is a row of fields for each of its items: `rows.<list>` names the rows,
`<list>.<row>.<field>` what stands in them. A list that the form does not show is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from werkzeug.datastructures import MultiDict

from callcenter.customers.contacts import (
    ADDRESS_KINDS,
    CONTACT_KINDS,
    CONTACT_LABELS,
    AddressDraft,
    ContactDraft,
    MembershipDraft,
)
from callcenter.customers.customer import CustomerChanges, CustomerDraft, PhoneDraft, PhoneKind
from callcenter.customers.preferences import PREFERENCES
from callcenter.fields.values import as_typed
from callcenter.queries.views import CustomerCard, InteractionView
from callcenter.rights.viewer import Viewer
from web.presentation import country_of, language_guess

TEXT_FIELDS = (
    "display_name",
    "given_name",
    "family_name",
    "organization",
    "position",
    "email",
    "language",
    "city",
    "remarks",
)
MORE_FIELDS = ("status", "segment", "time_zone")
"""On the whole form only, not on the desk's short one."""
SUPERVISED_FIELDS = ("vip_level", "blocked", "block_reason")
"""What changes how calls are routed; the server refuses it from those whose role may not."""
PHONE_KINDS: tuple[PhoneKind, ...] = ("mobile", "work", "home", "other")
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "phones": ("number", "kind", "main", "invalid", "opted_out", "shared"),
    "contacts": ("kind", "value", "label", "main", "invalid", "opted_out"),
    "addresses": ("kind", "street", "postal_code", "city", "region", "country", "main"),
    "memberships": ("organization", "role"),
    "switchboards": ("number", "label"),
}
_SAYS: Final = {
    "phones": ("number",),
    "contacts": ("value",),
    "addresses": ("street", "postal_code", "city", "region"),
    "memberships": ("organization",),
    "switchboards": ("number",),
}
_MOST_ROWS = 60
Kind = TypeVar("Kind", bound=str)
Row = Mapping[str, str]


def customer_values(form: MultiDict[str, str]) -> dict[str, Any]:
    """The form as typed, for showing again."""
    names = (*TEXT_FIELDS, *MORE_FIELDS, "block_reason", "tags")
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in names}
    values["vip_level"] = form.get("vip_level", "0")
    values["owner_id"] = form.get("owner_id", "")
    values["blocked"] = form.get("blocked") == "yes"
    values["preferences"] = {name: form.get(f"preferences.{name}", "") for name in PREFERENCES}
    values["custom"] = custom_typed(form)
    values["shown"] = set(form.getlist("shown"))
    for name in LISTS:
        values[name] = rows_of(form, name)
    if not values["phones"]:
        values["phones"] = _short_rows(form)
    return values


def customer_draft(values: Mapping[str, Any], viewer: Viewer) -> CustomerDraft:
    """Of the short form or the whole one: what is not shown is not said."""
    told = customer_changes(values, viewer)
    phones = told.phones if told.phones is not None else _phones(values["phones"])
    fields = {name: value for name, value in told.fields.items() if value not in ("", None)}
    return CustomerDraft(
        **fields,
        phones=phones,
        contacts=told.contacts or (),
        addresses=told.addresses or (),
        memberships=told.memberships or (),
        tags=told.tags or (),
        custom=told.custom or {},
    )


def customer_changes(values: Mapping[str, Any], viewer: Viewer) -> CustomerChanges:
    """Only what this form showed and this person's role may write."""
    shown: set[str] = values["shown"]
    fields: dict[str, Any] = {
        name: values[name] for name in TEXT_FIELDS if viewer.writes("customer", _right(name))
    }
    if "contacts" in shown:
        fields.pop("email", None)
    if "more" in shown:
        fields |= {name: values[name] for name in MORE_FIELDS}
        fields["preferences"] = {n: v for n, v in values["preferences"].items() if v}
    if "supervised" in shown:
        fields |= _supervised(values, viewer)
    return CustomerChanges(
        fields=fields,
        phones=_phones(values["phones"]) if "phones" in shown else None,
        contacts=_contacts(values["contacts"]) if "contacts" in shown else None,
        addresses=addresses(values["addresses"]) if "addresses" in shown else None,
        memberships=_memberships(values["memberships"]) if "memberships" in shown else None,
        tags=tuple(values["tags"].split(",")) if "tags" in shown else None,
        custom=values["custom"] if "custom" in shown else None,
    )


def card_values(card: CustomerCard) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(card, name)
        for name in (*TEXT_FIELDS, *MORE_FIELDS, *SUPERVISED_FIELDS)
        if name != "organization"
    }
    values["organization"] = card.organization.name if card.organization else ""
    values["owner_id"] = str(card.owner.id) if card.owner else ""
    values["phones"] = [_phone_row(phone) for phone in card.phones]
    values["contacts"] = [_row_of(one, LISTS["contacts"]) for one in card.contacts]
    values["addresses"] = address_rows(card.addresses)
    values["memberships"] = [
        {"organization": one.name, "role": one.role} for one in card.memberships
    ]
    values["tags"] = ", ".join(tag.name for tag in card.tags)
    values["preferences"] = {name: card.preferences.get(name, "") for name in PREFERENCES}
    values["custom"] = {key: as_typed(value) for key, value in card.custom.items()}
    return values


def new_customer_values(interaction: InteractionView | None) -> dict[str, Any]:
    """A new card with what the call tells: its number, and a guess of country and language."""
    values: dict[str, Any] = dict.fromkeys((*TEXT_FIELDS, *MORE_FIELDS), "")
    values |= {name: [] for name in LISTS}
    values |= {"vip_level": 0, "blocked": False, "block_reason": "", "country": "", "owner_id": ""}
    values |= {"tags": "", "preferences": {}, "custom": {}}
    if interaction is not None and interaction.number:
        region, country = country_of(interaction.number)
        values["phones"] = [{"number": interaction.number, "kind": "mobile"}]
        values["country"] = country
        values["language"] = language_guess(region)
    return values


def rows_of(form: MultiDict[str, str], name: str) -> list[dict[str, str]]:
    """The rows of a list in which something stands."""
    rows = [
        {field: form.get(f"{name}.{row}.{field}", "").strip() for field in LISTS[name]}
        for row in form.getlist(f"rows.{name}")[:_MOST_ROWS]
    ]
    return [row for row in rows if any(row[field] for field in _SAYS[name])]


def addresses(rows: Iterable[Row]) -> tuple[AddressDraft, ...]:
    return tuple(
        AddressDraft(
            kind=_one_of(row["kind"], ADDRESS_KINDS),
            street=row["street"],
            postal_code=row["postal_code"],
            city=row["city"],
            region=row["region"],
            country=row["country"],
            is_primary=bool(row["main"]),
        )
        for row in rows
    )


def address_rows(found: Iterable[Any]) -> list[dict[str, str]]:
    return [_row_of(one, LISTS["addresses"]) for one in found]


def custom_typed(form: MultiDict[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("custom."): form[name].strip()
        for name in form
        if name.startswith("custom.")
    }


def _right(name: str) -> str:
    return {"email": "emails"}.get(name, name)


def _supervised(values: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if viewer.writes("customer", "vip_level"):
        level = str(values["vip_level"])
        told["vip_level"] = int(level) if level.isdecimal() and level.isascii() else 0
    if viewer.writes("customer", "blocked"):
        told |= {"blocked": values["blocked"], "block_reason": values["block_reason"]}
    if viewer.writes("customer", "owner_id"):
        owner = str(values["owner_id"])
        told["owner_id"] = int(owner) if owner.isdecimal() and owner.isascii() else None
    return told


def _phones(rows: Sequence[Row]) -> tuple[PhoneDraft, ...]:
    main = any(row.get("main") for row in rows)
    return tuple(
        PhoneDraft(
            number=row["number"],
            kind=_one_of(row["kind"], PHONE_KINDS),
            is_primary=bool(row.get("main")) if main else index == 0,
            invalid=bool(row.get("invalid")),
            opted_out=bool(row.get("opted_out")),
            shared=bool(row.get("shared")),
        )
        for index, row in enumerate(rows)
    )


def _contacts(rows: Iterable[Row]) -> tuple[ContactDraft, ...]:
    return tuple(
        ContactDraft(
            kind=_one_of(row["kind"], CONTACT_KINDS, "email"),
            value=row["value"],
            label=_one_of(row["label"], CONTACT_LABELS),
            is_primary=bool(row["main"]),
            invalid=bool(row["invalid"]),
            opted_out=bool(row["opted_out"]),
        )
        for row in rows
    )


def _memberships(rows: Iterable[Row]) -> tuple[MembershipDraft, ...]:
    return tuple(
        MembershipDraft(organization=row["organization"], role=row["role"]) for row in rows
    )


def _short_rows(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """The numbers of the desk's short form."""
    numbers, kinds = form.getlist("phone"), form.getlist("phone_kind")
    kinds += ["other"] * (len(numbers) - len(kinds))
    return [
        {"number": number.strip(), "kind": kind}
        for number, kind in zip(numbers, kinds, strict=False)
        if number.strip()
    ]


def _phone_row(phone: Any) -> dict[str, str]:
    extension = f" ext {phone.extension}" if phone.extension else ""
    return _row_of(phone, LISTS["phones"]) | {"number": f"{phone.e164}{extension}"}


def _row_of(one: Any, names: Sequence[str]) -> dict[str, str]:
    told = {"main": "yes" if one.is_primary else ""}
    for name in names:
        if name not in ("main", "number"):
            value = getattr(one, name)
            told[name] = ("yes" if value else "") if isinstance(value, bool) else str(value)
    return told


def _one_of(text: str, kinds: Sequence[Kind], default: str = "other") -> Kind:
    return cast("Kind", text if text in kinds else default)


def may_write(viewer: Viewer) -> dict[str, bool]:
    """Which parts of the form this person's role may fill in; the others are not shown."""

    def writes(name: str) -> bool:
        return viewer.writes("customer", name)

    supervised = {"vip": "vip_level", "blocked": "blocked", "owner": "owner_id"}
    may = {name: writes(right) for name, right in supervised.items()}
    return {
        **may,
        "supervised": any(may.values()),
        "phones": writes("phones"),
        "contacts": writes("emails") and writes("messengers"),
        "emails": writes("emails"),
        "addresses": writes("addresses"),
        "remarks": writes("remarks"),
    }


def problem_place(field: str) -> str:
    """The form's name for a field that a service refused."""
    return field.replace("contact_points", "contacts", 1)
