"""Versions of the routing rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from callcenter.routing.rules import Rule
from callcenter.routing.versions import RulesVersion


class RoutingRules(Protocol):
    def live(self) -> RulesVersion | None: ...

    def draft(self) -> RulesVersion | None: ...

    def by_number(self, number: int) -> RulesVersion | None: ...

    def add_live(
        self, rules: Sequence[Rule], user_id: int | None, at: datetime, note: str = ""
    ) -> int:
        """The next number, live from now on; what was live is past. Returns the number."""
        ...

    def add_draft(
        self, rules: Sequence[Rule], base_id: int | None, user_id: int | None, at: datetime
    ) -> None: ...

    def save_draft(self, rules: Sequence[Rule], stamp: int) -> bool:
        """False when somebody else wrote it meanwhile."""
        ...

    def discard_draft(self) -> bool: ...

    def publish_draft(self, stamp: int, user_id: int | None, at: datetime, note: str) -> int | None:
        """The number it got; None when the draft is not the one that was looked at."""
        ...
