"""How long things are kept, and what people asked of their data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from callcenter.privacy.retention import Kind

JobKind = Literal["erase", "export"]
JobState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyJob:
    id: int
    kind: JobKind
    customer_id: int
    user_id: int | None
    state: JobState
    asked_at: datetime
    done_at: datetime | None = None
    taken_at: datetime | None = None
    stored_as: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """`done_until`: what is older was gone through already."""

    kind: Kind
    days: int | None = None
    done_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """Bytes that have to go. `kind` says in which folder they are."""

    id: int
    kind: str
    stored_as: str


class Privacy(Protocol):
    def hold(self, customer_id: int) -> str | None:
        """Why nothing may be erased ('' for no reason); None if there is no such customer."""
        ...

    def set_hold(self, customer_id: int, why: str, at: datetime) -> None: ...

    # -- jobs ------------------------------------------------------------------------------------

    def ask(self, kind: JobKind, customer_id: int, user_id: int | None, at: datetime) -> int: ...

    def note_erasure(
        self, customer_id: int, user_id: int | None, at: datetime, detail: Mapping[str, Any]
    ) -> None: ...

    def job(self, job_id: int) -> PrivacyJob | None: ...

    def open_job(self, kind: JobKind, customer_id: int) -> PrivacyJob | None: ...

    def next_job(self) -> PrivacyJob | None:
        """The oldest that is not over: one that a killed worker left running as well."""
        ...

    def update_job(self, job_id: int, values: Mapping[str, Any]) -> None: ...

    def exports_before(self, before: datetime) -> list[PrivacyJob]:
        """Those with a file that nobody took until then."""
        ...

    def forget_exports(self, customer_ids: Sequence[int], at: datetime) -> None:
        """Their files go."""
        ...

    # -- how long --------------------------------------------------------------------------------

    def rules(self) -> dict[Kind, RetentionRule]:
        """Of every kind."""
        ...

    def set_rule(self, kind: Kind, days: int | None) -> None: ...

    def done_until(self, kind: Kind, moment: datetime) -> None: ...

    def old_calls(
        self, since: datetime | None, before: datetime, after: int, limit: int
    ) -> list[tuple[int, str]]:
        """(interaction, call) by the interaction's id; not of customers whose data must stay."""
        ...

    def old_conversations(self, before: datetime, after: int, limit: int) -> list[int]: ...

    def forget_conversations(self, ids: Sequence[int], at: datetime) -> None: ...

    def prune_files(self, before: datetime, at: datetime, limit: int) -> int: ...

    def prune_changes(self, before: datetime, limit: int) -> int: ...

    def prune_imports(self, before: datetime, at: datetime, limit: int) -> int: ...

    def unconfirmed(self, before: datetime, limit: int) -> list[int]:
        """Cards that a contact made, nobody confirmed, and nobody heard of since."""
        ...

    # -- bytes -----------------------------------------------------------------------------------

    def doomed(self, after: int, limit: int) -> list[Doomed]: ...

    def gone(self, ids: Sequence[int]) -> None:
        """Their bytes are away."""
        ...
