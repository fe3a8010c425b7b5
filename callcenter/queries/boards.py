"""Saved wallboards, and the screens that show them without a log-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from callcenter.store import board_rows, staffing_rows
from callcenter.store.tables import boards, wall_tokens
from callcenter.wallboard.layout import Layout
from callcenter.wallboard.reach import Centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A screen on a wall: which board it shows, in which language, when it last opened. `maker_id`
    is who answers for it: while they may not change the board, it is dark."""

    id: int
    board_id: int
    name: str
    language: str
    created_at: datetime
    seen_at: datetime | None
    maker_id: int | None


_WALL = select(
    wall_tokens.c.id,
    wall_tokens.c.board_id,
    wall_tokens.c.name,
    wall_tokens.c.language,
    wall_tokens.c.created_at,
    wall_tokens.c.seen_at,
    wall_tokens.c.created_by.label("maker_id"),
).where(wall_tokens.c.revoked_at.is_(None))


def every(connection: Connection) -> list[Layout]:
    rows = connection.execute(board_rows.BOARD.order_by(boards.c.title, boards.c.id))
    return [board_rows.as_layout(row) for row in rows]


def get(connection: Connection, board_id: int) -> Layout | None:
    return board_rows.one(connection, board_id)


def walls(connection: Connection, board_ids: Sequence[int]) -> dict[int, list[Wall]]:
    """Those of each board that still work, in order of their names."""
    query = _WALL.where(wall_tokens.c.board_id.in_(board_ids))
    found: dict[int, list[Wall]] = {board_id: [] for board_id in board_ids}
    for row in connection.execute(query.order_by(wall_tokens.c.name, wall_tokens.c.id)):
        found[row.board_id].append(Wall(**row._mapping))
    return found


def wall_of(connection: Connection, token_hash: str) -> Wall | None:
    row = connection.execute(_WALL.where(wall_tokens.c.token_hash == token_hash)).one_or_none()
    return Wall(**row._mapping) if row is not None else None


def working_walls(connection: Connection) -> frozenset[int]:
    """Ids of the tokens that nobody revoked."""
    query = select(wall_tokens.c.id).where(wall_tokens.c.revoked_at.is_(None))
    return frozenset(connection.scalars(query))


def centre(connection: Connection) -> Centre:
    """Queues, and who has the skills that they need."""
    return Centre(staffing_rows.queues(connection), staffing_rows.skills(connection))
