"""One month moves to files: the same questions of it before and after."""

from __future__ import annotations

import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bench.reports.fill import STAYS
from bench.reports.measure import in_turn, measured
from callcenter.clock import SystemClock
from callcenter.gateways.parquet_archive import ParquetArchive
from callcenter.services import archive as service
from callcenter.services import archive_steps
from callcenter.store import archive
from callcenter.store.archive_shapes import SHAPES
from callcenter.store.unit_of_work import SqlUnitOfWork


def archived(engine: Engine, last: date) -> dict[str, Any]:
    """`last`: the last day of the month that moves. Seconds of each question before and after."""
    folder = Path(tempfile.mkdtemp(prefix="bench-archive-"))
    files = ParquetArchive(folder / "archive", SHAPES)
    archive.attach(engine, files)
    try:
        before = measured(engine, last, years=False)
        began = time.perf_counter()
        moved = _move(engine, files, f"{last:%Y-%m}")
        took = time.perf_counter() - began
        after = measured(engine, last, years=False)
        beside = in_turn(engine, last, STAYS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "contacts": moved,
        "moved_a_second": round(moved / took),
        "before": before,
        "after": after,
        "ratios": {name: round(after[name] / max(before[name], 0.001), 2) for name in before},
        "ratios_to_a_month_that_stays": beside,
    }


def _move(engine: Engine, files: ParquetArchive, month: str) -> int:
    both: dict[str, Any] = {"unit_of_work": lambda: SqlUnitOfWork(engine), "clock": SystemClock()}
    service.ask_move(month, user_id=None, **both)
    while (known := _known(engine, month)).state != "moved":
        if not archive_steps.work_on(known, files=files, **both):
            raise RuntimeError(f"{month} does not move: {known.problem}")
    return int(known.interactions)


def _known(engine: Engine, month: str) -> Any:
    with engine.connect() as connection:
        return next(one for one in archive.months(connection) if one.month == month)
