"""Menus as they are kept: versions, of which one is live and one may be edited. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

VersionState = Literal["draft", "live", "past"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuVersion:
    id: int
    number: int
    state: VersionState
    definition: Mapping[str, Any]
    created_at: datetime
    created_by: int | None = None
    published_at: datetime | None = None
    published_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMenu:
    id: int
    key: str
    title: str
    live: MenuVersion | None = None
    draft: MenuVersion | None = None

    @property
    def edited(self) -> MenuVersion | None:
        """What whoever edits sees: the draft, else what is live."""
        return self.draft or self.live
