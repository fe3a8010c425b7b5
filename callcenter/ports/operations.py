"""Routing decisions, the PBX's state, the audit log, and requests done already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from callcenter.accounts.idempotency import Done, Started
from callcenter.routing.record import DecisionRecord


class Routing(Protocol):
    def record(self, *decisions: DecisionRecord) -> None: ...

    def prune(self, before: datetime, limit: int) -> int:
        """Delete up to `limit` of the oldest. Returns how many it were."""
        ...


class PbxLinks(Protocol):
    def set(self, pbx: str, state: str, detail: str, at: datetime, version: str = "") -> None: ...

    def states(self) -> dict[str, str]:
        """PBX → how its listener's link stands, as last told."""
        ...

    def note_steps(self, pbx: str, steps_in: bool) -> None:
        """Whether its dialplan lets supervisors into calls. Of a PBX that nobody knows: nothing."""
        ...

    def note_name(self, pbx: str, system_name: str, at: datetime) -> None:
        """The PBX called itself this; it may have had other names before."""
        ...

    def names(self, pbx: str) -> tuple[str, ...]:
        """Every system name it is known by, the latest first."""
        ...


class Audit(Protocol):
    def record(
        self,
        *,
        user_id: int | None,
        action: str,
        object_type: str,
        object_id: str,
        at: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> None: ...

    def noted(
        self,
        *,
        user_id: int | None,
        action: str,
        object_type: str,
        object_id: str,
        since: datetime,
    ) -> tuple[Mapping[str, Any], ...]:
        """What was said in detail of the things this user (None: the product itself) did since
        then, the newest first."""
        ...

    def prune(self, before: datetime, limit: int) -> int: ...


class Idempotency(Protocol):
    """Which requests of programs were done already, by the key that they carry."""

    def start(
        self, user_id: int, key: str, fingerprint: str, at: datetime
    ) -> Started | Done | None: ...

    def finish(self, user_id: int, key: str, status: int, body: str) -> None: ...

    def forget(self, user_id: int, key: str) -> None: ...

    def forget_before(self, moment: datetime) -> None: ...
