"""What a row says about a person or an organisation, as the document that its record would be
(`callcenter/history`): the same shape for a new one and for one to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from callcenter.customers.contacts import CONTACT_KINDS, ContactDraft, clean_contacts, contact_key
from callcenter.customers.names import joined
from callcenter.customers.tags import clean_tags
from callcenter.fields.definition import Value
from callcenter.fields.values import to_columns
from callcenter.imports.phones import Point

Document = dict[str, Any]
_PHONES: Final = (
    ("phones", "other"),
    ("phone_mobile", "mobile"),
    ("phone_work", "work"),
    ("phone_home", "home"),
)
_MAILS: Final = ("emails", "email_work", "email_home")
_PLAIN: Final = (
    "display_name",
    "given_name",
    "family_name",
    "position",
    "city",
    "language",
    "time_zone",
    "status",
    "segment",
    "vip_level",
    "blocked",
    "block_reason",
    "confirmed",
    "remarks",
)
_MOST = 50


def customer_document(values: Mapping[str, Any], *, own_city: bool = False) -> Document:
    """Raises ValueError or Invalid. The organisation is a name yet, and so are the tags.
    `own_city`: the file has a column for the city of the address itself."""
    document: Document = {name: values[name] for name in _PLAIN if name in values}
    if "owner" in values:
        document["owner_id"] = values["owner"]
    if phones := _phones(values, quiet=values.get("do_not_call", False)):
        document["phones"] = phones
    if points := _points(values, quiet=values.get("no_emails", False)):
        document["contact_points"] = points
    if address := _address(values, own_city=own_city):
        document["addresses"] = [address]
    if tags := clean_tags(values.get("tags", ())):
        document["tags"] = list(tags)
    return document | _custom(values)


def organization_document(values: Mapping[str, Any], *, own_city: bool = False) -> Document:
    document: Document = {
        name: values[name] for name in ("name", "tax_id", "city", "notes") if name in values
    }
    phones = [
        {"e164": one.value, "extension": one.extension, "label": ""}
        for one in _once(values.get("phones", ()), lambda one: (one.value, one.extension))
    ]
    if phones:
        document["phones"] = phones
    if address := _address(values, own_city=own_city):
        document["addresses"] = [address]
    return document | _custom(values)


def name_of(document: Mapping[str, Any], organization: str) -> str:
    """What somebody new is called, whatever the row says of them."""
    phones, points = document.get("phones", ()), document.get("contact_points", ())
    return str(
        document.get("display_name")
        or joined((document.get("given_name", ""), document.get("family_name", "")))
        or organization
        or (phones[0]["e164"] if phones else "")
        or (points[0]["value"] if points else "")
    )


def _phones(values: Mapping[str, Any], *, quiet: bool) -> list[Document]:
    found = [point for name, _label in _PHONES for point in values.get(name, ())]
    kept = _once(found, lambda one: (one.value, one.extension))
    if len(kept) > _MOST:
        raise ValueError(f"at most {_MOST} numbers")
    return [
        {
            "e164": one.value,
            "extension": one.extension,
            "kind": one.label,
            "is_primary": place == 0,
            "raw": one.raw[:80],
            "invalid": "invalid" in one.marks,
            "opted_out": quiet or "opted-out" in one.marks,
            "shared": "shared" in one.marks,
        }
        for place, one in enumerate(kept)
    ]


def _points(values: Mapping[str, Any], *, quiet: bool) -> list[Document]:
    drafts = [_draft("email", one, quiet=quiet) for name in _MAILS for one in values.get(name, ())]
    drafts += [
        _draft(kind, one, quiet=False)
        for kind in CONTACT_KINDS
        if kind != "email"
        for one in values.get(kind, ())
    ]
    return [
        {
            "kind": one.kind,
            "value": one.value,
            "value_key": contact_key(one.kind, one.value),
            "label": one.label,
            "is_primary": one.is_primary,
            "invalid": one.invalid,
            "opted_out": one.opted_out,
        }
        for one in clean_contacts(tuple(drafts))
    ]


def _draft(kind: Any, point: Point, *, quiet: bool) -> ContactDraft:
    return ContactDraft(
        kind=kind,
        value=point.value,
        label=point.label,  # type: ignore[arg-type]  # `phones` gives no others here
        invalid="invalid" in point.marks,
        opted_out=quiet or "opted-out" in point.marks,
    )


def _address(values: Mapping[str, Any], *, own_city: bool) -> Document:
    """A city alone is the person's; with a street or a code it is the address's as well."""
    parts = {name: values.get(name, "") for name in ("street", "postal_code", "region", "country")}
    city = values.get("address_city", "")
    if not city and not own_city and (parts["street"] or parts["postal_code"]):
        city = values.get("city", "")
    if not any((parts["street"], parts["postal_code"], city, parts["region"])):
        return {}
    return {"kind": "other", **parts, "city": city, "is_primary": True}


def _custom(values: Mapping[str, Any]) -> Document:
    return {name: _told(value) for name, value in values.items() if name.startswith("custom.")}


def _told(value: Value) -> Any:
    """As documents hold it: one of the three columns of the store."""
    columns = to_columns(value)
    if isinstance(value, Decimal):
        return columns.number
    if isinstance(value, date):
        return value.isoformat()
    return columns.number if columns.number is not None else columns.text


def _once(points: Iterable[Point], key: Any) -> Sequence[Point]:
    found: dict[Any, Point] = {}
    for point in points:
        found.setdefault(key(point), point)
    return tuple(found.values())
