"""Mail addresses as they are compared and stored. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]{1,64}@[^\s<>@,;:\"()\[\]\\]{1,255}")
AddressMatch = Literal["one", "several", "none"]


def is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= 160 and text.isprintable()


def address_key(text: str) -> str:
    """Folded: nobody's mail differs from another's by case alone."""
    return text.strip().casefold()


def match_address(customer_ids: Sequence[int]) -> AddressMatch:
    """The law of numbers: one card is them, several are a question, none is a stranger."""
    if not customer_ids:
        return "none"
    return "one" if len(customer_ids) == 1 else "several"
