"""Rows a second of an import of customers, and how the memory grows with the file.

`python -m bench.import_customers [ROWS] [DATABASE_URL]`: without a URL on a PostgreSQL of its own.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from callcenter.clock import SystemClock
from callcenter.customers.phone import NumberPlan
from callcenter.realtime.in_process import InProcessBus
from callcenter.services import import_run, imports
from callcenter.store import engine as store_engine
from callcenter.store import migrate
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.servers import PostgresServer

GIVEN = ("Jan", "Anna", "Piotr", "Maria", "Иван", "Ольга", "Zofia", "Tomasz", "Ewa", "Łukasz")
FAMILY = ("Kowalski", "Nowak", "Wiśniewski", "Петров", "Смирнова", "Lis", "Wójcik", "Żak")
CITIES = ("Warszawa", "Kraków", "Łódź", "Gdańsk", "Минск", "Poznań")
HEADER = "External ID,First name,Last name,Organization,Mobile phone,Work phone,E-mails,City\n"


def chunks(rows: int) -> Iterator[bytes]:
    yield HEADER.encode()
    for start in range(0, rows, 5000):
        lines = (row(n) for n in range(start, min(start + 5000, rows)))
        yield "".join(lines).encode()


def row(n: int) -> str:
    family = f"{FAMILY[n % len(FAMILY)]}{chr(97 + n // 8 % 26)}{chr(97 + n // 208 % 26)}"
    work = f"+48 22 {1000000 + n}" if n % 10 < 3 else ""
    return (
        f"C{n},{GIVEN[n % 10]},{family},Firma {n % 20000},{500000000 + n},{work},"
        f"p{n}@example.org,{CITIES[n % 6]}\n"
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        measure(sys.argv[2], rows)
        return
    server = PostgresServer()
    try:
        measure(server.url(server.create_database()), rows)
    finally:
        server.close()


def measure(url: str, rows: int) -> None:
    migrate.upgrade(url)
    engine = store_engine.create(url)
    with tempfile.TemporaryDirectory() as folder:
        desk = imports.Desk(
            unit_of_work=lambda: SqlUnitOfWork(engine),
            clock=SystemClock(),
            folder=Path(folder),
            numbers=NumberPlan(),
            limit=10 * 1024**3,
        )
        import_id = imports.take_in("customers", "bench.csv", chunks(rows), user_id=None, desk=desk)
        imports.start(import_id, dry_run=False, user_id=None, desk=desk)
        busy = time.process_time()
        began, told = time.perf_counter(), memory()
        import_run.advance(desk, InProcessBus())
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        with desk.unit_of_work() as uow:
            job = uow.imports.get(import_id)
        print(
            f"{rows} rows in {seconds:.1f} s: {rows / seconds:.0f} rows/s ({busy:.1f} s our own); "
            f"memory {told:.0f} → {memory():.0f} MB; {job and (job.state, job.created, job.failed)}"
        )
    engine.dispose()


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
