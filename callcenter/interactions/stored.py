"""An interaction as the store gives it back to a use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from callcenter.interactions.interaction import MatchKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInteraction:
    id: int
    call_id: str | None
    direction: str
    number: str
    number_raw: str
    number_kind: str
    customer_id: int | None
    match: MatchKind
    candidate_ids: tuple[int, ...]
    operator_id: int | None
    joined_with: int | None = None
    """The card that the customer's became part of, while this was being written."""
    explanation: Mapping[str, Any] = field(default_factory=dict)
    """Only where a single one was asked for."""
