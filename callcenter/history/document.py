"""A record as one document, the difference of two, and the way back. Pure.

A document maps fields to JSON values: texts, numbers, true and false, and lists of small documents
for what a record has several of (numbers, addresses …). A field without a value is not there, so
that a field which came later makes no old document differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
Fields = Mapping[str, Sequence[Any]]
"""Field → [before, after]; None for what is not there."""

# By what an item of a list is told from the others; any other list is compared item by item.
KEYS: Mapping[str, tuple[str, ...]] = {
    "phones": ("e164", "extension"),
    "contact_points": ("kind", "value_key"),
    "memberships": ("organization_id",),
}


def differences(before: Document | None, after: Document | None) -> dict[str, list[Any]]:
    """What became of each field that is not the same in both."""
    if not before:  # something new, of which there may be thousands
        return {name: [None, one] for name, one in (after or {}).items() if one is not None}
    old, new = before, after or {}
    names = [*old, *(name for name in new if name not in old)]
    return {
        name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)
    }


def applied(document: Document, fields: Fields) -> dict[str, Any]:
    """The document after the change."""
    return _with(document, {name: pair[1] for name, pair in fields.items()})


def reverted(document: Document, fields: Fields) -> dict[str, Any]:
    """The document before the change."""
    return _with(document, {name: pair[0] for name, pair in fields.items()})


def replayed(changes: Iterable[Fields]) -> dict[str, Any]:
    """What a record is that went through all these changes since it was made."""
    document: dict[str, Any] = {}
    for fields in changes:
        document = applied(document, fields)
    return document


def rewound(document: Document, changes: Iterable[Fields]) -> dict[str, Any]:
    """What it was before these changes, the latest of which comes first."""
    for fields in changes:
        document = reverted(document, fields)
    return dict(document)


@dataclass(frozen=True, slots=True)
class Undone:
    """`values` are the fields to be set; `kept` those that somebody changed again since."""

    values: dict[str, Any]
    kept: tuple[str, ...]


def undone(present: Document, fields: Fields) -> Undone:
    """How to take a change back without touching what changed after it."""
    values: dict[str, Any] = {}
    kept: list[str] = []
    for name, (before, after) in fields.items():
        now = present.get(name)
        if now == after:
            values[name] = before
        elif _are_items(before, after, now):
            values[name], clean = _items_undone(name, before or [], after or [], now or [])
            kept += [] if clean else [name]
        elif now != before:
            kept.append(name)
    changed = {name: value for name, value in values.items() if present.get(name) != value}
    return Undone(changed, tuple(kept))


def item_key(field: str, item: Any) -> tuple[Any, ...]:
    """What makes an item of a list itself, whatever else is said of it."""
    if not isinstance(item, Mapping):
        return (str(item),)
    names = KEYS.get(field) or tuple(sorted(item))
    return tuple(str(item.get(name)) for name in names)


def in_order(field: str, items: Iterable[Any]) -> list[Any]:
    """Items in the one order that documents keep them in."""
    return sorted(items, key=lambda item: item_key(field, item))


def _with(document: Document, values: Mapping[str, Any]) -> dict[str, Any]:
    mixed = {**document, **values}
    return {name: value for name, value in mixed.items() if value is not None}


def _are_items(*values: Any) -> bool:
    lists = [value for value in values if isinstance(value, list)]
    return bool(lists) and all(value is None or isinstance(value, list) for value in values)


def _items_undone(field: str, before: list[Any], after: list[Any], now: list[Any]) -> Any:
    """The list with the change taken back item by item, and whether all of it could be."""
    old, new, present = (_by_key(field, items) for items in (before, after, now))
    clean = True
    for key in {**old, **new}:
        if old.get(key) == new.get(key) or present.get(key) == old.get(key):
            continue
        if present.get(key) != new.get(key):
            clean = False
        elif key in old:
            present[key] = old[key]
        else:
            del present[key]
    return in_order(field, present.values()) or None, clean


def _by_key(field: str, items: list[Any]) -> dict[tuple[Any, ...], Any]:
    return {item_key(field, item): item for item in items}
