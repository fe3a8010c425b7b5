"""Which columns the list of customers has, in which order it may be sorted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from callcenter.errors import Invalid
from callcenter.rights.viewer import Viewer

COLUMNS: Final[tuple[str, ...]] = (
    "name",
    "phone",
    "email",
    "organization",
    "position",
    "city",
    "chips",
    "status",
    "segment",
    "owner",
    "tags",
    "language",
    "lifetime",
    "overdue",
    "abc",
    "orders",
    "last_order_on",
    "last_talk_at",
    "last_contact_at",
    "created_at",
    "updated_at",
)
USUAL: Final[tuple[str, ...]] = ("name", "phone", "organization", "city", "chips")
MOST_COLUMNS: Final = 14
FIRST: Final = "name"

SORTS: Final[tuple[str, ...]] = (
    "name",
    "city",
    "created_at",
    "updated_at",
    "lifetime",
    "overdue",
    "orders",
    "last_order_on",
    "last_talk_at",
    "last_contact_at",
)
_PAID: Final = frozenset({"lifetime", "overdue", "orders", "last_order_on"})
FIGURES: Final = frozenset(
    {"lifetime", "overdue", "orders", "last_order_on", "last_talk_at", "last_contact_at"}
)


@dataclass(frozen=True, slots=True)
class Sort:
    column: str = "name"
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.column}" if self.descending else self.column


def sorts(viewer: Viewer) -> tuple[str, ...]:
    """An order tells of the values it is by."""
    amounts = viewer.may("account", "read") and viewer.sees("account", "amounts")
    return tuple(one for one in SORTS if amounts or one not in _PAID)


def read_sort(text: str, known: Sequence[str] = SORTS) -> Sort:
    """`lifetime` or `-lifetime`; empty is by name."""
    column = text.removeprefix("-") or "name"
    if column not in known:
        raise Invalid("sort", f"must be one of: {', '.join(known)}, with - before it for downwards")
    return Sort(column, text.startswith("-"))


def chosen(names: Iterable[object], own: Iterable[str] = ()) -> tuple[str, ...]:
    """What was saved, without what there is no more; the name always, and first."""
    known = {*COLUMNS, *(f"custom:{key}" for key in own)}
    kept = dict.fromkeys(name for name in names if isinstance(name, str) and name in known)
    kept.pop(FIRST, None)
    return (FIRST, *kept)[:MOST_COLUMNS] if kept else USUAL
