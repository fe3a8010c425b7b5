"""A segment: a filter with a name, live (whoever it holds for) or frozen (whom it held for)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from callcenter.errors import Invalid

LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDraft:
    """`filter` in its form as JSON, read and found right."""

    name: str
    filter: dict[str, Any]
    frozen: bool = False
    shared: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(SegmentDraft):
    id: int
    owner_id: int
    version: int


def clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", "a segment needs a name")
    if len(name) > LONGEST_NAME:
        raise Invalid("name", f"must have at most {LONGEST_NAME} characters")
    return name
