"""Takes the rows of a file, lot by lot: what a lot wrote and how far the import has come are one
transaction, so that after any kill the next job goes on exactly behind the last lot.

One turn holds one import; a turn that is dead is known by its standing still.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog

from callcenter.errors import Conflict, Invalid, NotFound, ProductError, Unavailable
from callcenter.imports.job import Import, RowError
from callcenter.imports.plan import Plan
from callcenter.imports.record import Unreadable
from callcenter.imports.rows import Row, RowReader
from callcenter.imports.values import readable
from callcenter.ports import Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.services import batches, duplicates, import_files, import_reading, import_writers
from callcenter.services.import_writing import FAILED, Done, Task
from callcenter.services.imports import Desk, kind_of, knowledge

log = structlog.get_logger(__name__)
LOT: Final = 2000
STALE: Final = timedelta(seconds=30)
_MOST_CELLS_KEPT: Final = 100_000
_COUNTS: Final = ("created", "updated", "unchanged", "failed")


class Stopped(Exception):  # noqa: N818 (it is no error)
    """The import is another turn's now, or somebody removed it."""


@dataclass(slots=True)
class Work:
    """One import in hand."""

    job: Import
    plan: Plan
    reader: RowReader
    turn: str
    seen: set[int] = field(default_factory=set)
    """Of a dry run: what rows of earlier lots would have made."""
    counted_next: int = LOT


