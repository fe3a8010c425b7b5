"""One entry of the history of a record, and what kind of change it was. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from callcenter.history.document import Document

Actor = Literal["user", "token", "import", "call", "rule"]
Action = Literal["create", "update", "delete", "restore", "merge", "unmerge"]

DELETED = "deleted"
"""The field of a record that is put aside: it is there and nobody sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDraft:
    at: datetime
    user_id: int | None
    actor: Actor
    object_type: str
    object_id: str
    action: Action
    fields: Mapping[str, list[Any]]
    batch_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ChangeDraft):
    id: int = field(default=0)


def action_of(before: Document | None, after: Document | None) -> Action:
    """A record that is deleted for good is told like one that is put aside."""
    if before is None:
        return "create"
    if after is None:
        return "delete"
    was, is_now = bool(before.get(DELETED)), bool(after.get(DELETED))
    if was == is_now:
        return "update"
    return "delete" if is_now else "restore"
