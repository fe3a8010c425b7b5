"""Which rows of which tables make up one record, for each kind of record that has a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Table

from callcenter.customers.names import sort_key
from callcenter.store.tables import metadata

Row = Mapping[str, Any]

# Bookkeeping and what is worked out from the rest: no part of what a record says.
_NEVER: Final = frozenset(
    {"created_at", "updated_at", "version", "deleted_at", "sort_name", "password_hash"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """What a record has several of. `derived` gives the columns that follow from the others."""

    name: str
    table: str
    owner: str
    without: frozenset[str] = frozenset({"id"})
    derived: Callable[[Row], Row] = field(default=lambda row: {})  # noqa: ARG005

    def columns(self) -> list[Column[Any]]:
        left_out = self.without | {self.owner}
        return [column for column in _table(self.table).c if column.name not in left_out]


@dataclass(frozen=True, slots=True)
class Kind:
    table: str
    parts: tuple[Part, ...] = ()
    without: frozenset[str] = frozenset()
    custom: bool = False
    tagged: bool = False
    derived: Callable[[Row], Row] = field(default=lambda row: {})  # noqa: ARG005

    @property
    def key(self) -> Column[Any]:
        (key,) = _table(self.table).primary_key.columns
        return key

    def columns(self) -> list[Column[Any]]:
        left_out = _NEVER | self.without | {self.key.name}
        return [column for column in _table(self.table).c if column.name not in left_out]


def _reversed_digits(row: Row) -> Row:
    return {"reversed_digits": str(row["e164"])[:0:-1]}


def _sorted_by_name(row: Row) -> Row:
    return {"sort_name": sort_key(row["name"])} if "name" in row else {}


_NUMBER: Final = frozenset({"id", "reversed_digits"})

KINDS: Final[Mapping[str, Kind]] = {
    "customer": Kind(
        "customers",
        parts=(
            Part("phones", "phone_numbers", "customer_id", _NUMBER, _reversed_digits),
            Part("contact_points", "contact_points", "customer_id"),
            Part("addresses", "addresses", "customer_id", frozenset({"id", "organization_id"})),
            Part("memberships", "memberships", "customer_id", frozenset({"created_at"})),
        ),
        custom=True,
        tagged=True,
    ),
    "organization": Kind(
        "organizations",
        parts=(
            Part("phones", "organization_phones", "organization_id", _NUMBER, _reversed_digits),
            Part("addresses", "addresses", "organization_id", frozenset({"id", "customer_id"})),
        ),
        custom=True,
        derived=_sorted_by_name,
    ),
    "deal": Kind("deals", custom=True),
    "task": Kind("tasks", without=frozenset({"reminded_at"})),
    "custom_field": Kind("custom_fields"),
    "tag": Kind("tags"),
    "segment": Kind("segments", without=frozenset({"members"})),
    "team": Kind("teams"),
    "user": Kind("users", without=frozenset({"session_epoch"})),
    "outcome": Kind("outcomes"),
    "script": Kind("scripts"),
    "queue": Kind("queue_settings"),
    "pause_reason": Kind("pause_reasons"),
    "invoice": Kind("invoices"),
    "order": Kind("orders"),
    "payment": Kind("payments"),
    "visit": Kind("visits"),
}


@cache
def _table(name: str) -> Table:
    return metadata.tables[name]


def known(object_type: str) -> bool:
    return object_type in KINDS and KINDS[object_type].table in metadata.tables
