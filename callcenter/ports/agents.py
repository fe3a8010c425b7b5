"""Operators' states: what they chose, what they do, and what they did."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from callcenter.agents.status import AgentStatus, Device, LiveLeg


class Agents(Protocol):
    def get(self, user_id: int, now: datetime) -> AgentStatus | None:
        """As of `now`; None for somebody who never logged in."""
        ...

    def lock(self, user_ids: Collection[int]) -> dict[int, AgentStatus]:
        """As stored, for those who have a state; nobody else changes them until this transaction
        ends."""
        ...

    def begin(self, user_id: int, at: datetime) -> None:
        """Their first state, offline; nothing for somebody who has one."""
        ...

    def save(self, steps: Sequence[AgentStatus]) -> None:
        """The states that somebody went through, in order: the last is what they are now, each new
        one is a row of the history. Saving the same again changes nothing."""
        ...

    def set_device(self, user_id: int, device: Device) -> None: ...

    def live_legs(self, user_ids: Collection[int]) -> dict[int, tuple[LiveLeg, ...]]:
        """Phones of these users that ring or speak now."""
        ...

    def on_calls(self, call_ids: Collection[str]) -> frozenset[int]:
        """Users whose state, as far as is written, one of these calls makes."""
        ...

    def conversations_since(
        self, user_ids: Collection[int], since: datetime
    ) -> frozenset[tuple[int, str]]:
        """(user, call) of which the history tells a conversation that began after that."""
        ...

    def rename_call(self, gone: str, into: str) -> None:
        """A call that is part of another now, in what operators do at present."""
        ...

    def doubtful(self, now: datetime, *, on_calls: bool) -> list[int]:
        """Users whose stored state may be over: a wrap-up whose time is up and, with `on_calls`,
        everybody who is on a call as far as is written."""
        ...
