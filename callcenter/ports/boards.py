"""Wallboards of teams, and the tokens of screens on a wall."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from callcenter.wallboard.layout import Layout


class Boards(Protocol):
    def get(self, board_id: int) -> Layout | None: ...

    def add(self, layout: Layout, user_id: int, at: datetime) -> int: ...

    def change(self, layout: Layout, at: datetime) -> None:
        """Everything of it; its version goes up by one."""
        ...

    def are_of_team(self, team_id: int) -> bool:
        """Whether there is a board of it."""
        ...

    def delete(self, board_id: int) -> None:
        """With its tokens."""
        ...

    def add_wall(
        self,
        board_id: int,
        name: str,
        *,
        token_hash: str,
        language: str,
        user_id: int,
        at: datetime,
    ) -> int: ...

    def revoke_wall(self, board_id: int, wall_id: int, at: datetime) -> bool:
        """False where there is none that still works."""
        ...

    def seen(self, wall_id: int, at: datetime) -> None: ...
