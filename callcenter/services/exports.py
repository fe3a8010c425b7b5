"""Use cases of files given out: asked for, made in the worker where they are large, logged."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from callcenter.errors import Invalid
from callcenter.imports.job import Export
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.rights.objects import Action, Object
from callcenter.services.import_files import remove
from callcenter.services.rights import require

log = structlog.get_logger(__name__)
UowFactory = Callable[[], UnitOfWork]
FORMATS: Final = ("csv", "xlsx", "vcf")
STALE: Final = timedelta(seconds=60)
_THINGS: Final[Mapping[str, Object]] = {"customers": "customer", "organizations": "organization"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDesk:
    unit_of_work: UowFactory
    clock: Clock
    publisher: Publisher
    folder: Path
    write: Callable[[Export, Path, Callable[[int], None]], int]
    """Writes the file, telling how many rows it has written; how many they were."""


def ask(
    kind: str,
    form: str,
    plan: Mapping[str, Any],
    *,
    user_id: int | None,
    unit_of_work: UowFactory,
    clock: Clock,
) -> int:
    """Puts an export before the worker. Who may see a list may not always take it away."""
    if form not in FORMATS or (form == "vcf" and kind != "customers"):
        raise Invalid("format", f"must be one of: {', '.join(FORMATS)}")
    if not plan.get("columns"):
        raise Invalid("columns", "choose at least one column")
    export: Action = "export"
    with unit_of_work() as uow:
        require(uow, user_id, "export", "create")
        require(uow, user_id, _THINGS.get(kind, "account"), export)
        at = clock.now()
        export_id = uow.exports.add(kind, form, plan, user_id, at)
        uow.audit.record(
            user_id=user_id,
            action="export_asked",
            object_type=kind,
            object_id=str(export_id),
            at=at,
            detail={"format": form, "columns": list(plan["columns"])},
        )
        uow.commit()
    return export_id


def advance(desk: ExportDesk, *, only: int | None = None) -> bool:
    """Makes the next file that waits; one that a kill left unfinished, from its beginning."""
    turn = secrets.token_hex(12)
    with desk.unit_of_work() as uow:
        now = desk.clock.now()
        job = uow.exports.claim(turn, now, now - STALE, only=only)
        uow.commit()
    if job is None:
        return False
    desk.folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.{job.format}"
    path = desk.folder / name
    try:
        count = desk.write(job, path, lambda done: _told(desk, job, done))
        values: dict[str, Any] = {"state": "done", "done": count, "stored_as": name}
        values["size"] = path.stat().st_size
        if job.stored_as:
            remove(desk.folder, job.stored_as)
    except Exception:
        log.exception("export.failed", export_id=job.id)
        remove(desk.folder, name)
        values = {
            "state": "failed",
            "problem": "something went wrong on our side; it is in the log",
        }
    _end(desk, job, values)
    return True


def _told(desk: ExportDesk, job: Export, done: int) -> None:
    with desk.unit_of_work() as uow:
        uow.exports.set(job.id, {"done": done, "updated_at": desk.clock.now()})
        uow.commit()
    desk.publisher.publish(_progress(job, done, "running"))


def _end(desk: ExportDesk, job: Export, values: Mapping[str, Any]) -> None:
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        uow.exports.set(job.id, {**values, "turn": "", "updated_at": now, "finished_at": now})
        uow.audit.record(
            user_id=job.user_id,
            action="export_made",
            object_type=job.kind,
            object_id=str(job.id),
            at=now,
            detail={"rows": values.get("done", 0), "state": values["state"]},
        )
        uow.commit()
    desk.publisher.publish(_progress(job, int(values.get("done", 0)), str(values["state"])))


def _progress(job: Export, done: int, state: str) -> list[Message]:
    if job.user_id is None:
        return []
    payload = {"type": "job", "kind": "export", "id": job.id, "done": done, "total": 0}
    return [
        Message(
            kind="message",
            audience=Audience(users=(job.user_id,)),
            payload={**payload, "state": state},
        )
    ]
