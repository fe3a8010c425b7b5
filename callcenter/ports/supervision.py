"""Who stepped into which call, and whether operators see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from callcenter.supervision.claims import Claim
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

    def open_now(self) -> list[Session]:
        """Stretches in calls that are still live, whoever's."""
        ...

    def open_in(self, call_ids: Collection[str]) -> list[Session]: ...

    def hold(self, supervisor_id: int) -> None:
        """Whoever else holds this supervisor waits until this unit of work is over."""
        ...

    def channels_known(self, channels: Collection[str]) -> set[str]: ...

    def claim(self, wanted: Claim) -> Claim | None:
        """None: it is theirs from now on. Otherwise the one in its way, be it the same person's: on
        the same call, by the same command, or (of two pulls) to the same phone. Of however many ask
        at once, one gets it."""
        ...

    def claim_on(self, call_id: str, now: datetime) -> Claim | None: ...

    def claims(self, call_ids: Collection[str]) -> list[Claim]:
        """Of these calls, whether their time is over or not."""
        ...

    def claim_by(self, command_id: str) -> Claim | None:
        """Whether its time is over or not."""
        ...

    def release(self, command_id: str) -> Claim | None:
        """The claim that ended with it."""
        ...

    def rename_call(self, gone: str, into: str) -> None:
        """A claim on `gone` holds for `into` from now on, or, where that has one already, ends."""
        ...

    def lend(
        self, user_id: int, skill: str, level: int, until: datetime | None, *, by: int, at: datetime
    ) -> None:
        """A skill for a while instead of what is kept; level 0: without it."""
        ...

    def end_loan(self, user_id: int, skill: str) -> None: ...
