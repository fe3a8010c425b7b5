"""Orders, invoices, payments and visits as simple dated records: what they hold, and what is
accepted. Money is in minor units beside its currency; different currencies are never added. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, Literal

from callcenter.errors import Invalid
from callcenter.sales.deal import MOST_MONEY

Kind = Literal["order", "invoice", "payment", "visit"]
OrderStatus = Literal["open", "shipped", "closed", "cancelled"]

KINDS: Final[tuple[Kind, ...]] = ("order", "invoice", "payment", "visit")
STATUSES: Final[tuple[OrderStatus, ...]] = ("open", "shipped", "closed", "cancelled")
_EARLIEST, _LATEST = 1900, 2199


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    number: str
    title: str
    amount_minor: int
    currency: str
    status: OrderStatus
    placed_on: date
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """`paid_on` says that it was paid in full that day."""

    number: str
    amount_minor: int
    currency: str
    due_on: date
    paid_on: date | None = None
    issued_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    at: datetime
    place: str = ""
    note: str = ""
    number: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One stored record of any kind; `values` are its fields by name."""

    kind: Kind
    id: int
    customer_id: int
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cancelled(self) -> bool:
        return bool(self.values.get("cancelled")) or self.values.get("status") == "cancelled"


# Field → what it is and how long; what must be there when a record is new.
_TEXTS: Final[Mapping[str, int]] = MappingProxyType(
    {"number": 32, "source": 40, "title": 160, "method": 40, "place": 160, "note": 2000}
)
FIELDS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "order": ("number", "source", "title", "amount_minor", "currency", "status", "placed_on"),
        "invoice": ("number", "source", "amount_minor", "currency", "issued_on", "due_on"),
        "payment": (
            *("number", "source", "amount_minor", "currency", "paid_on", "method"),
            "invoice_id",
        ),
        "visit": ("number", "source", "at", "place", "note"),
    }
)
_NEEDED: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "order": ("number", "amount_minor", "currency", "placed_on"),
        "invoice": ("number", "amount_minor", "currency", "due_on"),
        "payment": ("amount_minor", "currency", "paid_on"),
        "visit": ("at",),
    }
)
_MAY_BE_EMPTY: Final = ("issued_on", "invoice_id")


def checked(kind: Kind, values: Mapping[str, Any], *, new: bool) -> dict[str, Any]:
    """The values as they may be kept. Raises Invalid for the first that may not.

    Of a new record nothing that is needed may be missing; a change names only what changes.
    """
    for name in values:
        if name not in FIELDS[kind]:
            raise Invalid(name, "is no field of this record")
    clean = {name: _clean(kind, name, value) for name, value in values.items()}
    if new:
        for name in _NEEDED[kind]:
            if clean.get(name) in (None, ""):
                raise Invalid(name, "must not be empty")
        _fill(kind, clean)
    return clean


def _fill(kind: Kind, clean: dict[str, Any]) -> None:
    for name in FIELDS[kind]:
        if name in _TEXTS:
            clean.setdefault(name, "")
    if kind == "order":
        clean.setdefault("status", "open")


def _clean(kind: Kind, name: str, value: Any) -> Any:
    if value is None:
        if name in _MAY_BE_EMPTY:
            return None
        raise Invalid(name, "must not be empty")
    if name in _TEXTS:
        return _text(name, value, needed=name in _NEEDED[kind])
    return _CHECKS[name](kind, name, value)


def _text(name: str, value: Any, *, needed: bool) -> str:
    clean = " ".join(str(value).split()) if name != "note" else str(value).strip()
    clean = clean.replace("\0", "")
    if needed and not clean:
        raise Invalid(name, "must not be empty")
    if len(clean) > _TEXTS[name]:
        raise Invalid(name, f"must have at most {_TEXTS[name]} characters")
    return clean


def _amount(kind: Kind, name: str, value: Any) -> int:
    least = 1 if kind == "payment" else 0
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST_MONEY:
        raise Invalid(name, "must be more than 0" if least else "must be 0 or more")
    return value


def _currency(_kind: Kind, name: str, value: Any) -> str:
    code = str(value).strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Invalid(name, "must be a currency code such as PLN")
    return code


def _status(_kind: Kind, name: str, value: Any) -> str:
    if value not in STATUSES:
        raise Invalid(name, f"must be one of: {', '.join(STATUSES)}")
    return str(value)


def _day(_kind: Kind, name: str, value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Invalid(name, "is not accepted; it must be: a date")
    return _of_our_time(name, value)


def _moment(_kind: Kind, name: str, value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Invalid(name, "is not accepted; it must be: a date and a time")
    _of_our_time(name, value.date())
    return value


def _of_our_time(name: str, day: date) -> date:
    if not _EARLIEST <= day.year <= _LATEST:
        raise Invalid(name, f"must lie between the years {_EARLIEST} and {_LATEST}")
    return day


def _identity(_kind: Kind, name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise Invalid(name, "is not accepted; it must be: a number")
    return value


_CHECKS: Final[Mapping[str, Callable[[Kind, str, Any], Any]]] = MappingProxyType(
    {
        "amount_minor": _amount,
        "currency": _currency,
        "status": _status,
        "placed_on": _day,
        "issued_on": _day,
        "due_on": _day,
        "paid_on": _day,
        "at": _moment,
        "invoice_id": _identity,
    }
)
