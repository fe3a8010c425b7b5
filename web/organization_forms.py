"""What people type about organisations, read from the form and turned into drafts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from callcenter.customers.organization import (
    OrganizationChanges,
    OrganizationDraft,
    SwitchboardDraft,
)
from callcenter.fields.values import as_typed
from callcenter.queries.organizations import OrganizationCard
from callcenter.rights.viewer import Viewer
from web.customer_forms import address_rows, addresses, custom_typed, rows_of

TEXT_FIELDS: Final = ("name", "tax_id", "region", "city", "website", "email", "notes")


def organization_values(form: MultiDict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXT_FIELDS}
    values["owner_id"] = form.get("owner_id", "")
    values["switchboards"] = rows_of(form, "switchboards")
    values["addresses"] = rows_of(form, "addresses")
    values["custom"] = custom_typed(form)
    values["shown"] = set(form.getlist("shown"))
    return values


def organization_draft(values: Mapping[str, Any], viewer: Viewer) -> OrganizationDraft:
    told = organization_changes(values, viewer)
    return OrganizationDraft(
        **told.fields,
        phones=told.phones or (),
        addresses=told.addresses or (),
        custom=told.custom or {},
    )


def organization_changes(values: Mapping[str, Any], viewer: Viewer) -> OrganizationChanges:
    shown: set[str] = values["shown"]
    fields: dict[str, Any] = {
        name: values[name] for name in TEXT_FIELDS if viewer.writes("organization", name)
    }
    owner = str(values["owner_id"])
    fields["owner_id"] = int(owner) if owner.isdecimal() and owner.isascii() else None
    phones = tuple(
        SwitchboardDraft(number=row["number"], label=row["label"]) for row in values["switchboards"]
    )
    return OrganizationChanges(
        fields=fields,
        phones=phones if "switchboards" in shown else None,
        addresses=addresses(values["addresses"]) if "addresses" in shown else None,
        custom=values["custom"] if "custom" in shown else None,
    )


def card_values(card: OrganizationCard) -> dict[str, Any]:
    organization = card.organization
    values: dict[str, Any] = {name: getattr(organization, name) for name in TEXT_FIELDS}
    values["owner_id"] = str(organization.owner.id) if organization.owner else ""
    values["switchboards"] = [
        {"number": _number(phone.e164, phone.extension), "label": phone.label}
        for phone in card.phones
    ]
    values["addresses"] = address_rows(card.addresses)
    values["custom"] = {key: as_typed(value) for key, value in card.custom.items()}
    return values


def new_values() -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys((*TEXT_FIELDS, "owner_id"), "")
    return values | {"switchboards": [], "addresses": [], "custom": {}}


def _number(e164: str, extension: str) -> str:
    return f"{e164} ext {extension}" if extension else e164
