"""Values of fields: read from what people, files and programs write, kept in one of three columns,
and shown again. Pure; raises Invalid with words for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from callcenter.customers.contacts import clean_site
from callcenter.customers.visible import one_line
from callcenter.errors import Invalid
from callcenter.fields.definition import FieldDef, FieldKind, Money, Value

LONGEST_TEXT = 255
SCALE: Final = 1_000_000
"""A number is kept in millionths."""
_LARGEST: Final = Decimal(10) ** 12
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ].*)?")
_THOUSANDS = re.compile(r"[\s\u00a0\u202f'’]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NO_MINOR = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How the store keeps a value: the one column its kind uses, beside a money's currency."""

    text: str = ""
    number: int | None = None
    day: date | None = None


def parse(field: FieldDef, text: Any, locale: str = "en") -> Value | None:
    """What was written, as a value of this field; None for nothing. `locale` is the reader's: in
    `en_US` alone a date has its month first.
    """
    if isinstance(text, Money | date | Decimal):
        text = as_json(text)
    if isinstance(text, Mapping):
        text = _amount_in(field, text)
    if not isinstance(text, str | int | float | None):
        raise _bad(field, "cannot be read")
    written = one_line(str(text)) if text is not None else ""
    if not written:
        return None
    return _READERS[field.kind](field, written, locale)


def check_required(field: FieldDef, value: Value | None) -> None:
    if field.required and value is None:
        raise Invalid(f"custom.{field.key}", f"{field.label} must be filled in")


def to_columns(value: Value) -> Columns:
    if isinstance(value, Money):
        return Columns(text=value.currency, number=value.minor)
    if isinstance(value, Decimal):
        return Columns(number=int(value * SCALE))
    return Columns(day=value) if isinstance(value, date) else Columns(text=value)


def from_columns(field: FieldDef, columns: Columns) -> Value | None:
    if field.kind == "date":
        return columns.day
    if field.kind == "money":
        if columns.number is None:
            return None
        return Money(minor=columns.number, currency=columns.text or field.currency)
    if field.kind == "number":
        return None if columns.number is None else _plain(Decimal(columns.number) / SCALE)
    return columns.text or None


def as_json(value: Value | None) -> Any:
    """As the API, the history and exports carry it. Money: {"amount_minor", "currency"}."""
    if isinstance(value, Money):
        return {"amount_minor": value.minor, "currency": value.currency}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def as_typed(value: Value | None) -> str:
    """As a form shows it for changing; `parse` reads it again as the same value."""
    if isinstance(value, Money):
        return _major(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value or ""


def as_words(field: FieldDef, value: Value) -> str:
    """As a text for a person has it, whatever their language."""
    choice = field.choice(value) if isinstance(value, str) else None
    if isinstance(value, Money):
        return f"{_major(value)} {value.currency}"
    return choice.label if choice is not None else as_typed(value)


def digits_of(currency: str) -> int:
    return 0 if currency in _NO_MINOR else 2


def _text(field: FieldDef, text: str, locale: str) -> str:  # noqa: ARG001
    if len(text) > LONGEST_TEXT:
        raise _bad(field, f"must have at most {LONGEST_TEXT} characters")
    return text


def _number(field: FieldDef, text: str, locale: str) -> Decimal:  # noqa: ARG001
    value = _decimal(field, text)
    if value != (value * SCALE).to_integral_value() / SCALE:
        raise _bad(field, "has too many digits after the point; six are kept")
    return _plain(value)


def _money(field: FieldDef, text: str, locale: str) -> Money:  # noqa: ARG001
    currency = field.currency
    bare = re.sub(rf"(?i)\s*{re.escape(currency)}\s*", "", text) if currency else text
    minor = _decimal(field, bare) * 10 ** digits_of(currency)
    if minor != minor.to_integral_value():
        raise _bad(field, f"must be an amount of {currency}, such as 1240.50")
    return Money(minor=int(minor), currency=currency)


def _date(field: FieldDef, text: str, locale: str) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
        if locale.replace("-", "_") == "en_US" and "/" in text:
            day, month = month, day
    else:
        raise _bad(field, "must be a day, such as 2026-03-31 or 31.03.2026")
    try:
        return date(year, month, day)
    except ValueError:
        raise _bad(field, f"there is no day {text}") from None


def _choice(field: FieldDef, text: str, locale: str) -> str:  # noqa: ARG001
    """By key, or by what it is called in any language."""
    wanted = text.casefold()
    for one in field.choices:
        names = (one.key, one.label, *one.labels.values())
        if wanted in (name.casefold() for name in names):
            return one.key
    told = ", ".join(one.label for one in field.choices[:8])
    raise _bad(field, f"must be one of: {told}")


def _link(field: FieldDef, text: str, locale: str) -> str:
    return clean_site(_text(field, text, locale), f"custom.{field.key}")


def _decimal(field: FieldDef, text: str) -> Decimal:
    """`1 240,50`, `1.240,50`, `1,240.50` and `1240.5` alike: the last mark is the point."""
    bare = _THOUSANDS.sub("", text).replace("−", "-")
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "," if point > comma else "."
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        raise _bad(field, "must be a number, such as 1240.50")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise _bad(field, "must be a number, such as 1240.50") from None
    if abs(value) >= _LARGEST:
        raise _bad(field, "is too large")
    return value


def _amount_in(field: FieldDef, told: Mapping[str, Any]) -> str:
    """Money as the API writes it."""
    minor, currency = told.get("amount_minor"), told.get("currency", field.currency)
    if field.kind != "money" or not isinstance(minor, int) or isinstance(minor, bool):
        raise _bad(field, "cannot be read")
    if currency != field.currency:
        raise _bad(field, f"must be in {field.currency}")
    return _major(Money(minor=minor, currency=field.currency))


def _major(value: Money) -> str:
    places = digits_of(value.currency)
    return f"{Decimal(value.minor).scaleb(-places):.{places}f}"


def _plain(value: Decimal) -> Decimal:
    """1240, not 1.24E+3."""
    whole = value == value.to_integral_value()
    return value.quantize(Decimal(1)) if whole else value.normalize()


def _bad(field: FieldDef, why: str) -> Invalid:
    return Invalid(f"custom.{field.key}", why)


_READERS: Final[Mapping[FieldKind, Callable[[FieldDef, str, str], Value]]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "link": _link,
}
