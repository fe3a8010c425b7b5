"""People who work together: what "my team's" means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """`lead_id` sees what the members have as if a member; id 0 is not stored yet."""

    id: int
    name: str
    lead_id: int | None = None
    member_ids: tuple[int, ...] = ()
