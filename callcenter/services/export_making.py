"""Makes files given out, one at a time. Whoever is killed at it, another begins it anew; no two
write the same one, and only a whole one is kept."""

from __future__ import annotations

import errno
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from callcenter.errors import ProductError, Unavailable
from callcenter.exports import reach
from callcenter.exports.counting import Tell
from callcenter.imports.job import Export
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.services import export_files
from callcenter.services.patience import insisting
from callcenter.services.rights import viewer_of

log = structlog.get_logger(__name__)
UowFactory = Callable[[], UnitOfWork]
STALE: Final = timedelta(seconds=60)
_BEAT: Final = 15.0
_LONGEST_BEAT: Final = 10.0
"""A beat in hand waits for a busy database no longer than that."""
MOST_ATTEMPTS: Final = 3
FULL: Final = "the disk is full; make room on it and ask for this file again"
STOPPED_US: Final = "making this file stopped the program three times; it is not tried again"
OUR_SIDE: Final = "something went wrong on our side; it is in the log"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDesk:
    unit_of_work: UowFactory
    clock: Clock
    publisher: Publisher
    folder: Path
    write: Callable[[Export, Path, Tell], int]
    """Writes the file, telling how many rows it has written; how many they were."""
    stopping: Callable[[], bool] = lambda: False
    """Whether the program ends."""
    pause: Callable[[float], None] = time.sleep


def advance(desk: ExportDesk, *, only: int | None = None) -> bool:
    """Makes the next file that waits; one that a kill left unfinished, from its beginning."""
    job = _claimed(desk, only)
    if job is None:
        return False
    desk.folder.mkdir(parents=True, exist_ok=True)
    export_files.clear(desk.folder, job.id)
    try:
        with Hold(desk, job) as hold:
            values = _made(desk, job, hold.tell)
    except Lost:
        return True  # cancelled, or another has it: its row is not ours any more
    except Stopping:
        _put_back(desk, job, {"turn": ""})
        return True
    except Unavailable as busy:
        log.warning("export.unavailable", export_id=job.id, problem=busy.message)
        _put_back(desk, job, {"problem": busy.message})
        return True
    if not insisting(lambda: _end(desk, job, values), desk.pause):
        export_files.drop(desk.folder, values.get("stored_as", ""))
    return True


def _claimed(desk: ExportDesk, only: int | None) -> Export | None:
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        job = uow.exports.claim(secrets.token_hex(12), now, now - STALE, only=only)
        if job is not None:
            uow.exports.hold(job.id, job.turn, {"done": 0, "total": 0, "problem": ""})
        uow.commit()
    return job


def _made(desk: ExportDesk, job: Export, tell: Tell) -> dict[str, Any]:
    """What is to be kept of it, however it went. Lost and Stopping pass, and Unavailable as long
    as it may be tried again."""
    if job.attempt > MOST_ATTEMPTS:
        return {"state": "failed", "problem": job.problem or STOPPED_US}
    try:
        with export_files.Draft(desk.folder, job) as draft:
            before = _reach(desk, job)
            count = desk.write(job, draft.path, tell)
            made_with = reach.widest(before, _reach(desk, job))
            size = draft.keep()
    except (Lost, Stopping):
        raise
    except Unavailable as busy:
        if job.attempt < MOST_ATTEMPTS:
            raise
        return {"state": "failed", "problem": busy.message}
    except ProductError as refused:  # the report, its filters or the rights went meanwhile
        return {"state": "failed", "problem": refused.message}
    except Exception as error:
        log.exception("export.failed", export_id=job.id)
        return {"state": "failed", "problem": FULL if is_full(error) else OUR_SIDE}
    done = {"done": count, "total": count, "size": size}
    plan = {**job.plan, reach.KEY: made_with}
    return {"state": "done", "stored_as": draft.name, "plan": plan, **done}


