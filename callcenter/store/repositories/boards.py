"""Keeps wallboards of teams, and the tokens of screens on a wall."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from callcenter.store import board_rows
from callcenter.store.tables import boards, wall_tokens
from callcenter.store.text import clip
from callcenter.wallboard.layout import Layout


class BoardRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, board_id: int) -> Layout | None:
        return board_rows.one(self._connection, board_id)

    def add(self, layout: Layout, user_id: int, at: datetime) -> int:
        values = {**board_rows.values_of(layout), "created_by": user_id, "updated_at": at}
        statement = insert(boards).values(values).returning(boards.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def change(self, layout: Layout, at: datetime) -> None:
        values = {**board_rows.values_of(layout), "updated_at": at}
        self._connection.execute(
            update(boards)
            .where(boards.c.id == layout.id)
            .values(**values, version=boards.c.version + 1)
        )

    def are_of_team(self, team_id: int) -> bool:
        query = select(boards.c.id).where(boards.c.team_id == team_id).limit(1)
        return self._connection.scalar(query) is not None

    def delete(self, board_id: int) -> None:
        self._connection.execute(delete(wall_tokens).where(wall_tokens.c.board_id == board_id))
        self._connection.execute(delete(boards).where(boards.c.id == board_id))

    def add_wall(
        self,
        board_id: int,
        name: str,
        *,
        token_hash: str,
        language: str,
        user_id: int,
        at: datetime,
    ) -> int:
        values = {
            "board_id": board_id,
            "name": clip(name, 80),
            "token_hash": token_hash,
            "language": clip(language, 8),
            "created_by": user_id,
            "created_at": at,
        }
        statement = insert(wall_tokens).values(values).returning(wall_tokens.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def revoke_wall(self, board_id: int, wall_id: int, at: datetime) -> bool:
        found = self._connection.execute(
            update(wall_tokens)
            .where(
                wall_tokens.c.id == wall_id,
                wall_tokens.c.board_id == board_id,
                wall_tokens.c.revoked_at.is_(None),
            )
            .values(revoked_at=at)
        )
        return found.rowcount > 0

    def seen(self, wall_id: int, at: datetime) -> None:
        self._connection.execute(
            update(wall_tokens).where(wall_tokens.c.id == wall_id).values(seen_at=at)
        )
