"""What a card, a list and a contact cost from the archive, beside the same from PostgreSQL.

    python -m bench.archive                      12 months of 20,000 calls each
    python -m bench.archive --months 24 --calls 80000

Target: archived months within twice the time. Prints milliseconds (median), their ratio, how fast
a month moves, and what the files take beside the tables.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from callcenter.clock import SystemClock
from callcenter.gateways.parquet_archive import ParquetArchive
from callcenter.queries import explanations, interactions, timeline
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.timeline import TimelineFilters
from callcenter.services import archive as service
from callcenter.services import archive_steps
from callcenter.store import archive, migrate
from callcenter.store import engine as store_engine
from callcenter.store.archive_shapes import SHAPES
from callcenter.store.call_json import encode
from callcenter.store.text import to_json
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.archives import ended
from tests.support.servers import PostgresServer

TODAY = date(2026, 1, 1)
_FILL = Path(__file__).with_name("fill.sql").read_text(encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.archive")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--calls", type=int, default=20_000, help="in a month")
    parser.add_argument("--runs", type=int, default=40)
    options = parser.parse_args()
    server, folder = PostgresServer(), Path(tempfile.mkdtemp())
    try:
        url = server.url(server.create_database())
        migrate.upgrade(url)
        engine = store_engine.create(url)
        print(json.dumps(measured(engine, folder, options), indent=1))
        engine.dispose()
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


def measured(engine: Engine, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    fill(engine, options.months, options.calls)
    tables = size(engine)
    live = times(engine, options.runs)
    files = ParquetArchive(folder / "archive", SHAPES)
    archive.attach(engine, files)
    began = time.perf_counter()
    moved = move(engine, files)
    seconds = time.perf_counter() - began
    old = times(engine, options.runs)
    return {
        "calls": options.months * options.calls,
        "moved": moved,
        "moved_a_second": round(moved / seconds),
        "megabytes": {"tables": tables, "files": bytes_in(folder) // 2**20},
        "ms": {name: {"postgresql": live[name], "archive": old[name]} for name in live},
        "ratio": {name: round(old[name] / live[name], 1) for name in live},
    }


def fill(engine: Engine, months: int, calls: int) -> None:
    record = to_json(encode(ended("17.1", datetime(2025, 1, 1, tzinfo=UTC))))
    told = {"months": months, "calls": calls, "record": record}
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in _FILL.split(";\n"):
            asked = text(statement)
            if statement.strip():
                connection.execute(asked, {name: told[name] for name in asked.compile().params})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


def size(engine: Engine) -> int:
    names = ", ".join(f"'{one.table}'::regclass" for one in SHAPES)
    told = f"SELECT sum(pg_total_relation_size(one)) FROM unnest(ARRAY[{names}]) AS one"
    with engine.connect() as connection:
        return int(connection.scalar(text(told)) or 0) // 2**20


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def move(engine: Engine, files: ParquetArchive) -> int:
    both: dict[str, Any] = {"unit_of_work": lambda: SqlUnitOfWork(engine), "clock": SystemClock()}
    service.set_rule(1, user_id=None, **both)
    service.ask_due(**both)
    while any(archive_steps.work_on(one, files=files, **both) for one in known(engine)):
        pass
    return sum(one.interactions for one in known(engine))


def known(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return archive.months(connection)


def times(engine: Engine, runs: int) -> dict[str, float]:
    march = InteractionFilters(
        since=datetime(2025, 3, 1, tzinfo=UTC), until=datetime(2025, 4, 1, tzinfo=UTC)
    )
    long_ago = InteractionFilters(until=datetime(2025, 2, 1, tzinfo=UTC), result="abandoned")
    reads: dict[str, Callable[[Connection, int], Any]] = {
        "timeline of a customer": lambda connection, one: timeline.page(
            connection, TimelineFilters(customer_id=1 + one * 37), None, 50, TODAY
        ),
        "list of a month": lambda connection, _: interactions.page(
            connection, march, None, 50, TODAY
        ),
        "list of an old result": lambda connection, _: interactions.page(
            connection, long_ago, None, 50, TODAY
        ),
        "calls of a number": lambda connection, one: interactions.page(
            connection, InteractionFilters(phone=f"+4850{one * 37:07}"), None, 50, TODAY
        ),
        "a contact with its explanation": lambda connection, one: explanations.get(
            connection, 5_000 + one * 97, TODAY
        ),
    }
    return {name: median(engine, read, runs) for name, read in reads.items()}


def median(engine: Engine, read: Callable[[Connection, int], Any], runs: int) -> float:
    found = []
    for one in range(runs + 3):
        with engine.connect() as connection:
            began = time.perf_counter()
            read(connection, one)
            found.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(found[3:]), 1)


if __name__ == "__main__":
    main()
