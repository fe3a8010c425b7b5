"""Figures that are counted in the database: today, lately, call-backs, what is expected. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Contacts of a time, by the definitions of the reports: `level_in` of `level_of` were answered
    in time; `lost` of `lost_of` hung up (short abandons left out of both). They add up."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    level_in: int = 0
    level_of: int = 0
    lost: int = 0
    lost_of: int = 0
    wait_answered: float = 0.0

    @property
    def level(self) -> float | None:
        """Service level, 0 to 1; None: of nothing."""
        return self.level_in / self.level_of if self.level_of else None

    @property
    def abandonment(self) -> float | None:
        return self.lost / self.lost_of if self.lost_of else None

    @property
    def asa(self) -> float | None:
        """Average speed of answer, seconds."""
        return self.wait_answered / self.answered if self.answered else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """By queue. `forecast`: contacts expected in the hour to come; a queue that nobody can say it
    of is not in it. `links` and `alerts` are JSON-ready."""

    today: Mapping[str, Counted] = field(default_factory=dict)
    lately: Mapping[str, Counted] = field(default_factory=dict)
    callbacks: Mapping[str, int] = field(default_factory=dict)
    forecast: Mapping[str, float] = field(default_factory=dict)
    links: tuple[Mapping[str, Any], ...] = ()
    alerts: tuple[Mapping[str, Any], ...] = ()


def total(counted: Iterable[Counted]) -> Counted:
    found = list(counted)
    return Counted(
        offered=sum(one.offered for one in found),
        answered=sum(one.answered for one in found),
        abandoned=sum(one.abandoned for one in found),
        level_in=sum(one.level_in for one in found),
        level_of=sum(one.level_of for one in found),
        lost=sum(one.lost for one in found),
        lost_of=sum(one.lost_of for one in found),
        wait_answered=sum(one.wait_answered for one in found),
    )
