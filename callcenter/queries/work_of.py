"""Whose work something is that waits for a queue: their own, and that of queues they are in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, or_

from callcenter.store.team_rows import teams


def is_work_of(
    connection: Connection, user_id: int, *, assigned_to: Column[Any], queue: Column[Any]
) -> ColumnElement[bool]:
    """Given to them, or waiting for no queue that others alone are in."""
    known = teams(connection)
    foreign = [name for name in known.skills if user_id not in known.of_queue(name)]
    return or_(assigned_to == user_id, queue.not_in(sorted(foreign)))
