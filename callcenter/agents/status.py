"""An operator's state as plain values.

`chosen` is what they asked for and what comes back after every call; `state` is what holds now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Chosen = Literal["ready", "paused", "offline"]
State = Literal["ready", "ringing", "talking", "hold", "wrap_up", "paused", "offline"]
Device = Literal["desk", "browser"]
LegState = Literal["ringing", "talking", "hold"]

CHOOSABLE: Final[tuple[Chosen, ...]] = ("ready", "paused", "offline")
STATES: Final[tuple[State, ...]] = (
    "ready",
    "ringing",
    "talking",
    "hold",
    "wrap_up",
    "paused",
    "offline",
)
DEVICES: Final[tuple[Device, ...]] = ("desk", "browser")
CONVERSING: Final = frozenset({"talking", "hold"})
ON_A_CALL: Final = frozenset({"ringing", "talking", "hold"})
WORKING: Final = frozenset({"ready", "ringing", "talking", "hold", "wrap_up"})
"""Productive time. Of pauses, only those whose reason says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    """What is left to do after a call. `until` None: as long as the operator needs.

    `interaction_id` and `required` (an outcome has to be chosen) are for who shows it.
    """

    call_id: str
    until: datetime | None
    interaction_id: int | None = None
    required: bool = False

    def over(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatus:
    """`call_id`: the call that makes the state what it is; '' where the choice does."""

    user_id: int
    state: State
    reason: str
    since: datetime
    chosen: Chosen = "offline"
    chosen_reason: str = ""
    device: Device = "desk"
    wrap_up: WrapUp | None = None
    call_id: str = ""

    @property
    def may_be_rung(self) -> bool:
        """Whether the queues may send a call, as far as the operator's own wish goes."""
        return self.chosen == "ready" and self.wrap_up is None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLeg:
    """One of the operator's phones in a call that is going on. `since` None: nobody told."""

    call_id: str
    state: LegState
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpPolicy:
    """A queue's: `seconds` counts for `timed` alone."""

    kind: Literal["none", "timed", "until_done"] = "none"
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPart:
    """An operator's finished conversation within a call, which itself may go on.

    `known`: the history tells of this conversation already.
    """

    call_id: str
    answered_at: datetime
    ended_at: datetime
    policy: WrapUpPolicy = WrapUpPolicy()
    known: bool = False
