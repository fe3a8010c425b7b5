"""The configuration of the PBXs as screens show it. No secret is read here."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.pbx.kept import Applied, KeptPlan, PlanNumber
from callcenter.store import pbx_plan_rows as rows
from callcenter.store.tables import pbx_applied, pbx_numbers


def plan(connection: Connection, pbx: str) -> KeptPlan | None:
    return rows.plan(connection, pbx)


def numbers(connection: Connection) -> list[PlanNumber]:
    """Every dialled number and queue of every plan."""
    return rows.numbers(connection)


def title_of(connection: Connection, number: str) -> str:
    """What the line is called that was dialled; '' for a number that no plan has."""
    if not number:
        return ""
    titled = (pbx_numbers.c.number == number) & (pbx_numbers.c.title != "")
    return connection.scalar(select(pbx_numbers.c.title).where(titled).limit(1)) or ""


def applied(connection: Connection, pbx: str, limit: int = 20) -> list[Applied]:
    """The latest first."""
    return rows.applied(connection, rows.applied_of(pbx, limit))


def one_applied(connection: Connection, applied_id: int) -> Applied | None:
    query = select(pbx_applied).where(pbx_applied.c.id == applied_id)
    return next(iter(rows.applied(connection, query)), None)


def last_applied(connection: Connection, pbx: str) -> Applied | None:
    ended_well = pbx_applied.c.result.in_(("applied", "nothing"))
    query = rows.applied_of(pbx, 1).where(ended_well)
    return next(iter(rows.applied(connection, query)), None)
