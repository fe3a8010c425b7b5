"""Fills an empty, migrated PostgreSQL with calls and visits, and has the product sum them up."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from callcenter.store import engine as store_engine
from callcenter.store.unit_of_work import SqlUnitOfWork

LAST_DAY: Final = date(2026, 10, 31)
ARCHIVED: Final = date(2024, 3, 31)
"""The last day of a month that a bench may move to files."""
STAYS: Final = date(2024, 1, 31)
"""The last day of one as long that stays, with none beside it in files."""
_DAYS: Final = 1096
_LOT: Final = 10
_END: Final = datetime(2026, 11, 1, tzinfo=UTC)
_HALF: Final = timedelta(minutes=30)


def fill(url: str, contacts: int) -> dict[str, float]:
    """Seconds by part."""
    seconds = {"facts": _timed(lambda: _facts(url, contacts)), "sums": _timed(lambda: _sums(url))}
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("vacuum analyze")
    return seconds


def _facts(url: str, contacts: int) -> None:
    script = (Path(__file__).parent / "facts.sql").read_text(encoding="utf-8")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute("set maintenance_work_mem = '1GB'")
        connection.execute("set session_replication_role = replica")  # no look-up per foreign key
        connection.execute("select setseed(0.42)")
        made_again = _without_indexes(connection)
        for statement in script.replace("%(contacts)s", str(contacts)).split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
        for statement in made_again:
            connection.execute(statement.encode())
        connection.execute("analyze")


def _without_indexes(connection: psycopg.Connection) -> list[str]:
    """Drops those of the tables to be filled; what makes them again afterwards, in one go each."""
    found = connection.execute(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index"
        " where indrelid = any(%s::regclass[])"
        " and not exists (select from pg_constraint where conindid = indexrelid)",
        [["calls", "interactions", "queue_visits"]],
    ).fetchall()
    for name, _ in found:
        connection.execute(f"drop index {name}".encode())
    return [definition for _, definition in found]


def _sums(url: str) -> None:
    """As the worker makes them of quiet days: ten at a time."""
    engine = store_engine.create(url)
    try:
        for ago in range(_LOT, _DAYS + _LOT, _LOT):
            day = _END - timedelta(days=ago)
            with SqlUnitOfWork(engine) as uow:
                uow.report_facts.rebuild_contacts([day + _HALF * n for n in range(48 * _LOT)])
                uow.commit()
    finally:
        engine.dispose()


def _timed(part: object) -> float:
    start = time.perf_counter()
    part()  # type: ignore[operator]
    return round(time.perf_counter() - start, 1)
