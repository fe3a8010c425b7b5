"""Call scripts, and what was answered in them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from callcenter.scripts.script import Script
from callcenter.scripts.stored import Run, StoredScript


class Scripts(Protocol):
    def all(self) -> tuple[StoredScript, ...]: ...

    def get(self, script_id: int) -> StoredScript | None: ...

    def of_queue(self, queue: str) -> StoredScript | None:
        """The one that the queue is set to; else the one in use that was made for it."""
        ...

    def add(self, script: Script, at: datetime) -> int: ...

    def update(
        self, script_id: int, script: Script, *, active: bool, version: int, at: datetime
    ) -> int:
        """Returns the new version. Conflict if `version` is not the stored one any more."""
        ...

    def run(self, interaction_id: int) -> Run | None: ...

    def save_run(self, run: Run) -> None: ...
