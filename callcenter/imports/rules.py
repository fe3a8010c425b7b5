"""What a row does to a record that is there: which of its fields change. Pure.

Empty cells change nothing. What a record has several of is added to, and never made less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from callcenter.customers.names import joined
from callcenter.customers.tags import tag_key
from callcenter.history.document import in_order, item_key
from callcenter.imports.plan import OnMatch

Document = Mapping[str, Any]
_LISTS: Final = ("phones", "contact_points")
_EMPTY: Final[tuple[Any, ...]] = (None, "", 0, False, [], {})


def changed_fields(existing: Document, told: Document, rule: OnMatch) -> dict[str, Any]:
    """Field → its new value, for those that differ. Nothing for a record that is to be skipped."""
    if rule == "skip":
        return {}
    found: dict[str, Any] = {}
    for name, value in _with_full_name(existing, told).items():
        now = existing.get(name)
        if rule == "fill" and now not in _EMPTY:
            continue
        new = _joined(name, now, value)
        if new != now and not (new in _EMPTY and now in _EMPTY):
            found[name] = new
    return found


def _with_full_name(existing: Document, told: Document) -> Document:
    """A full name that was made of its parts follows them."""
    if "display_name" in told or "display_name" not in existing:
        return told
    parts = ("given_name", "family_name")
    if existing["display_name"] != joined(existing.get(one, "") for one in parts):
        return told
    name = joined(told.get(one) or existing.get(one, "") for one in parts)
    return {**told, "display_name": name} if name else told


def _joined(name: str, now: Any, value: Any) -> Any:
    if name == "tags":
        return _tags(now or [], value)
    if name == "addresses":
        return _addresses(now or [], value)
    if name in _LISTS:
        return _items(name, now or [], value)
    return value


def _tags(now: Sequence[str], value: Sequence[str]) -> list[str]:
    known = {tag_key(one) for one in now}
    more = [one for one in value if tag_key(one) not in known]
    return in_order("tags", [*now, *more]) if more else list(now)


def _addresses(now: Sequence[Document], value: Sequence[Document]) -> list[Document]:
    """The main one is what a file tells; what it does not say stays."""
    told = value[0]
    main = next((one for one in now if one.get("is_primary")), None)
    if main is None:
        return in_order("addresses", [*now, told])
    kept = {name: told.get(name) or main.get(name) for name in told} | {
        "kind": main.get("kind", "other")
    }
    others = [one for one in now if one is not main]
    return in_order("addresses", [*others, {**main, **kept}])


def _items(name: str, now: Sequence[Document], value: Sequence[Document]) -> list[Document]:
    """The file's main one becomes the main one of its kind."""
    items = {item_key(name, one): dict(one) for one in now}
    for one in value:
        known = items.get(item_key(name, one))
        if known is None:
            items[item_key(name, one)] = dict(one)
        else:
            known |= {key: what for key, what in one.items() if key not in _UNTOUCHED}
            known |= {key: known[key] or one.get(key) for key in _MARKS if key in one}
    for one in value:
        if one.get("is_primary"):
            _make_main(items.values(), one, name)
    return in_order(name, items.values())


_UNTOUCHED: Final = ("raw", "value", "invalid", "opted_out", "shared")
_MARKS: Final = ("invalid", "opted_out", "shared")


def _make_main(items: Any, main: Document, name: str) -> None:
    for item in items:
        if item.get("kind") == main.get("kind") or name == "phones":
            item["is_primary"] = item_key(name, item) == item_key(name, main)
