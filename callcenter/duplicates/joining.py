"""What one card of two says: field by field, as somebody chose or as it stands to reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from callcenter.history.change import DELETED
from callcenter.history.document import Document, in_order, item_key

Choice = Literal["survivor", "loser", "both"]
CHOICES: tuple[Choice, ...] = ("survivor", "loser", "both")

NEVER = frozenset({"merged_into", DELETED})
LISTS = ("phones", "contact_points", "addresses", "memberships", "tags")
TEXTS = ("remarks",)
"""Texts of which both halves may be kept, one below the other."""
_CAREFUL = ("opted_out", "invalid", "shared")
"""Said once of an item, it holds: a merge must not make somebody reachable again."""


def joined(survivor: Document, loser: Document, choices: Mapping[str, Choice]) -> dict[str, Any]:
    """The fields of the card that stays. What nobody chose: the survivor's, else the loser's."""
    names = dict.fromkeys(name for name in (*survivor, *loser) if name not in NEVER)
    found = {
        name: _field(name, survivor.get(name), loser.get(name), choices.get(name)) for name in names
    }
    found["legal_hold"] = survivor.get("legal_hold") or loser.get("legal_hold")
    main = found.get("organization_id")
    if found.get("memberships") and main is not None:
        found["memberships"] = [
            one for one in found["memberships"] if one["organization_id"] != main
        ] or None
    return {name: value for name, value in found.items() if value is not None}


def questions(survivor: Document, loser: Document) -> tuple[str, ...]:
    """The fields in which the two cards say different things."""
    names = dict.fromkeys(name for name in (*survivor, *loser) if name not in NEVER)
    return tuple(name for name in names if survivor.get(name) != loser.get(name))


def chosen_by_itself(field: str, survivor: Any, loser: Any) -> Choice:
    """What happens to a field that nobody says anything about."""
    if field in LISTS or (field in TEXTS and survivor and loser):
        return "both"
    return "loser" if _says_nothing(survivor) and not _says_nothing(loser) else "survivor"


def _field(field: str, survivor: Any, loser: Any, choice: Choice | None) -> Any:
    choice = choice or chosen_by_itself(field, survivor, loser)
    if choice == "both":
        return _both(field, survivor, loser)
    return survivor if choice == "survivor" else loser


def _both(field: str, survivor: Any, loser: Any) -> Any:
    if field in LISTS:
        return _items(field, survivor or [], loser or []) or None
    if field in TEXTS:
        return "\n".join(dict.fromkeys(filter(None, (survivor, loser)))) or None
    return survivor


def _items(field: str, mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    found = {item_key(field, item): item for item in mine}
    primaries = {_kind(item) for item in mine if _is_primary(item)}
    for item in theirs:
        key = item_key(field, item)
        if key in found:
            found[key] = _careful(found[key], item)
        elif _is_primary(item) and _kind(item) in primaries:
            found[key] = {**item, "is_primary": False}
        else:
            found[key] = item
    return in_order(field, found.values())


def _careful(mine: Any, theirs: Any) -> Any:
    if not isinstance(mine, Mapping):
        return mine
    said = {name: True for name in _CAREFUL if theirs.get(name) and name in mine}
    return {**mine, **said}


def _is_primary(item: Any) -> bool:
    return isinstance(item, Mapping) and bool(item.get("is_primary"))


def _kind(item: Mapping[str, Any]) -> str:
    """There is one main number, but a main one of each kind of contact point."""
    return str(item.get("kind")) if "value_key" in item else ""


def _says_nothing(value: Any) -> bool:
    return value in (None, "", 0, False) or value == {}
