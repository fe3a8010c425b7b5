"""Numbers and money as people write them: `1 234,56 zł`, `$1,234.56`, `(12.00)`.

Which of point and comma divides, a whole column shows; one value alone may not (`1,234`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

Mark = Literal[".", ","]
_SIGNS: Final = {
    "zł": "PLN",
    "zl": "PLN",
    "₽": "RUB",
    "руб": "RUB",
    "руб.": "RUB",
    "р.": "RUB",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "₴": "UAH",
    "грн": "UAH",
    "грн.": "UAH",
    "kč": "CZK",
    "₸": "KZT",
}
_BLANKS = re.compile(r"[\s\u00a0\u202f'’_]+")
_NUMBER = re.compile(r"[+\-−]?[\d.,]*\d[.,]?")
_AMOUNT = re.compile(
    r"(?P<before>[^\d+\-−.,]*)(?P<sign>[+\-−]?)(?P<between>[^\d+\-−.,]*)(?P<digits>[\d.,]*\d)(?P<after>[^\d]*)"
)


@dataclass(frozen=True, slots=True)
class Found:
    mark: Mark
    ambiguous: bool = False


def guess_mark(values: Iterable[str]) -> Found:
    """Which sign divides whole from broken numbers in this column."""
    votes = {".": 0, ",": 0}
    open_questions = 0
    for text in values:
        digits = re.sub(r"[^\d.,]", "", text).strip(".,")
        mark = _decimal_mark(digits)
        if mark:
            votes[mark] += 1
        elif re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
            open_questions += 1
    best: Mark = "," if votes[","] > votes["."] else "."
    return Found(best, ambiguous=not any(votes.values()) and open_questions > 0)


def _decimal_mark(digits: str) -> str:
    if "." in digits and "," in digits:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    for mark in ".,":
        count = digits.count(mark)
        if count > 1:
            return "," if mark == "." else "."
        if count == 1 and len(digits.rpartition(mark)[2]) != 3:
            return mark
    return ""


def parse_number(text: str, mark: Mark) -> Decimal:
    plain = _BLANKS.sub("", text)
    if not _NUMBER.fullmatch(plain):
        raise ValueError("is not a number")
    return _decimal(plain, mark)


def parse_amount(text: str, mark: Mark) -> tuple[Decimal, str]:
    """The amount and its currency, '' where none is written."""
    plain = _BLANKS.sub("", text)
    negative = plain.startswith("(") and plain.endswith(")")
    found = _AMOUNT.fullmatch(plain.strip("()"))
    if not found:
        raise ValueError("is not an amount of money")
    named = {part for part in found.group("before", "between", "after") if part}
    if len(named) > 1:
        raise ValueError("is not an amount of money")
    amount = _decimal(found["sign"] + found["digits"], mark)
    return (-amount if negative else amount), _currency(named.pop() if named else "")


def _currency(sign: str) -> str:
    if not sign:
        return ""
    if sign.casefold() in _SIGNS:
        return _SIGNS[sign.casefold()]
    if re.fullmatch(r"[A-Za-z]{3}", sign):
        return sign.upper()
    raise ValueError(f"names a currency we do not know: {sign[:20]}")


def _decimal(text: str, mark: Mark) -> Decimal:
    other = "," if mark == "." else "."
    plain = text.replace("−", "-").replace(other, "").replace(mark, ".")
    if text.count(mark) > 1:
        raise ValueError("is not a number")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError("is not a number") from None


def minor_units(amount: Decimal) -> int:
    """In hundredths, as all our money is kept."""
    minor = amount * 100
    if minor != minor.to_integral_value():
        raise ValueError("has more than two digits after the point")
    if abs(minor) > 10**15:
        raise ValueError("is too large an amount")
    return int(minor)
