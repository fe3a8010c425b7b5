"""What a board knows of the centre beside its calls: queues, people, pauses. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardQueue:
    """`people` None: everybody's, since nobody has its skill. The target: so many percent of
    callers answered within so many seconds."""

    name: str
    title: str
    people: frozenset[int] | None = None
    sl_seconds: int = 20
    sl_percent: int = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPause:
    title: str
    limit_seconds: int | None = None
    productive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """`queues` in the order in which they are shown; `people`: who has a phone, by id, with the
    name that colleagues know them by."""

    queues: Mapping[str, BoardQueue] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    pauses: Mapping[str, BoardPause] = field(default_factory=dict)
    teams: Mapping[int, frozenset[int]] = field(default_factory=dict)
