"""What is kept of a PBX: its plan, what its numbers are called, what was applied. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from callcenter.pbx.plan import PbxPlan

Result = Literal["running", "applied", "nothing", "refused", "undone", "broken"]
"""`undone`: it failed and what was before is there again; `broken`: that failed as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlan:
    """`plan` is as `stored.store` makes it: without a secret."""

    pbx: str
    plan: Mapping[str, Any]
    version: int
    updated_by: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNumber:
    """A number that leads somewhere by a plan. `target` of a queue's: the queue's name."""

    number: str
    kind: Literal["did", "queue"]
    target: str = ""
    title: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done, how long after the beginning; `ok` None while it goes on."""

    name: str
    ok: bool | None
    seconds: float
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    id: int
    pbx: str
    at: datetime
    by: int | None
    version: int
    files: Mapping[str, str] = field(default_factory=dict)
    backup: str = ""
    result: Result = "running"
    steps: tuple[Step, ...] = ()
    ended_at: datetime | None = None


def numbers_of(plan: PbxPlan) -> list[PlanNumber]:
    dids = [
        PlanNumber(
            number=did.number,
            kind="did",
            target=f"{did.kind}:{did.target}".rstrip(":"),
            title=did.title,
            calendar=did.calendar,
        )
        for did in plan.dids
    ]
    queues = [
        PlanNumber(number=number, kind="queue", target=name)
        for name, number in plan.queue_numbers.items()
    ]
    return dids + queues
