"""Queues' settings and the catalogue of pauses, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from callcenter.agents.status import WrapUpPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """`skill` '': the queue's own name is the skill that it asks for."""

    name: str
    title: str = ""
    skill: str = ""
    wrap_up: Literal["none", "timed", "until_done"] = "none"
    wrap_up_seconds: int = 30
    auto_answer: bool = False
    outcome_required: bool = False
    script_id: int | None = None
    short_abandon_seconds: int = 5
    return_minutes: int = 60
    position: int = 0
    announce_position: bool = False
    announce_estimate: bool = False
    announce_seconds: int = 60
    """How often who waits hears of it; 0: only before they wait."""
    messages: str = ""
    """Keys of prompts, said one at a time."""
    max_wait_seconds: int = 0
    callback_offered: bool = False
    callback_after_seconds: int = 0
    callback_over_minutes: int = 0
    callback_attempts: int = 3
    callback_retry_minutes: int = 15
    callback_hours: int = 24
    callback_calendar: str = ""
    overflow: str = ""
    message_box: bool = False
    message_due_minutes: int = 240
    sl_seconds: int = 20
    sl_percent: int = 80
    """The goal: `sl_percent` of the callers are answered within `sl_seconds`."""

    @property
    def needs(self) -> str:
        return self.skill or self.name

    @property
    def shown(self) -> str:
        return self.title or self.name

    @property
    def policy(self) -> WrapUpPolicy:
        return WrapUpPolicy(kind=self.wrap_up, seconds=self.wrap_up_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseReason:
    """`limit_seconds` None: as long as it takes."""

    code: str
    title: str
    productive: bool = False
    limit_seconds: int | None = None
    position: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """What a queue is like now. `ready`: operators whom it could ring."""

    queue: str
    title: str
    waiting: int
    longest_since: datetime | None
    ready: int
