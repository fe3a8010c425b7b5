"""A file being taken in, as it is kept: what is to be done with it and how far that has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["draft", "queued", "running", "paused", "done", "failed", "undone"]
Wanted = Literal["", "pause", "undo"]
CANCELLED = "cancelled"
"""What is wrong with a file given out that somebody did not want any more."""
ENDED = frozenset({"done", "failed", "undone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`position` counts the records done; `wanted` is what somebody asked of the job since."""

    id: int
    kind: str
    name: str
    size: int
    stored_as: str
    state: State
    user_id: int | None
    plan: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    position: int = 0
    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    wanted: Wanted = ""
    turn: str = ""
    batch_id: int | None = None
    problem: str = ""
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """A record that was not taken: its cells as they were, and what is wrong with which."""

    record: int
    line: int
    cells: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """`total`: how many rows there will be, as far as that was known when it began; 0: not yet."""

    id: int
    kind: str
    format: str
    state: Literal["queued", "running", "done", "failed"]
    user_id: int | None
    plan: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    size: int = 0
    stored_as: str = ""
    turn: str = ""
    problem: str = ""
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.problem == CANCELLED

    @property
    def attempt(self) -> int:
        """The how manieth writer has it; 0: none."""
        return attempt_of(self.turn)


def attempt_of(turn: str) -> int:
    """`2-…` is the second: whoever had it before was killed."""
    count, dash, _token = turn.partition("-")
    return int(count) if dash and count.isdecimal() else 0
