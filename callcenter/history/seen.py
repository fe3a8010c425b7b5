"""What of a record's history somebody may see: as much as of the record itself. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from callcenter.rights.masking import mask_email, mask_number, mask_text
from callcenter.rights.objects import Access, Object
from callcenter.rights.viewer import Viewer

CUSTOM = "custom."
_THINGS: Mapping[str, Object] = {
    "customer": "customer",
    "organization": "organization",
    "deal": "deal",
    "task": "task",
    "segment": "segment",
    "invoice": "account",
    "order": "account",
    "payment": "account",
    "visit": "account",
}
_AMOUNTS = frozenset({"amount_minor", "paid_minor"})


def thing_of(object_type: str) -> Object:
    """Under whose rights a kind of record is; whatever has none of its own is a setting."""
    return _THINGS.get(object_type, "settings")


def fields_seen(
    viewer: Viewer, object_type: str, fields: Mapping[str, Any], sensitive: Collection[str]
) -> dict[str, Any]:
    """Field → [before, after] with what is not for this viewer masked or left out.

    `sensitive` are the keys of custom fields that are marked so.
    """
    thing = thing_of(object_type)
    found = {}
    for name, (before, after) in fields.items():
        one, other = (_value(viewer, thing, name, value, sensitive) for value in (before, after))
        if one is not None or other is not None:
            found[name] = [one, other]
    return found


def document_seen(
    viewer: Viewer, object_type: str, document: Mapping[str, Any], sensitive: Collection[str]
) -> dict[str, Any]:
    thing = thing_of(object_type)
    values = {name: _value(viewer, thing, name, one, sensitive) for name, one in document.items()}
    return {name: value for name, value in values.items() if value is not None}


def writes_whole(
    viewer: Viewer, object_type: str, name: str, sensitive: Collection[str] = ()
) -> bool:
    thing = thing_of(object_type)
    if name == "contact_points":
        return viewer.writes(thing, "emails") and viewer.writes(thing, "messengers")
    return _access(viewer, thing, name, sensitive) == "write"


def _value(viewer: Viewer, thing: Object, name: str, value: Any, sensitive: Collection[str]) -> Any:
    if name == "contact_points" and thing == "customer":
        items = (_point(viewer, item) for item in value or ())
        return [item for item in items if item is not None] or None
    access = _access(viewer, thing, name, sensitive)
    if access in ("read", "write") or value is None:
        return value
    return None if access == "hidden" else _masked(name, value)


def _access(viewer: Viewer, thing: Object, name: str, sensitive: Collection[str]) -> Access:
    if name.startswith(CUSTOM):
        key = name.removeprefix(CUSTOM)
        access = viewer.field(thing, f"custom:{key}")
        if key in sensitive and access in ("read", "write"):
            return viewer.field(thing, "sensitive")
        return access
    if thing == "account" and name in _AMOUNTS:
        return viewer.field(thing, "amounts")
    if thing == "deal" and name in _AMOUNTS:
        return viewer.field(thing, "amount")
    return viewer.field(thing, "blocked" if name == "block_reason" else name)


def _point(viewer: Viewer, item: Mapping[str, Any]) -> dict[str, Any] | None:
    is_mail = item.get("kind") == "email"
    access = viewer.field("customer", "emails" if is_mail else "messengers")
    if access in ("read", "write"):
        return dict(item)
    if access == "hidden":
        return None
    mask = mask_email if is_mail else mask_text
    masked = {name: mask(str(item.get(name, ""))) for name in ("value", "value_key")}
    return {**item, **masked}


def _masked(name: str, value: Any) -> Any:
    if name == "phones":
        return [{**item, "e164": mask_number(item["e164"]), "raw": ""} for item in value]
    return mask_text(str(value)) if not isinstance(value, list) else None
