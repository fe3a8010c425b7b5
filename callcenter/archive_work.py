"""The worker's part in the archive: one step of a month after the other, and files that
nobody reads any more taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter, Gauge

from callcenter.archive import tries
from callcenter.archive.months import NO_MEMORY, Month
from callcenter.errors import Unavailable
from callcenter.loops import Loop
from callcenter.ports.archive import ArchiveFiles
from callcenter.queries import archive_months
from callcenter.runtime import Runtime
from callcenter.services import archive, archive_steps

log = structlog.get_logger(__name__)

_MONTHS = Gauge("callcenter_archive_months", "Months of the archive", ["state"])
_CALLS = Gauge("callcenter_archive_interactions", "Interactions that are in the archive")
_BYTES = Gauge("callcenter_archive_bytes", "Size of the archive's files")
_STOPPED = Counter("callcenter_archive_problems_total", "Months whose move or restore stopped")
_NO_MEMORY = Counter("callcenter_archive_no_memory_total", "Steps that DuckDB lacked memory for")
_HARMED = Gauge("callcenter_archive_harmed_months", "Months whose files are not as they were left")
_LOOKED_AT_EVERY = timedelta(hours=24)
_READ_SINCE = timedelta(seconds=60)
"""A reader that learned a folder's name has read it by then."""


class ArchiveLoop(Loop):
    def __init__(self, runtime: Runtime) -> None:
        super().__init__("archive", self._turn_of, idle=2.0)
        self._runtime = runtime
        self._left: dict[str, datetime] = {}
        self._asked_at: datetime | None = None
        self._looked_at: dict[str, datetime] = {}

    def _turn_of(self) -> bool:
        files = self._runtime.archive
        return files is not None and turn(self._runtime, self, files)

    def policy_is_due(self, now: datetime) -> bool:
        """Once an hour."""
        if self._asked_at is not None and now - self._asked_at < timedelta(hours=1):
            return False
        self._asked_at = now
        return True

    def unused_since(self, folder: str, now: datetime) -> datetime:
        return self._left.setdefault(folder, now)

    def to_look_at(self, months: Sequence[Month], now: datetime) -> Month | None:
        """The next one whose files nobody has read to the last byte today, or since somebody
        brought them from a back-up."""
        self._looked_at = {
            one.folder: self._looked_at[one.folder]
            for one in months
            if one.folder in self._looked_at and not one.problem
        }
        for one in months:
            looked = self._looked_at.get(one.folder)
            if (
                one.readable
                and not one.problem
                and (looked is None or now - looked >= _LOOKED_AT_EVERY)
            ):
                self._looked_at[one.folder] = now
                return one
        return None

    def removed(self, folder: str) -> None:
        self._left.pop(folder, None)


def turn(runtime: Runtime, loop: ArchiveLoop, files: ArchiveFiles) -> bool:
    """Whether there was something to do. Raises Unavailable where nothing could be done because the
    database was busy: the loop comes again."""
    seen: dict[str, Any] = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    if loop.policy_is_due(runtime.clock.now()):
        archive.ask_due(**seen)
    with runtime.reader() as connection:
        known = archive_months.all(connection)
    days = min(runtime.settings.journal_days, runtime.settings.retention_days)
    since = runtime.clock.now() - timedelta(days=days)
    both = {**seen, "journals_since": since, "stopping": loop.stopping}
    worked = False
    busy: list[Unavailable] = []
    for month in known:
        if worked:
            break
        if tries.waits(month, runtime.clock.now()):
            continue
        try:
            with _noted(month, seen):
                worked = archive_steps.work_on(_tried(month, seen), files=files, **both)
        except Unavailable as error:
            busy.append(error)
        if worked and month.tries and not loop.stopping():
            _note(month, tries.OVER, seen)
    if busy and not worked:
        raise busy[0]
    due = None if worked else loop.to_look_at(known, runtime.clock.now())
    if due is not None:
        with _noted(due, seen):
            archive_steps.look_at(due, files=files)
    _measure(runtime)
    if not worked:
        _sweep(runtime, loop, files)
    return worked and not loop.stopping()


@contextmanager
def _noted(month: Month, seen: dict[str, Any]) -> Iterator[None]:
    """A failure is said on the page; the month stays as it is until asked again. None is what a
    later turn gets over by itself."""
    try:
        yield
    except Unavailable as error:
        if error.message != NO_MEMORY:
            raise
        _lacked_memory(month, seen)
    except Exception as error:
        _STOPPED.inc()
        log.exception("archive.stopped", month=month.month, state=month.state)
        archive_steps.note_problem(month.month, _words(error), **seen)


def _tried(month: Month, seen: dict[str, Any]) -> Month:
    """A month whose time has come is one without a problem again, here and on the page."""
    if not month.lacks_memory:
        return month
    _note(month, {"problem": ""}, seen)
    return replace(month, problem="")


def _lacked_memory(month: Month, seen: dict[str, Any]) -> None:
    noted = tries.failed(month, seen["clock"].now())
    _NO_MEMORY.inc()
    if "problem" in noted:
        _STOPPED.inc()
    told = {"tries": noted["tries"], "try_at": f"{noted['try_at']}"}
    log.warning("archive.no_memory", month=month.month, state=month.state, **told)
    _note(month, noted, seen)


def _note(month: Month, values: Mapping[str, object], seen: dict[str, Any]) -> None:
    """As long as there is such a month: its last step may have been its end."""
    with seen["unit_of_work"]() as uow:
        if uow.archive.month(month.month) is not None:
            uow.archive.save(month.month, seen["clock"].now(), values)
            uow.commit()


def _words(error: Exception) -> str:
    return " ".join(f"{error}".split()) or type(error).__name__


def _measure(runtime: Runtime) -> None:
    with runtime.reader() as connection:
        known = archive_months.all(connection)
    for state in ("to_move", "copying", "deleting", "moved", "to_restore", "restoring"):
        _MONTHS.labels(state).set(sum(one.state == state for one in known))
    _HARMED.set(sum(one.harmed for one in known))
    _CALLS.set(sum(one.interactions for one in known if one.readable))
    _BYTES.set(sum(one.bytes for one in known))


def _sweep(runtime: Runtime, loop: ArchiveLoop, files: ArchiveFiles) -> None:
    """Folders that no month names: what was rewritten, restored, or half made by a process that
    died. Nothing is being made while there is nothing to do."""
    if not files.any():
        return
    files.clear_spilled()
    folders, now = files.folders(), runtime.clock.now()
    with runtime.reader() as connection:
        named = {one.folder for one in archive_months.all(connection)}
    for folder in folders:
        if folder in named:
            loop.removed(folder)
        elif now - loop.unused_since(folder, now) >= _READ_SINCE:
            files.remove(folder)
            loop.removed(folder)