def _reach(desk: ExportDesk, job: Export) -> dict[str, dict[str, Any]]:
    """Of whoever asked, now. Asked before and after the file is written: their rights may change
    meanwhile, and which of the two it was written with is not known here."""
    with desk.unit_of_work() as uow:
        return reach.reach(job.kind, job.plan, viewer_of(uow, job.user_id))


def is_full(error: BaseException | None) -> bool:
    """Whether there was no room left, whoever wrapped that in words of their own."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


class Lost(Exception):  # noqa: N818 (a state, no error)
    """The job is somebody else's, or nobody's, by now."""


class Stopping(Exception):  # noqa: N818
    """The program ends: another one begins this file anew."""


class Hold:
    """Keeps a job for who writes it. However long nothing is told, a live writer is not taken for
    a dead one, and one that has lost its job learns it."""

    def __init__(self, desk: ExportDesk, job: Export) -> None:
        self._desk, self._job = desk, job
        self._over, self._lost = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name="export-hold", daemon=True)

    def __enter__(self) -> Hold:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(_LONGEST_BEAT)

    def tell(self, done: int, total: int) -> None:
        """Raises Lost and Stopping."""
        desk, job = self._desk, self._job
        if desk.stopping():
            raise Stopping
        if self._lost.is_set() or not self._told({"done": done, "total": total}):
            raise Lost
        desk.publisher.publish(_progress(job, done, total, "running"))

    def _told(self, values: Mapping[str, Any]) -> bool:
        """A busy database is no reason to give a whole file up: the next beat asks again."""
        try:
            return self._kept(values)
        except Unavailable as busy:
            log.warning("export.tell_failed", export_id=self._job.id, problem=busy.message)
            return True

    def _kept(self, values: Mapping[str, Any]) -> bool:
        desk, job = self._desk, self._job
        with desk.unit_of_work() as uow:
            told = {**values, "updated_at": desk.clock.now()}
            kept = uow.exports.hold(job.id, job.turn, told)
            uow.commit()
        return kept

    def _beat(self) -> None:
        while not self._over.wait(_BEAT):
            try:
                if not self._kept({}):
                    self._lost.set()
                    return
            except Exception:  # a busy database; the next beat comes in time
                log.warning("export.hold_failed", export_id=self._job.id, exc_info=True)


def _put_back(desk: ExportDesk, job: Export, values: Mapping[str, Any]) -> None:
    """It waits again, unless it is not ours any more. With its turn, which counts the attempts, it
    waits for a minute; without, for nothing."""

    def write() -> None:
        with desk.unit_of_work() as uow:
            told = {"state": "queued", "done": 0, "total": 0, "updated_at": desk.clock.now()}
            uow.exports.hold(job.id, job.turn, {**told, **values})
            uow.commit()

    insisting(write, desk.pause)


def _end(desk: ExportDesk, job: Export, values: Mapping[str, Any]) -> bool:
    """False where it was not ours any more. Whoever asks again, since no answer came, finds it
    done."""
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        told = {**values, "turn": "", "updated_at": now, "finished_at": now}
        if not uow.exports.hold(job.id, job.turn, told):
            stored, name = uow.exports.get(job.id), values.get("stored_as", "")
            return stored is not None and bool(name) and stored.stored_as == name
        uow.audit.record(
            user_id=job.user_id,
            action="export_made",
            object_type=job.kind,
            object_id=str(job.id),
            at=now,
            detail={"rows": values.get("done", 0), "state": values["state"]},
        )
        uow.commit()
    done = int(values.get("done", 0))
    desk.publisher.publish(_progress(job, done, done, str(values["state"])))
    return True


def _progress(job: Export, done: int, total: int, state: str) -> list[Message]:
    if job.user_id is None:
        return []
    payload = {"type": "job", "kind": "export", "id": job.id, "done": done, "total": total}
    return [
        Message(
            kind="message",
            audience=Audience(users=(job.user_id,)),
            payload={**payload, "state": state},
        )
    ]
