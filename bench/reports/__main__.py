"""Reports over many contacts on PostgreSQL: views from sums, and a month from the contacts.

    python -m bench.reports --contacts 1000000 10000000
    python -m bench.reports --contacts 100000

Targets at ten million: day and month views under 1 s, any month from the contacts under 5 s, and at
ten times the contacts at most 1.5 times the time of the views; an archived month within twice
the time.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from bench.reports.archived import archived
from bench.reports.fill import ARCHIVED, LAST_DAY, fill
from bench.reports.measure import measured
from callcenter.store import engine as store_engine
from callcenter.store import migrate
from tests.support.servers import PostgresServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reports")
    parser.add_argument("--contacts", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--archive", action="store_true", help="move a month to files, ask again")
    options = parser.parse_args()
    found = [_at(size, options.archive) for size in options.contacts]
    if len(found) > 1:
        small, large = found[0]["seconds"], found[-1]["seconds"]
        ratios = {name: round(large[name] / max(small[name], 0.001), 2) for name in small}
        print(json.dumps({"ratios": ratios}, indent=1))


def _at(contacts: int, archive: bool) -> dict[str, Any]:
    server = PostgresServer(settings={"shared_buffers": "1GB", "max_wal_size": "8GB"})
    try:
        url = server.url(server.create_database())
        migrate.upgrade(url)
        filled = fill(url, contacts)
        engine = store_engine.create(url)
        try:
            seconds = measured(engine, LAST_DAY)
            moved = archived(engine, ARCHIVED) if archive else None
        finally:
            engine.dispose()
    finally:
        server.close()
    found = {"contacts": contacts, "fill_seconds": filled, "seconds": seconds}
    found |= {"archived_month": moved} if moved else {}
    print(json.dumps(found, indent=1), flush=True)
    return found


if __name__ == "__main__":
    main()
