"""The worker's part in files: takes them in, makes those that are given out, forgets old ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path

from callcenter.exports import workbook
from callcenter.exports.cards import card
from callcenter.exports.counting import Counted, Tell
from callcenter.exports.writing import csv_chunks
from callcenter.imports.job import Export
from callcenter.loops import Loop
from callcenter.queries import export_rows
from callcenter.queries import imports as queries
from callcenter.queries.export_rows import Wanted
from callcenter.report_files import writing
from callcenter.rights.viewer import Viewer
from callcenter.runtime import Runtime
from callcenter.services import export_files, export_making, import_files, import_run
from callcenter.services.export_making import ExportDesk
from callcenter.services.imports import Desk
from callcenter.services.rights import viewer_of

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

    def _turn_of(self) -> bool:
        runtime = self._runtime
        with runtime.reader() as connection:
            if not queries.import_waits(connection, runtime.clock.now() - import_run.STALE):
                return False
        # SQLite has one writer: calls must not wait for five hundred rows.
        lot = _SMALL_LOT if runtime.settings.is_sqlite else import_run.LOT
        return import_run.advance(desk_of(runtime), runtime.bus, lot=lot, stopping=self.stopping)


class ExportLoop(Loop):
    """Lets go of a large file when the program ends: the next one begins it anew at once."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("exports", lambda: make_exports(runtime, self.stopping))


def loops(runtime: Runtime) -> list[Loop]:
    return [FileLoop(runtime), ExportLoop(runtime)]


def forget_old_files(runtime: Runtime) -> int:
    """What was taken in or given out long ago needs its file no more; what came of it stays told.
    Files that nobody stands behind go too."""
    desk = desk_of(runtime)
    before = runtime.clock.now() - timedelta(days=KEPT_DAYS)
    with desk.unit_of_work() as uow:
        old = uow.imports.old_files(before)
        for job in old:
            uow.imports.set(job.id, {"stored_as": ""})
        given = uow.exports.old_files(before)
        for export in given:
            uow.exports.set(export.id, {"stored_as": ""})
        uow.commit()
    for job in old:
        import_files.remove(desk.folder, job.stored_as)
    return len(old) + _sweep_exports(runtime)


def _sweep_exports(runtime: Runtime) -> int:
    """Looks at the folder first: what is in it then has its row by now."""
    folder = export_desk_of(runtime).folder
    listed = list(folder.iterdir()) if folder.is_dir() else []
    with runtime.reader() as connection:
        kept, running = queries.export_files(connection)
    return export_files.sweep(folder, listed, kept, running)


# --- files given out ------------------------------------------------------------------------------


def export_desk_of(runtime: Runtime, stopping: Callable[[], bool] = lambda: False) -> ExportDesk:
    return ExportDesk(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        publisher=runtime.bus,
        folder=runtime.settings.data_dir / "exports",
        write=lambda job, path, tell: _write_export(runtime, job, path, tell),
        stopping=stopping,
    )


def make_exports(runtime: Runtime, stopping: Callable[[], bool] = lambda: False) -> bool:
    with runtime.reader() as connection:
        if not queries.export_waits(connection, runtime.clock.now() - export_making.STALE):
            return False
    return export_making.advance(export_desk_of(runtime, stopping))


def make_export(runtime: Runtime, export_id: int) -> bool:
    """One that is small enough to wait for. False where the worker has it already."""
    return export_making.advance(export_desk_of(runtime), only=export_id)


def wanted_of(runtime: Runtime, job: Export, viewer: Viewer) -> Wanted:
    plan = job.plan
    now = runtime.clock.now()
    return Wanted(
        kind=job.kind,
        columns=tuple(plan.get("columns", ())),
        viewer=viewer,
        now=now,
        today=now.date(),
        filter=plan.get("filter"),
        segment_id=plan.get("segment_id"),
        ids=tuple(plan.get("ids", ())),
    )


def _write_export(runtime: Runtime, job: Export, path: Path, tell: Tell) -> int:
    """With the rights that whoever asked for it has now."""
    with runtime.unit_of_work() as uow:
        viewer = viewer_of(uow, job.user_id)
    if job.kind == "report":
        with runtime.reader() as connection:
            order = writing.order_of(job.plan, job.format, viewer)
            return writing.write(connection, order, path, tell)
    wanted = wanted_of(runtime, job, viewer)
    with runtime.reader() as connection:
        header = export_rows.sheet(connection, wanted).header
        found = export_rows.rows(connection, wanted)
        rows = Counted(found, export_rows.count(connection, wanted), tell)
        if job.format == "xlsx":
            workbook.write(path, header, rows)
        else:
            chunks = (
                csv_chunks(chain([header], rows)) if job.format == "csv" else _cards(header, rows)
            )
            with path.open("wb") as file:
                file.writelines(chunks)
    return rows.count


def _cards(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[bytes]:
    for row in rows:
        yield card(dict(zip(header, row, strict=True))).encode("utf-8", "replace")
