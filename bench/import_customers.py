"""Rows a second of an import of customers, and how the memory grows with the file; beside it the
least that the database takes for the same rows, by bare COPY into an empty base.

`python -m bench.import_customers [ROWS] [DATABASE_URL] [--errors]`: without a URL on a PostgreSQL
of its own. `--errors` spoils every tenth row.

Processor time is told for the import and for the database's process, since other work on the same
machine lengthens the time on the wall.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import event

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


# In an order in which each finds what it refers to.
TABLES = (
    "organizations",
    "customers",
    "phone_numbers",
    "contact_points",
    "customer_words",
    "name_words",
    "name_variants",
    "external_ids",
    "changes",
)


def chunks(rows: int, *, errors: bool = False) -> Iterator[bytes]:
    yield HEADER.encode()
    for start in range(0, rows, 5000):
        numbers = range(start, min(start + 5000, rows))
        yield "".join(row(n, spoilt=errors and n % 10 == 9) for n in numbers).encode()


def row(n: int, *, spoilt: bool = False) -> str:
    family = f"{FAMILY[n % len(FAMILY)]}{chr(97 + n // 8 % 26)}{chr(97 + n // 208 % 26)}"
    work = f"+48 22 {1000000 + n}" if n % 10 < 3 else ""
    mobile = "no number" if spoilt else str(500000000 + n)
    return (
        f"C{n},{GIVEN[n % 10]},{family},Firma {n % 20000},{mobile},{work},"
        f"p{n}@example.org,{CITIES[n % 6]}\n"
    )


def main() -> None:
    told = [one for one in sys.argv[1:] if one != "--errors"]
    errors = "--errors" in sys.argv
    rows = int(told[0]) if told else 100_000
    if len(told) > 1:
        measure(told[1], rows, errors=errors)
        return
    server = PostgresServer()
    try:
        url, bare = (server.url(server.create_database()) for _ in range(2))
        measure(url, rows, errors=errors)
        copy_bare(url, bare, rows)
    finally:
        server.close()


def measure(url: str, rows: int, *, errors: bool = False) -> None:
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
        file = chunks(rows, errors=errors)
        import_id = imports.take_in("customers", "bench.csv", file, user_id=None, desk=desk)
        imports.start(import_id, dry_run=False, user_id=None, desk=desk)
        backends: set[int] = set()
        event.listen(engine, "checkout", lambda one, *_: backends.add(one.info.backend_pid))
        with engine.connect():
            pass  # it is asked of before as well as after
        busy, asked = time.process_time(), sum(map(processor, backends))
        began, told = time.perf_counter(), memory()
        import_run.advance(desk, InProcessBus())
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        asked = sum(map(processor, backends)) - asked
        with desk.unit_of_work() as uow:
            job = uow.imports.get(import_id)
        print(
            f"{rows} rows in {seconds:.1f} s: {rows / seconds:.0f} rows/s "
            f"({busy / rows * 1e6:.0f} µs of our own a row, {asked / rows * 1e6:.0f} µs of the "
            f"database's); "
            f"memory {told:.0f} → {memory():.0f} MB; {job and (job.state, job.created, job.failed)}"
        )
    engine.dispose()


def copy_bare(source: str, target: str, rows: int) -> None:
    """What was made, once more: as fast as one connection takes it."""
    migrate.upgrade(target)
    with psycopg.connect(plain(source)) as made, psycopg.connect(plain(target)) as to:
        seconds, busy = 0.0, processor(to.info.backend_pid)
        for table in TABLES:
            with made.cursor().copy(f"COPY {table} TO STDOUT") as out:
                data = [bytes(one) for one in out]
            began = time.perf_counter()
            with to.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as into:
                for start in range(0, len(data), 1000):
                    into.write(b"".join(data[start : start + 1000]))
            seconds += time.perf_counter() - began
        busy = processor(to.info.backend_pid) - busy
    print(
        f"bare COPY in {seconds:.1f} s: {rows / seconds:.0f} rows/s "
        f"({busy / rows * 1e6:.0f} µs of the database's a row)"
    )


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def processor(pid: int) -> float:
    """Seconds of processor time that a process had so far."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
