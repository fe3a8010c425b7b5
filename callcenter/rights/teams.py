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

    @property
    def people(self) -> frozenset[int]:
        """Members, and whoever leads them."""
        return frozenset(self.member_ids) | ({self.lead_id} if self.lead_id else set())

    def has(self, user_id: int) -> bool:
        return user_id in self.member_ids or user_id == self.lead_id
