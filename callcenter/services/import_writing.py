"""What every kind of import has in common: what becomes of a row, and what writing one needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from callcenter.imports.plan import Plan
from callcenter.imports.rows import Row
from callcenter.ports import Clock, UnitOfWork

Outcome = Literal["created", "updated", "unchanged", "failed"]
FAILED: Outcome = "failed"


@dataclass(frozen=True, slots=True)
class Done:
    """`problems` are told with a row that failed, and what the row said unless it is `secret`."""

    outcome: Outcome
    problems: tuple[tuple[str, str], ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Whose import it is, by which plan, and the batch that it can be taken back by."""

    plan: Plan
    user_id: int | None
    clock: Clock
    batch_id: int | None = None


class Writer(Protocol):
    """Writes rows that can be read, inside the caller's transaction: one answer for each."""

    def write(self, uow: UnitOfWork, rows: Sequence[Row]) -> list[Done]: ...


def failed(why: str, column: str = "") -> Done:
    return Done(FAILED, ((column, why),))
