"""Keeps what the staffing of queues is planned for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from callcenter.erlang.goals import StaffingGoal
from callcenter.store import staffing_goal_rows
from callcenter.store.repositories import bulk
from callcenter.store.tables import staffing_goals


class StaffingGoalRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, StaffingGoal]:
        return staffing_goal_rows.goals(self._connection)

    def save(self, goal: StaffingGoal, at: datetime) -> None:
        row = {**asdict(goal), "updated_at": at}
        changes = [name for name in row if name != "queue"]
        bulk.upsert(self._connection, staffing_goals, [row], keys=["queue"], changes=changes)
