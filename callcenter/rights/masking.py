"""How a value looks to who may know that it is there and what kind it is, but not what it says."""

from __future__ import annotations

_DOT = "•"
_COUNTRY = 3
_TAIL = 2


def is_masked(text: str) -> bool:
    return _DOT in text


def mask_number(number: str) -> str:
    """`+48601234567` → `+48•••••••67`. An extension inside the house is nobody's secret."""
    if not number or (not number.startswith("+") and len(number) <= 5):
        return number
    head = number[:_COUNTRY] if number.startswith("+") else ""
    hidden = max(len(number) - len(head) - _TAIL, 1)
    return f"{head}{_DOT * hidden}{number[len(head) + hidden :]}"


def mask_email(address: str) -> str:
    """`anna.nowak@example.pl` → `a•••@e•••.pl`."""
    name, at, domain = address.partition("@")
    if not at:
        return mask_text(address)
    ending = domain.rpartition(".")[2] if "." in domain else ""
    tail = f".{ending}" if ending else ""
    return f"{name[:1]}{_DOT * 3}@{domain[:1]}{_DOT * 3}{tail}"


def mask_text(text: str) -> str:
    """Always as long, so that the length tells nothing; the end only of what is long enough."""
    if not text:
        return ""
    return f"{_DOT * 6}{text[-_TAIL:] if len(text) > 3 * _TAIL else ''}"
