"""Reads plans of PBXs and what was applied as plain values; repository and queries share it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from callcenter.pbx.kept import Applied, KeptPlan, PlanNumber, Step
from callcenter.store.tables import pbx_applied, pbx_numbers, pbx_plans


def plan(connection: Connection, pbx: str) -> KeptPlan | None:
    row = connection.execute(select(pbx_plans).where(pbx_plans.c.pbx == pbx)).one_or_none()
    return KeptPlan(**row._mapping) if row else None


def numbers(connection: Connection) -> list[PlanNumber]:
    columns = [column for column in pbx_numbers.c if column.name != "pbx"]
    query = select(*columns).order_by(pbx_numbers.c.number, pbx_numbers.c.pbx)
    return [PlanNumber(**row._mapping) for row in connection.execute(query)]


def applied(connection: Connection, query: Select[Any]) -> list[Applied]:
    return [_applied(row) for row in connection.execute(query)]


def applied_of(pbx: str, limit: int) -> Select[Any]:
    """The latest first."""
    of_it = select(pbx_applied).where(pbx_applied.c.pbx == pbx)
    return of_it.order_by(pbx_applied.c.id.desc()).limit(limit)


def _applied(row: Row[Any]) -> Applied:
    values = dict(row._mapping)
    detail = values.pop("detail")
    return Applied(**values, steps=tuple(Step(**step) for step in detail["steps"]))
