"""The worker's part in files: takes them in, makes those that are given out, forgets old ones."""

from __future__ import annotations

import threading
from datetime import timedelta

from callcenter.loops import Loop
from callcenter.queries import imports as queries
from callcenter.runtime import Runtime
from callcenter.services import import_files, import_run
from callcenter.services.imports import Desk

KEPT_DAYS = 30
_SMALL_LOT = 100
_MEGABYTE = 1024**2


def desk_of(runtime: Runtime) -> Desk:
    settings = runtime.settings
    return Desk(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        folder=settings.data_dir / "imports",
        numbers=settings.number_plan,
        limit=settings.import_max_mb * _MEGABYTE,
    )


class FileLoop(Loop):
    """Stops behind the lot in hand instead of being killed in the next one."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("imports", self._turn_of)
        self._runtime = runtime
        self._stopping = threading.Event()

    def stop(self, timeout: float) -> None:
        self._stopping.set()
        super().stop(timeout)

    def _turn_of(self) -> bool:
        runtime = self._runtime
        with runtime.reader() as connection:
            if not queries.import_waits(connection, runtime.clock.now() - import_run.STALE):
                return False
        # SQLite has one writer: calls must not wait for five hundred rows.
        lot = _SMALL_LOT if runtime.settings.is_sqlite else import_run.LOT
        return import_run.advance(
            desk_of(runtime), runtime.bus, lot=lot, stopping=self._stopping.is_set
        )


def loops(runtime: Runtime) -> list[Loop]:
    return [FileLoop(runtime)]


def forget_old_files(runtime: Runtime) -> int:
    """What was taken in long ago needs its file no more; what came of it stays told."""
    desk = desk_of(runtime)
    before = runtime.clock.now() - timedelta(days=KEPT_DAYS)
    with desk.unit_of_work() as uow:
        old = uow.imports.old_files(before)
        for job in old:
            uow.imports.set(job.id, {"stored_as": ""})
        uow.commit()
    for job in old:
        import_files.remove(desk.folder, job.stored_as)
    return len(old)
