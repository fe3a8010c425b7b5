"""The configuration of the PBXs as we keep it, and the way to a PBX that takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.pbx.kept import Applied, KeptPlan, PlanNumber, Result, Step


class PbxPlans(Protocol):
    def get(self, pbx: str) -> KeptPlan | None: ...

    def secrets(self, pbx: str) -> dict[str, str]:
        """For rendering alone."""
        ...

    def add(self, pbx: str, plan: Mapping[str, Any], by: int | None, at: datetime) -> None:
        """Conflict where there is one."""
        ...

    def change(
        self, pbx: str, version: int, plan: Mapping[str, Any], by: int | None, at: datetime
    ) -> None:
        """Conflict unless `version` is what is stored."""
        ...

    def keep_secrets(self, pbx: str, secrets: Mapping[str, str]) -> None:
        """These and no others."""
        ...

    def keep_numbers(self, pbx: str, numbers: Sequence[PlanNumber]) -> None: ...

    def numbers(self) -> list[PlanNumber]:
        """Of every PBX."""
        ...

    def begin_apply(self, pbx: str, version: int, by: int | None, at: datetime) -> int: ...

    def applied(self, applied_id: int) -> Applied | None: ...

    def running(self, pbx: str) -> Applied | None: ...

    def last_applied(self, pbx: str) -> Applied | None:
        """The last one after which the PBX had the plan."""
        ...

    def note_steps(self, applied_id: int, steps: Sequence[Step]) -> None: ...

    def end_apply(
        self,
        applied_id: int,
        result: Result,
        *,
        files: Mapping[str, str],
        backup: str,
        steps: Sequence[Step],
        at: datetime,
    ) -> None: ...
