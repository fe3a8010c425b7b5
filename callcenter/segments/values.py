"""The value of a condition: what each kind of field is compared with, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from callcenter.errors import Invalid
from callcenter.segments.fields import WITHOUT_VALUE, Field

MOST_VALUES: Final = 100
MOST_DAYS: Final = 3660
MOST_CONTACT_DAYS: Final = 92
"""Contacts are counted over at most so many days: over more, nobody waits for the answer."""
_LARGEST: Final = 10**12
_LONGEST: Final = 160
_CONTACT_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "direction": ("inbound", "outbound"),
    "result": ("answered", "missed", "abandoned", "busy", "rejected", "failed", "voicemail"),
    "channel": ("call", "email", "sms", "chat", "meeting"),
}


@dataclass(frozen=True, slots=True)
class Me:
    """Whoever looks, in place of a user's id."""

    def isoformat(self) -> str:
        """How it is told (`Condition.as_json`)."""
        return "me"


ME: Final = Me()


def read_value(field: Field, op: str, told: object, place: str) -> Any:
    where = f"{place}.value"
    if op in WITHOUT_VALUE:
        if told is not None:
            raise Invalid(where, f"“{op}” takes no value")
        return None
    if op in ("within_days", "days_ago"):
        return _whole(told, where, 0, MOST_DAYS)
    if field.kind == "contacts":
        return _contacts(told, where)
    one = _READERS[field.kind]
    if op in ("in", "not_in"):
        return _several(field, told, where, one)
    if op == "between":
        return _range(field, told, where, one)
    return one(field, told, where)


def _several(field: Field, told: object, where: str, one: Callable[..., Any]) -> tuple[Any, ...]:
    if not isinstance(told, list) or not 1 <= len(told) <= MOST_VALUES:
        raise Invalid(where, f"must be a list of 1 to {MOST_VALUES} values")
    return tuple(dict.fromkeys(one(field, value, where) for value in told))


def _range(field: Field, told: object, where: str, one: Callable[..., Any]) -> tuple[Any, Any]:
    if not isinstance(told, list) or len(told) != 2:
        raise Invalid(where, "must be two values: from and to")
    least, most = (one(field, value, where) for value in told)
    if least > most:
        raise Invalid(where, "the first must not be greater than the second")
    return least, most


def _contacts(told: object, where: str) -> dict[str, Any]:
    """{"count": 3, "days": 7, "result": "missed"}; what is not named is not asked."""
    if not isinstance(told, Mapping):
        raise Invalid(where, "must be an object with count and days")
    known = {"count", "days", "queue", *_CONTACT_CHOICES}
    if unknown := sorted(str(name) for name in told.keys() - known):
        raise Invalid(
            f"{where}.{unknown[0]}", f"is not known here; known: {', '.join(sorted(known))}"
        )
    value: dict[str, Any] = {
        "count": _whole(told.get("count"), f"{where}.count", 0, 10_000),
        "days": _whole(told.get("days"), f"{where}.days", 1, MOST_CONTACT_DAYS),
    }
    for name, choices in _CONTACT_CHOICES.items():
        if told.get(name):
            if told[name] not in choices:
                raise Invalid(f"{where}.{name}", f"must be one of: {', '.join(choices)}")
            value[name] = told[name]
    if told.get("queue"):
        value["queue"] = _line(told["queue"], f"{where}.queue")
    return value


def _text(_field: Field, told: object, where: str) -> str:
    return _line(told, where)


def _line(told: object, where: str) -> str:
    if not isinstance(told, str) or not told.strip() or len(told) > _LONGEST or "\0" in told:
        raise Invalid(where, f"must be text of 1 to {_LONGEST} characters")
    return told.strip()


def _choice(field: Field, told: object, where: str) -> str:
    key = _line(told, where)
    if field.choices and key not in field.choices:
        raise Invalid(where, f"must be one of: {', '.join(field.choices)}")
    return key


def _number(_field: Field, told: object, where: str) -> int | float:
    if isinstance(told, bool) or not isinstance(told, int | float) or abs(told) > _LARGEST:
        raise Invalid(where, "must be a number")
    if told != told:  # noqa: PLR0124 (not a number at all)
        raise Invalid(where, "must be a number")
    return told


def _minor(_field: Field, told: object, where: str) -> int:
    return _whole(told, where, -_LARGEST, _LARGEST)


def _whole(told: object, where: str, least: int, most: int) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not least <= told <= most:
        raise Invalid(where, f"must be a whole number from {least} to {most}")
    return told


def _day(_field: Field, told: object, where: str) -> date:
    try:
        return date.fromisoformat(told if isinstance(told, str) else "")
    except ValueError:
        raise Invalid(where, "must be a day such as 2026-03-31") from None


def _id(field: Field, told: object, where: str) -> int | Me:
    if told == "me" and field.key == "owner":
        return ME
    return _whole(told, where, 1, 2**62)


def scaled(value: float, scale: int) -> int:
    """As own numbers are kept: whole, so that both databases compare them alike."""
    return int(Decimal(str(value)) * scale)


_READERS: Final[Mapping[str, Callable[[Field, object, str], Any]]] = {
    "words": _text,
    "text": _text,
    "choice": _choice,
    "number": _number,
    "money": _minor,
    "date": _day,
    "moment": _day,
    "ids": _id,
}
