"""What was done to many records at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

BatchKind = Literal["bulk", "import", "merge"]
BatchState = Literal["running", "done", "failed", "undone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`detail` holds what its kind needs, and after an undo what could not be taken back."""

    id: int
    kind: BatchKind
    title: str
    user_id: int | None
    at: datetime
    state: BatchState
    total: int
    done: int
    detail: Mapping[str, Any]
    undone_at: datetime | None
    undone_by: int | None
