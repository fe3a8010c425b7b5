"""Use cases of files given out: asked for and cancelled, each logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.exports import reach
from callcenter.imports.job import CANCELLED, Export
from callcenter.ports import Clock, UnitOfWork
from callcenter.rights.objects import Action, Object
from callcenter.rights.viewer import Viewer
from callcenter.services.rights import require, viewer_of

UowFactory = Callable[[], UnitOfWork]
FORMATS: Final = ("csv", "xlsx", "vcf")
_THINGS: Final[Mapping[str, Object]] = {"customers": "customer", "organizations": "organization"}


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


def cancel(export_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    """One that waits or runs; whoever writes it sees that within a thousand rows. NotFound where
    there is none for this user, Conflict where it is over."""
    with unit_of_work() as uow:
        require(uow, user_id, "export", "create")
        job = uow.exports.get(export_id)
        viewer = viewer_of(uow, user_id)
        if job is None or not viewer.reaches("export", "create", (job.user_id,)):
            raise NotFound("export", "there is no such file")
        at = clock.now()
        told = {"state": "failed", "problem": CANCELLED, "turn": "", "finished_at": at}
        if not uow.exports.end_open(export_id, {**told, "updated_at": at}):
            raise Conflict("export", "this file is over already")
        uow.audit.record(
            user_id=user_id,
            action="export_cancelled",
            object_type=job.kind,
            object_id=str(export_id),
            at=at,
        )
        uow.commit()


def may_fetch(job: Export, viewer: Viewer) -> bool:
    """Whether its file is for this viewer, now: who lost the right to what is in it since, lost
    the file too, and who never had it gets it from no colleague."""
    if not viewer.reaches("export", "read", (job.user_id,)) or not _may_have(job, viewer):
        return False
    if reach.KEY not in job.plan and job.user_id == viewer.user_id:
        return True  # made before it was kept how far its maker's rights reached
    return reach.covers(viewer, job.kind, job.plan)


def _may_have(job: Export, viewer: Viewer) -> bool:
    """Files of this kind at all."""
    if job.kind != "report":
        return viewer.may(_THINGS.get(job.kind, "account"), "export")
    may_all = job.plan.get("what") != "contacts" or viewer.may("interaction", "export")
    return may_all and viewer.may("report", "read")
