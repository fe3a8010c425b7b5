"""Memory and time of files of contacts: that of a process that makes one, whatever its length.

    python -m bench.reports.exports --contacts 100000 400000 1000000

Target: a file of ten times the rows takes no more than 1.2 times the memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.reports.fill import fill
from callcenter.report_files import writing
from callcenter.rights.viewer import EVERYTHING
from callcenter.store import engine as store_engine
from callcenter.store import migrate
from tests.support.servers import PostgresServer

FORMS: Final = (("contacts", "csv"), ("contacts", "xlsx"), ("table", "xlsx"), ("table", "pdf"))
_ADDRESS: Final = {
    "contacts": "from=2023-11-01&to=2026-10-31",
    "table": "from=2024-11-01&to=2026-10-31&by=day&by=queue",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reports.exports")
    parser.add_argument("--contacts", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--one", nargs=3, metavar=("URL", "WHAT", "FORMAT"), help="make one file")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_made(*options.one)))
        return
    for size in options.contacts:
        print(json.dumps({"contacts": size, "files": _at(size)}, indent=1), flush=True)


def _at(contacts: int) -> dict[str, Any]:
    server = PostgresServer(settings={"shared_buffers": "256MB", "max_wal_size": "4GB"})
    try:
        url = server.url(server.create_database())
        migrate.upgrade(url)
        fill(url, contacts)
        return {f"{what}.{form}": _apart(url, what, form) for what, form in FORMS}
    finally:
        server.close()


def _apart(url: str, what: str, form: str) -> Any:
    """In a process of its own, whose memory nothing else has touched."""
    command = [sys.executable, "-m", "bench.reports.exports", "--one", url, what, form]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


def _made(url: str, what: str, form: str) -> dict[str, Any]:
    at = datetime(2026, 11, 1, tzinfo=UTC).isoformat()
    plan = {"report": "speed", "address": _ADDRESS[what], "zone": "UTC", "at": at, "what": what}
    order = writing.order_of(plan, form, EVERYTHING)
    engine = store_engine.create(url)
    before = _megabytes()
    began = time.perf_counter()
    told: list[tuple[int, int]] = []
    with tempfile.TemporaryDirectory() as folder, engine.connect() as connection:
        path = Path(folder) / f"report.{form}"
        rows = writing.write(connection, order, path, lambda *done: told.append(done))
        size = path.stat().st_size
    engine.dispose()
    return {
        "rows": rows,
        "seconds": round(time.perf_counter() - began, 1),
        "megabytes_before": before,
        "megabytes_most": _megabytes(),
        "file_megabytes": round(size / 1024**2, 1),
        "times_told": len(told),
    }


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
