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
_DAYS: Final = 1096
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
        connection.execute("select setseed(0.42)")
        for statement in script.replace("%(contacts)s", str(contacts)).split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
        connection.execute("analyze")


def _sums(url: str) -> None:
    """As the worker makes them, a day at a time."""
    engine = store_engine.create(url)
    try:
        for ago in range(1, _DAYS):
            day = _END - timedelta(days=ago)
            with SqlUnitOfWork(engine) as uow:
                uow.report_facts.rebuild_contacts([day + _HALF * n for n in range(48)])
                uow.commit()
    finally:
        engine.dispose()


def _timed(part: object) -> float:
    start = time.perf_counter()
    part()  # type: ignore[operator]
    return round(time.perf_counter() - start, 1)
