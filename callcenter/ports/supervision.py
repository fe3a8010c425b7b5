"""Who stepped into which call, and whether operators see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from callcenter.supervision.stepping import Session


class Supervision(Protocol):
    def policy(self) -> dict[str, bool]:
        """Role ('' for the centre) → whether its operators see that somebody listens."""
        ...

    def set_policy(self, policy: Mapping[str, bool]) -> None:
        """In the place of what was kept."""
        ...

    def add(self, session: Session) -> Session: ...

    def save(self, sessions: Sequence[Session]) -> None:
        """Those with an id are changed, the others added."""
        ...

    def open_of(self, supervisor_id: int) -> list[Session]:
        """Stretches of this supervisor in calls that are still live, newest first."""
        ...

    def open_in(self, call_ids: Collection[str]) -> list[Session]: ...

    def channels_known(self, channels: Collection[str]) -> set[str]: ...

    def rename_call(self, gone: str, into: str) -> None: ...

    def lend(
        self, user_id: int, skill: str, level: int, until: datetime | None, *, by: int, at: datetime
    ) -> None:
        """A skill for a while instead of what is kept; level 0: without it."""
        ...

    def end_loan(self, user_id: int, skill: str) -> None: ...
