"""A file being taken in, as it is kept: what is to be done with it and how far that has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["draft", "queued", "running", "paused", "done", "failed", "undone"]
Wanted = Literal["", "pause", "undo"]
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
    id: int
    kind: str
    format: str
    state: Literal["queued", "running", "done", "failed"]
    user_id: int | None
    plan: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    size: int = 0
    stored_as: str = ""
    turn: str = ""
    problem: str = ""
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None = None