def advance(
    desk: Desk,
    publisher: Publisher,
    *,
    lot: int = LOT,
    stopping: Callable[[], bool] = lambda: False,
    only: int | None = None,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> bool:
    """Takes up the next import that waits (or the one named) and works on it to its end, or until
    it is `stopping`: then it waits for the next worker. Whether there was one."""
    turn = secrets.token_hex(12)
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        job = uow.imports.claim(turn, now, now - STALE, only=only)
        uow.commit()
    if job is None:
        return False
    try:
        if job.wanted == "undo":
            _undo(job, desk, publisher)
        else:
            _run(job, turn, desk, publisher, lot=lot, stopping=stopping, told=told)
    except Stopped:
        log.info("import.another_turn", import_id=job.id)
    except Unavailable:
        raise  # the database is away: the import stands where it is, and goes on
    except (Unreadable, ProductError) as error:
        _fail(job, turn, desk, publisher, _words(error))
    except Exception:
        log.exception("import.failed", import_id=job.id)
        _fail(job, turn, desk, publisher, "something went wrong on our side; it is in the log")
    return True


def _words(error: Exception) -> str:
    return error.message if isinstance(error, ProductError) else str(error)


def _run(
    job: Import,
    turn: str,
    desk: Desk,
    publisher: Publisher,
    *,
    lot: int,
    stopping: Callable[[], bool],
    told: Callable[[int, int], None],
) -> None:
    work = _take_up(job, turn, desk)
    path = import_files.path_of(desk.folder, job.stored_as)
    reading = partial(import_reading.lots, plan=work.plan, reader=work.reader, after=job.position)
    with (
        import_reading.little_to_collect(),
        path.open("rb") as file,
        closing(reading(file, size=lot)) as lots,
    ):
        for rows, read in lots:
            _take(work, rows, desk)
            _keep_statistics(work, desk)
            _estimate(work, read)
            publisher.publish(progress(work.job))
            told(work.job.position, work.job.total)
            if _asked_to_stop(work, desk, publisher) or _left(work, desk, stopping):
                return
    _finish(work, desk, publisher)


def _take_up(job: Import, turn: str, desk: Desk) -> Work:
    """What is known is read once; the batch is begun with the first row that counts."""
    plan = Plan.from_json(job.plan)
    with desk.unit_of_work() as uow:
        kind = kind_of(uow, job.kind)
        known = knowledge(uow, job.kind, plan, desk.numbers)
        if not job.dry_run and job.batch_id is None:
            batch_id = batches.begin(
                uow,
                desk.clock,
                "import",
                job.name,
                user_id=job.user_id,
                detail={"import_id": job.id},
            )
            uow.imports.set(job.id, {"batch_id": batch_id})
        if job.dry_run and job.position:
            # What was tried so far is forgotten with the process that tried it.
            uow.imports.forget_errors(job.id)
            uow.imports.set(job.id, dict.fromkeys(("position", *_COUNTS), 0))
        uow.commit()
        stored = uow.imports.get(job.id)
    if stored is None:
        raise Stopped
    return Work(stored, plan, RowReader(kind, plan, known), turn)


def _take(work: Work, rows: Sequence[Row], desk: Desk) -> None:
    """Of a lot that the database refuses as a whole each half is tried: one bad row costs itself,
    and few others are tried with it more than once."""
    try:
        _write(work, rows, desk)
    except (Conflict, Invalid, NotFound) as error:
        if len(rows) == 1:
            _write(work, [Row(rows[0].record, {}, (("", _words(error)),))], desk)
            return
        half = len(rows) // 2
        _take(work, rows[:half], desk)
        _take(work, rows[half:], desk)


def _write(work: Work, rows: Sequence[Row], desk: Desk) -> None:
    job = work.job
    with desk.unit_of_work() as uow:
        held = uow.imports.hold(job.id, work.turn, job.position, desk.clock.now())
        if held is None:
            raise Stopped
        task = Task(plan=work.plan, user_id=job.user_id, clock=desk.clock, batch_id=held.batch_id)
        with uow.imported.ahead():
            done = import_writers.write_readable(uow, import_writers.writer(job.kind, task), rows)
        if job.dry_run:
            uow.rollback()
            done = _as_if_kept(work, rows, done)
        values = _counted(held, rows, done)
        uow.imports.add_errors(job.id, _errors(rows, done))
        uow.imports.set(job.id, values)
        uow.commit()
        work.job = uow.imports.get(job.id) or held


def _as_if_kept(work: Work, rows: Sequence[Row], done: Sequence[Done]) -> list[Done]:
    """A row that says the same as one of an earlier lot would have found what that one made."""
    found: list[Done] = []
    for row, one in zip(rows, done, strict=True):
        keys = {hash((name, str(row.values[name]))) for name in _TELLING if name in row.values}
        again = one.outcome == "created" and bool(keys & work.seen) and bool(work.plan.match_by)
        found.append(Done("updated") if again else one)
        if one.outcome == "created":
            work.seen |= keys
    return found


_TELLING: Final = ("external_id", "number", "phones", "phone_mobile", "phone_work", "emails")


def _counted(held: Import, rows: Sequence[Row], done: Sequence[Done]) -> dict[str, Any]:
    counts = {name: getattr(held, name) for name in _COUNTS}
    for one in done:
        counts[one.outcome] += 1
    return {**counts, "position": rows[-1].record.number}


def _errors(rows: Sequence[Row], done: Sequence[Done]) -> list[RowError]:
    return [
        RowError(
            row.record.number,
            row.record.line,
            ()
            if one.secret
            else tuple(readable(cell)[:_MOST_CELLS_KEPT] for cell in row.record.cells),
            tuple((readable(column), why) for column, why in one.problems),
        )
        for row, one in zip(rows, done, strict=True)
        if one.outcome == FAILED
    ]


def _keep_statistics(work: Work, desk: Desk) -> None:
    """Whom rows are about is looked up well only while the database knows how many there are: it
    is told after the first thousands, and whenever there are twice as many."""
    if work.job.dry_run or work.job.created < work.counted_next:
        return
    work.counted_next = work.job.created * 2
    with desk.unit_of_work() as uow:
        uow.imported.count_anew()
        uow.commit()


def _estimate(work: Work, read: int) -> None:
    """How many rows there are, from how much of the file the rows so far took."""
    if work.plan.form != "xlsx" and read:
        told = work.job.position * work.job.size // read
        work.job = replace(work.job, total=max(work.job.position, told))


def _asked_to_stop(work: Work, desk: Desk, publisher: Publisher) -> bool:
    with desk.unit_of_work() as uow:
        uow.imports.set(work.job.id, {"total": work.job.total})
        stored = uow.imports.get(work.job.id)
        stops = stored is not None and stored.wanted == "pause"
        if stops:
            uow.imports.set(work.job.id, {"state": "paused", "wanted": "", "turn": ""})
        uow.commit()
        after = uow.imports.get(work.job.id)
    if stops and after is not None:
        publisher.publish(progress(after))
    return stops


def _left(work: Work, desk: Desk, stopping: Callable[[], bool]) -> bool:
    if not stopping():
        return False
    with desk.unit_of_work() as uow:
        uow.imports.move(work.job.id, ["running"], {"state": "queued", "turn": ""})
        uow.commit()
    return True


def _finish(work: Work, desk: Desk, publisher: Publisher) -> None:
    job = work.job
    with desk.unit_of_work() as uow:
        if uow.imports.hold(job.id, work.turn, job.position, desk.clock.now()) is None:
            raise Stopped
        _end(uow, job.id, desk, {"state": "done", "total": job.position})
        if job.batch_id is not None:
            uow.batches.update(
                job.batch_id,
                state="done",
                done=job.created + job.updated,
                total=job.position,
            )
        uow.commit()
        after = uow.imports.get(job.id)
    if job.kind == "customers" and job.created and not job.dry_run:
        # Nobody should have to wait for the night to see who was there already.
        duplicates.begin_nightly(unit_of_work=desk.unit_of_work, clock=desk.clock)
    publisher.publish(progress(after or job))


def _fail(job: Import, turn: str, desk: Desk, publisher: Publisher, why: str) -> None:
    with desk.unit_of_work() as uow:
        stored = uow.imports.get(job.id)
        if stored is None or stored.turn != turn:
            return
        _end(uow, job.id, desk, {"state": "failed", "problem": why})
        if stored.batch_id is not None:
            uow.batches.update(stored.batch_id, state="failed", detail={"problem": why})
        uow.commit()
        after = uow.imports.get(job.id)
    publisher.publish(progress(after or job))


def _end(uow: UnitOfWork, import_id: int, desk: Desk, values: dict[str, Any]) -> None:
    now = desk.clock.now()
    rest = {"turn": "", "wanted": "", "finished_at": now, "updated_at": now}
    uow.imports.set(import_id, {**rest, **values})


def _undo(job: Import, desk: Desk, publisher: Publisher) -> None:
    assert job.batch_id is not None  # noqa: S101 (`imports.undo` asked)
    with desk.unit_of_work() as uow:
        batch = uow.batches.get(job.batch_id)
        if batch is not None and batch.state == "running":  # it was paused, or killed
            uow.batches.update(job.batch_id, state="failed")
        uow.commit()
    if batch is None or batch.state != "undone":  # or was killed just behind its end
        batches.undo(
            job.batch_id,
            user_id=job.user_id,
            unit_of_work=desk.unit_of_work,
            publisher=publisher,
            clock=desk.clock,
        )
    with desk.unit_of_work() as uow:
        _end(uow, job.id, desk, {"state": "undone"})
        uow.commit()
        after = uow.imports.get(job.id)
    publisher.publish(progress(after or job))


def progress(job: Import) -> list[Message]:
    if job.user_id is None:
        return []
    payload = {
        "type": "job",
        "kind": "import",
        "id": job.id,
        "done": job.position,
        "total": job.total,
        "state": job.state,
    }
    return [Message(kind="message", audience=Audience(users=(job.user_id,)), payload=payload)]
