"""The configuration of the PBXs as we keep it, and the way to a PBX that takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from callcenter.pbx.kept import Applied, KeptPlan, PlanNumber, Result, Step


class PbxRefusedError(Exception):
    """The PBX cannot be reached or did not do what it was asked; the message holds its words."""


@dataclass(frozen=True, slots=True)
class PbxNow:
    """What a PBX has loaded. `steps`: by context and extension, each as `Application(data)`."""

    endpoints: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    steps: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


class PbxReloader(Protocol):
    """The one manager user that may reload."""

    def now(self) -> PbxNow: ...

    def reload(self, module: str) -> None: ...


class PbxFolder(Protocol):
    """The files that Asterisk reads; see `callcenter.pbx.folder`."""

    def texts(self, names: Iterable[str]) -> dict[str, str]: ...

    def check_writable(self) -> None: ...

    def back_up(self, names: Iterable[str], at: datetime) -> str: ...

    def write(self, texts: Mapping[str, str]) -> None: ...

    def put_back(self, names: Iterable[str], backup: str) -> None: ...


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
