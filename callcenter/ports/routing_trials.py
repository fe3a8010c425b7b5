"""Questions of how a draft would have routed the calls that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from callcenter.routing.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One that waits for its turn: both tables, and how far it is."""

    id: int
    since: datetime
    draft: tuple[Rule, ...]
    live: tuple[Rule, ...]
    position: int
    until_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A call that the draft would have sent elsewhere, or there in another way."""

    decision_id: int
    was: str
    would: str
    rule_was: str
    rule_would: str


class RoutingTrials(Protocol):
    def add(
        self,
        draft: Sequence[Rule],
        live: Sequence[Rule],
        version: int | None,
        *,
        since: datetime,
        asked_by: int | None,
        at: datetime,
    ) -> int:
        """Its id. It looks at the decisions from `since` up to the newest there is now."""
        ...

    def take(self, at: datetime, until: datetime) -> Trial | None:
        """The oldest that nobody works on; it is this worker's until then."""
        ...

    def decisions(self, after: int, until: int, limit: int) -> list[tuple[int, Mapping[str, Any]]]:
        """(id, facts as JSON), in order."""
        ...

    def keep(
        self,
        trial_id: int,
        position: int,
        moved: Sequence[Moved],
        *,
        looked: int,
        unreadable: int,
        leased_until: datetime,
    ) -> None: ...

    def end(self, trial_id: int, state: str, at: datetime) -> None: ...

    def forget(self, keep: int) -> None:
        """All but the newest so many."""
        ...
