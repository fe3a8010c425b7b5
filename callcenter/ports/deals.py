"""Deals with customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from callcenter.sales.deal import Deal, DealDraft


class Deals(Protocol):
    def add(self, draft: DealDraft, at: datetime) -> int: ...

    def get(self, deal_id: int) -> Deal | None: ...

    def update(self, deal_id: int, values: Mapping[str, Any], *, version: int, at: datetime) -> int:
        """Returns the new version. Conflict if `version` is not the stored one any more."""
        ...
