"""Reads what the staffing of queues is planned for; repository and queries share it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.erlang.goals import StaffingGoal
from callcenter.store.tables import staffing_goals


def goals(connection: Connection) -> dict[str, StaffingGoal]:
    """Of queues whose staffing somebody has planned, by their names."""
    columns = [column for column in staffing_goals.c if column.name != "updated_at"]
    found = (StaffingGoal(**row._mapping) for row in connection.execute(select(*columns)))
    return {one.queue: one for one in found}
