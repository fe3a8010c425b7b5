"""Reads saved boards as plain values; the repository and queries share it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from callcenter.store.tables import boards
from callcenter.wallboard.layout import Layout

BOARD: Select[Any] = select(
    boards.c.id,
    boards.c.title,
    boards.c.team_id,
    boards.c.queues,
    boards.c.tiles,
    boards.c.zone,
    boards.c.callers_shown,
    boards.c.operators_shown,
    boards.c.rotate_seconds,
    boards.c.sound,
    boards.c.version,
)


def one(connection: Connection, board_id: int) -> Layout | None:
    row = connection.execute(BOARD.where(boards.c.id == board_id)).one_or_none()
    return as_layout(row) if row is not None else None


def as_layout(row: Row[Any]) -> Layout:
    values = dict(row._mapping)
    return Layout(**{**values, "queues": tuple(row.queues), "tiles": tuple(row.tiles)})


def values_of(layout: Layout) -> dict[str, Any]:
    """What is kept, but for the id and the version."""
    names = ("title", "team_id", "zone", "callers_shown", "operators_shown", "rotate_seconds")
    kept = {name: getattr(layout, name) for name in (*names, "sound")}
    return {**kept, "queues": list(layout.queues), "tiles": list(layout.tiles)}
