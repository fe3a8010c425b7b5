"""What people type about customers and users, read from the form and turned into drafts.

Values stay text until a service accepts them, so that a refused form comes back as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from callcenter.customers.customer import CustomerChanges, CustomerDraft, PhoneDraft, PhoneKind
from callcenter.queries.views import CustomerCard, InteractionView
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
SUPERVISED_FIELDS = ("vip_level", "blocked", "block_reason")
"""What changes how calls are routed is for supervisors; the server refuses it from others."""
PHONE_KINDS: tuple[PhoneKind, ...] = ("mobile", "work", "home", "other")


def customer_values(form: MultiDict[str, str]) -> dict[str, Any]:
    """The form as typed, for showing again."""
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXT_FIELDS}
    values["phones"] = _phone_rows(form)
    values["vip_level"] = form.get("vip_level", "0")
    values["blocked"] = form.get("blocked") == "yes"
    values["block_reason"] = form.get("block_reason", "").strip()
    return values


def customer_draft(values: Mapping[str, Any], *, supervised: bool) -> CustomerDraft:
    fields = _fields(values, supervised=supervised)
    return CustomerDraft(**fields, phones=_phones(values))


def customer_changes(values: Mapping[str, Any], *, supervised: bool) -> CustomerChanges:
    return CustomerChanges(fields=_fields(values, supervised=supervised), phones=_phones(values))


def card_values(card: CustomerCard) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(card, name) for name in TEXT_FIELDS if name != "organization"
    }
    values["organization"] = card.organization.name if card.organization else ""
    values["phones"] = [_phone_row(phone) for phone in card.phones]
    for name in SUPERVISED_FIELDS:
        values[name] = getattr(card, name)
    return values


def new_customer_values(interaction: InteractionView | None) -> dict[str, Any]:
    """A new card with what the call tells: its number, and a guess of country and language."""
    values: dict[str, Any] = dict.fromkeys(TEXT_FIELDS, "")
    values |= {"phones": [], "vip_level": 0, "blocked": False, "block_reason": "", "country": ""}
    if interaction is not None and interaction.number:
        region, country = country_of(interaction.number)
        values["phones"] = [{"number": interaction.number, "kind": "mobile"}]
        values["country"] = country
        values["language"] = language_guess(region)
    return values


def _fields(values: Mapping[str, Any], *, supervised: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {name: values.get(name, "") for name in TEXT_FIELDS}
    if supervised:
        level = str(values.get("vip_level", "0"))
        fields["vip_level"] = int(level) if level.isdecimal() else 0
        fields["blocked"] = bool(values.get("blocked"))
        fields["block_reason"] = values.get("block_reason", "")
    return fields


def _phones(values: Mapping[str, Any]) -> tuple[PhoneDraft, ...]:
    rows = [row for row in values.get("phones", ()) if row["number"]]
    return tuple(
        PhoneDraft(number=row["number"], kind=row["kind"], is_primary=index == 0)
        for index, row in enumerate(rows)
    )


def _phone_rows(form: MultiDict[str, str]) -> list[dict[str, str]]:
    numbers, kinds = form.getlist("phone"), form.getlist("phone_kind")
    kinds += ["other"] * (len(numbers) - len(kinds))
    return [
        {"number": number.strip(), "kind": kind if kind in PHONE_KINDS else "other"}
        for number, kind in zip(numbers, kinds, strict=False)
        if number.strip()
    ]


def _phone_row(phone: Any) -> dict[str, str]:
    extension = f" ext {phone.extension}" if phone.extension else ""
    return {"number": phone.e164 + extension, "kind": phone.kind}
