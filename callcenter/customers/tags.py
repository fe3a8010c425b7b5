"""Tags: short words that people put on customers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from callcenter.customers.names import fold
from callcenter.customers.visible import one_line
from callcenter.errors import Invalid

TONES: Final = ("", "blue", "green", "amber", "red", "violet", "teal", "grey")
MOST = 50
"""On one customer."""
_LONGEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    id: int
    name: str
    tone: str = ""


def tag_key(name: str) -> str:
    """“VIP” and “vip” are one tag."""
    return fold(one_line(name))[:_LONGEST]


def clean_tag(name: str, field: str = "tags") -> str:
    text = one_line(name)
    if not text or len(text) > _LONGEST or not tag_key(text):
        raise Invalid(field, f"a tag has 1 to {_LONGEST} characters")
    return text


def clean_tags(names: Iterable[str]) -> tuple[str, ...]:
    """Each once, empty ones left out."""
    found: dict[str, str] = {}
    for name in names:
        if name.strip():
            text = clean_tag(name)
            found.setdefault(tag_key(text), text)
    if len(found) > MOST:
        raise Invalid("tags", f"at most {MOST} tags")
    return tuple(found.values())
