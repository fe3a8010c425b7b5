"""Two cards that may be one person's, and what was decided about them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

PairState = Literal["open", "merged", "distinct"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """`a_id` is the smaller one."""

    a_id: int
    b_id: int
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How far the search over the whole base has come."""

    state: Literal["running", "done", "failed"]
    step: str
    position: str
    done: int
    found: int
    user_id: int | None
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """`moved`: column → keys of the rows that went over; `before`: both cards as they were."""

    id: int
    survivor_id: int
    loser_id: int
    at: datetime
    user_id: int | None
    batch_id: int | None
    moved: Mapping[str, Any]
    before: Mapping[str, Any]
    undone_at: datetime | None
    undone_by: int | None


def ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
