"""Scripts and runs of them, as they are kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from callcenter.scripts.script import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScript:
    id: int
    script: Script
    active: bool
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A script gone through on one contact: where it stands and what was answered."""

    interaction_id: int
    script_id: int
    user_id: int
    step: str
    answers: Mapping[str, str]
    updated_at: datetime
