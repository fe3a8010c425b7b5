"""Keeps the plans of PBXs, their secrets apart, and what was applied when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from callcenter.errors import Conflict
from callcenter.pbx.kept import Applied, KeptPlan, PlanNumber, Result, Step
from callcenter.store import pbx_plan_rows as rows
from callcenter.store.tables import pbx_applied, pbx_numbers, pbx_plans, pbx_secrets


class PbxPlanRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, pbx: str) -> KeptPlan | None:
        return rows.plan(self._connection, pbx)

    def secrets(self, pbx: str) -> dict[str, str]:
        query = select(pbx_secrets.c.name, pbx_secrets.c.value).where(pbx_secrets.c.pbx == pbx)
        return {row.name: row.value for row in self._connection.execute(query)}

    def add(self, pbx: str, plan: Mapping[str, Any], by: int | None, at: datetime) -> None:
        if self.get(pbx) is not None:
            raise Conflict("", "there is a plan already")
        row = {"pbx": pbx, "plan": plan, "version": 1, "updated_by": by, "updated_at": at}
        self._connection.execute(insert(pbx_plans), row)

    def change(
        self, pbx: str, version: int, plan: Mapping[str, Any], by: int | None, at: datetime
    ) -> None:
        done = self._connection.execute(
            update(pbx_plans)
            .where(pbx_plans.c.pbx == pbx, pbx_plans.c.version == version)
            .values(plan=plan, version=version + 1, updated_by=by, updated_at=at)
        )
        if not done.rowcount:
            raise Conflict("", "somebody else changed the plan meanwhile")

    def keep_secrets(self, pbx: str, secrets: Mapping[str, str]) -> None:
        self._connection.execute(delete(pbx_secrets).where(pbx_secrets.c.pbx == pbx))
        values = [{"pbx": pbx, "name": name, "value": value} for name, value in secrets.items()]
        if values:
            self._connection.execute(insert(pbx_secrets), values)

    def keep_numbers(self, pbx: str, numbers: Sequence[PlanNumber]) -> None:
        self._connection.execute(delete(pbx_numbers).where(pbx_numbers.c.pbx == pbx))
        values = [{"pbx": pbx, **asdict(one)} for one in numbers]
        if values:
            self._connection.execute(insert(pbx_numbers), values)

    def numbers(self) -> list[PlanNumber]:
        return rows.numbers(self._connection)

    def begin_apply(self, pbx: str, version: int, by: int | None, at: datetime) -> int:
        row = {
            "pbx": pbx,
            "version": version,
            "by": by,
            "at": at,
            "files": {},
            "result": "running",
            "detail": {"steps": []},
        }
        made = self._connection.execute(insert(pbx_applied).returning(pbx_applied.c.id), row)
        return int(made.scalar_one())

    def applied(self, applied_id: int) -> Applied | None:
        query = select(pbx_applied).where(pbx_applied.c.id == applied_id)
        return next(iter(rows.applied(self._connection, query)), None)

    def running(self, pbx: str) -> Applied | None:
        found = rows.applied(self._connection, rows.applied_of(pbx, 1))
        return next((one for one in found if one.result == "running"), None)

    def last_applied(self, pbx: str) -> Applied | None:
        ended_well = pbx_applied.c.result.in_(("applied", "nothing"))
        query = rows.applied_of(pbx, 1).where(ended_well)
        return next(iter(rows.applied(self._connection, query)), None)

    def note_steps(self, applied_id: int, steps: Sequence[Step]) -> None:
        self._write(applied_id, {"detail": _detail(steps)})

    def end_apply(
        self,
        applied_id: int,
        result: Result,
        *,
        files: Mapping[str, str],
        backup: str,
        steps: Sequence[Step],
        at: datetime,
    ) -> None:
        self._write(
            applied_id,
            {
                "result": result,
                "files": dict(files),
                "backup": backup[-255:],
                "detail": _detail(steps),
                "ended_at": at,
            },
        )

    def _write(self, applied_id: int, values: dict[str, Any]) -> None:
        self._connection.execute(
            update(pbx_applied).where(pbx_applied.c.id == applied_id).values(values)
        )


def _detail(steps: Sequence[Step]) -> dict[str, Any]:
    return {"steps": [asdict(step) for step in steps]}
