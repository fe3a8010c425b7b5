"""A record as the cells of a table, by the titles that an import knows them by: what comes back
from a file is the same record. Fields that somebody may not see are empty or masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from callcenter.fields.definition import FieldDef
from callcenter.fields.values import Columns, as_typed, from_columns
from callcenter.imports.kinds import Kind, Target
from callcenter.imports.phones import Point, write_points
from callcenter.imports.values import join_list
from callcenter.rights.masked import email_as, name_as, number_as, text_as
from callcenter.rights.objects import Access, Object
from callcenter.rights.viewer import Viewer

Document = Mapping[str, Any]
_ADDRESS: Final = {
    "street": "street",
    "postal_code": "postal_code",
    "address_city": "city",
    "region": "region",
    "country": "country",
}
_MESSENGERS: Final = ("telegram", "whatsapp", "viber", "messenger", "site")
_MARKS: Final = (("invalid", "invalid"), ("opted_out", "opted-out"), ("shared", "shared"))


@dataclass(frozen=True, slots=True)
class Names:
    """What a document only has the id of."""

    external_ids: Mapping[int, str] = field(default_factory=dict)
    organizations: Mapping[int, str] = field(default_factory=dict)
    users: Mapping[int, str] = field(default_factory=dict)


class Sheet:
    """The columns of one export, for one reader."""

    def __init__(
        self,
        kind: Kind,
        columns: Sequence[str],
        viewer: Viewer,
        thing: Object,
        own: Iterable[FieldDef] = (),
    ) -> None:
        known = {one.name: one for one in exported(kind)}
        self.targets = tuple(known[name] for name in columns if name in known)
        self._viewer, self._thing = viewer, thing
        self._own = {f"custom.{one.key}": one for one in own}

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(target.title for target in self.targets)

    def cells(self, record_id: int, document: Document, names: Names) -> tuple[str, ...]:
        return tuple(self._cell(record_id, one, document, names) for one in self.targets)

    def _cell(self, record_id: int, target: Target, document: Document, names: Names) -> str:
        name = target.name
        access = self._access(name)
        if access == "hidden":
            return ""
        if name == "phones":
            return write_points(_phones(document, access))
        if name in ("emails", *_MESSENGERS):
            return write_points(_points(document, "email" if name == "emails" else name, access))
        told = _plain(_value(record_id, name, document, names, self._own), access)
        return name_as(self._access("phones"), told) if name == "display_name" else told

    def _access(self, name: str) -> Access:
        own = self._own.get(name)
        if own is not None:
            return self._viewer.own_field(self._thing, own.key, sensitive=own.sensitive)
        return self._viewer.field(self._thing, right_of(name))


def right_of(name: str) -> str:
    """The field whose rights a column follows."""
    if name in _MESSENGERS:
        return "messengers"
    if name in _ADDRESS:
        return "addresses"
    return {"owner": "owner_id", "block_reason": "blocked"}.get(name, name)


def exported(kind: Kind) -> tuple[Target, ...]:
    return tuple(one for one in kind.targets if one.exported)


def _phones(document: Document, access: Access) -> list[Point]:
    return [
        Point(
            number_as(access, one["e164"]),
            one.get("kind") or "other",
            one.get("extension") or "",
            _marks(one),
        )
        for one in _main_first(document.get("phones", ()))
    ]


def _points(document: Document, kind: str, access: Access) -> list[Point]:
    show: Callable[[Access, str], str] = email_as if kind == "email" else text_as
    return [
        Point(show(access, one["value"]), one.get("label") or "other", marks=_marks(one))
        for one in _main_first(document.get("contact_points", ()))
        if one["kind"] == kind
    ]


def _main_first(items: Iterable[Document]) -> list[Document]:
    return sorted(items, key=lambda one: not one.get("is_primary"))


def _marks(one: Document) -> tuple[str, ...]:
    return tuple(mark for name, mark in _MARKS if one.get(name))


def _value(
    record_id: int, name: str, document: Document, names: Names, own: Mapping[str, FieldDef]
) -> Any:
    if name in own:
        return _own_value(own[name], document.get(name))
    if name in _ADDRESS:
        main = next(iter(_main_first(document.get("addresses", ()))), {})
        return main.get(_ADDRESS[name], "")
    if name == "tags":
        return join_list(document.get("tags", ()))
    named = {
        "external_id": (names.external_ids, record_id),
        "organization": (names.organizations, document.get("organization_id")),
        "owner": (names.users, document.get("owner_id")),
    }.get(name)
    return named[0].get(named[1] or 0, "") if named is not None else document.get(name, "")


def _own_value(field_def: FieldDef, stored: Any) -> str:
    if stored is None:
        return ""
    day = date.fromisoformat(stored) if field_def.kind == "date" else None
    numeric = field_def.kind in ("number", "money")
    columns = Columns(
        text="" if numeric or day else str(stored), number=stored if numeric else None, day=day
    )
    return as_typed(from_columns(field_def, columns))


def _plain(value: Any, access: Access) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    text = value.isoformat() if isinstance(value, date) else str(value if value is not None else "")
    return text_as(access, text) if access == "masked" else text


def money(minor: int) -> str:
    return f"{Decimal(minor).scaleb(-2):.2f}"
