"""Use cases of files taken in: kept, looked at, corrected by hand, begun, stopped, taken back.

What takes the rows, `services/import_run` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.imports import headers, source
from callcenter.imports.job import ENDED, Import
from callcenter.imports.kinds import KINDS, Kind, with_own_fields
from callcenter.imports.plan import Plan, check, check_complete, remembered
from callcenter.imports.record import Unreadable
from callcenter.imports.rows import Knowledge, Row, RowReader
from callcenter.ports import Clock, UnitOfWork
from callcenter.rights.objects import Object
from callcenter.rights.viewer import Viewer
from callcenter.services import import_files, import_writers
from callcenter.services.import_writing import Done, Task
from callcenter.services.rights import require, viewer_of

UowFactory = Callable[[], UnitOfWork]
MOST_SHOWN: Final = 20
_OF_KIND: Final[Mapping[str, Object]] = {"customers": "customer", "organizations": "organization"}
_RIGHTS: Final = {
    "phone": "phones",
    "email": "emails",
    "owner": "owner_id",
    **dict.fromkeys(("telegram", "whatsapp", "viber", "messenger", "site"), "messengers"),
    **dict.fromkeys(("street", "postal_code", "address_city", "region", "country"), "addresses"),
    "block_reason": "blocked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every use case here needs: store, clock, the folder of the files, the office's plan."""

    unit_of_work: UowFactory
    clock: Clock
    folder: Path
    numbers: NumberPlan
    limit: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it will be, and what would become of it."""

    row: Row
    done: Done


def take_in(
    kind_code: str, name: str, chunks: Iterable[bytes], *, user_id: int | None, desk: Desk
) -> int:
    """Keeps the file and looks at it. Raises Invalid with words for a file that cannot be read."""
    if kind_code not in KINDS:
        raise Invalid("kind", f"must be one of: {', '.join(KINDS)}")
    with desk.unit_of_work() as uow:
        require(uow, user_id, "import", "create")
    stored_as, size = import_files.keep(chunks, desk.folder, desk.limit)
    try:
        with desk.unit_of_work() as uow:
            plan = _look(uow, kind_code, desk.folder / stored_as, size, desk)
            at = desk.clock.now()
            import_id = uow.imports.add(
                kind_code, name, stored_as=stored_as, size=size, user_id=user_id, at=at
            )
            uow.imports.set(import_id, {"plan": plan.to_json()})
            uow.commit()
    except BaseException:
        import_files.remove(desk.folder, stored_as)
        raise
    return import_id


def _look(uow: UnitOfWork, kind_code: str, path: Path, size: int, desk: Desk) -> Plan:
    kind = kind_of(uow, kind_code)
    try:
        with path.open("rb") as file:
            plan = source.look(file, size, kind)
    except Unreadable as error:
        raise Invalid("file", str(error)) from error
    plan = replace(plan, region=desk.numbers.region, on_match=_usual_rule(plan))
    earlier = uow.imports.recall(kind_code, headers.signature(plan.header))
    return remembered(plan, earlier) if earlier and plan.has_header else plan


def _usual_rule(plan: Plan) -> Any:
    """Another system's id says who is meant; a shared number may not, and then only fills."""
    return "update" if plan.match_by[:1] in (("external_id",), ("number",)) else "fill"


def kind_of(uow: UnitOfWork, code: str) -> Kind:
    kind = KINDS[code]
    thing = _OF_KIND.get(code)
    return with_own_fields(kind, uow.fields.defs(cast("Any", thing))) if thing else kind


def knowledge(uow: UnitOfWork, kind_code: str, plan: Plan, numbers: NumberPlan) -> Knowledge:
    thing = cast("Any", _OF_KIND.get(kind_code))
    defs = uow.fields.defs(thing) if thing else ()
    builtin = uow.fields.defs(thing, builtin=True) if thing else ()
    return Knowledge(
        numbers=replace(numbers, region=plan.region or numbers.region),
        users=uow.imported.users(),
        choices={one.key: one for one in builtin},
        custom=defs,
    )


def change_plan(
    import_id: int, values: Mapping[str, Any], *, user_id: int | None, desk: Desk
) -> Plan:
    """Corrects what was found. Another encoding, sheet or delimiter finds the columns anew."""
    with desk.unit_of_work() as uow:
        job = theirs(uow, import_id, user_id)
        if job.state not in ("draft", "done", "failed") or (
            job.state != "draft" and not job.dry_run
        ):
            raise Conflict("", "this import has begun; its columns stand")
        kind, old = kind_of(uow, job.kind), Plan.from_json(job.plan)
        plan = Plan.from_json({**old.to_json(), **values})
        check(plan, kind)
        _check_rights(viewer_of(uow, user_id), job.kind, plan)
        plan = _read_anew(job, old, plan, kind, desk)
        uow.imports.set(import_id, {"plan": plan.to_json(), "state": "draft", "problem": ""})
        uow.commit()
    return plan


def _read_anew(job: Import, old: Plan, plan: Plan, kind: Kind, desk: Desk) -> Plan:
    form = ("encoding", "delimiter", "quote", "sheet", "has_header")
    with import_files.path_of(desk.folder, job.stored_as).open("rb") as file:
        try:
            if any(getattr(old, name) != getattr(plan, name) for name in form):
                found = source.columns_of(file, plan, kind, named=plan.has_header)
                return replace(
                    found, region=plan.region, currency=plan.currency, on_match=plan.on_match
                )
            if old.columns != plan.columns:
                found = source.with_styles(plan, kind, source.sample(file, plan))
                return replace(found, styles={**found.styles, **_kept(old.styles, old, plan)})
        except Unreadable as error:
            raise Invalid("file", str(error)) from error
    return replace(plan, ambiguous=tuple(n for n in plan.ambiguous if n not in _chosen(old, plan)))


def _kept(styles: Mapping[int, Any], old: Plan, plan: Plan) -> dict[int, Any]:
    same = {place for place, name in plan.columns.items() if old.columns.get(place) == name}
    return {place: style for place, style in styles.items() if place in same}


def _chosen(old: Plan, plan: Plan) -> set[int]:
    """Columns whose style somebody has just said."""
    return {n for n, style in plan.styles.items() if old.styles.get(n) != style} | {
        n for n, mark in plan.marks.items() if old.marks.get(n) != mark
    }


def _check_rights(viewer: Viewer, kind_code: str, plan: Plan) -> None:
    thing = _OF_KIND.get(kind_code)
    if thing is None:
        if not viewer.may("account", "create"):
            raise Forbidden("account", "your role does not allow this: account, create")
        return
    for name in plan.columns.values():
        field = _right_of(name)
        if not viewer.writes(thing, field):
            raise Forbidden("columns", f"your role does not allow to change this: {name}")


def _right_of(name: str) -> str:
    plain = name.partition("_")[0] if name.startswith(("phone", "email")) else name
    plain = plain.rstrip("s") if plain in ("phones", "emails") else plain
    return _RIGHTS.get(plain, name.replace("custom.", "custom:", 1))


def preview(
    import_id: int, *, user_id: int | None, desk: Desk, rows: int = MOST_SHOWN
) -> list[Shown]:
    """The first rows as they will be; nothing of it lasts."""
    with desk.unit_of_work() as uow:
        job = theirs(uow, import_id, user_id)
        plan = Plan.from_json(job.plan)
        with import_files.path_of(desk.folder, job.stored_as).open("rb") as file:
            try:
                records = list(islice(source.rows_of(file, plan), rows))
            except Unreadable as error:
                raise Invalid("file", str(error)) from error
        kind = kind_of(uow, job.kind)
        reader = RowReader(kind, plan, knowledge(uow, job.kind, plan, desk.numbers))
        found = [reader.read(record) for record in records]
        writer = import_writers.writer(job.kind, Task(plan=plan, user_id=user_id, clock=desk.clock))
        done = import_writers.write_readable(uow, writer, found)
        uow.rollback()
    return [Shown(row, one) for row, one in zip(found, done, strict=True)]


def start(import_id: int, *, dry_run: bool, user_id: int | None, desk: Desk) -> None:
    """Puts it before the worker, from the first row on. A dry run leaves nothing but its counts."""
    with desk.unit_of_work() as uow:
        job = theirs(uow, import_id, user_id)
        plan = Plan.from_json(job.plan)
        kind = kind_of(uow, job.kind)
        check(plan, kind)
        check_complete(plan, kind)
        _check_rights(viewer_of(uow, user_id), job.kind, plan)
        import_files.path_of(desk.folder, job.stored_as)
        if job.state not in ("draft", "failed") and not (job.dry_run and job.state in ENDED):
            raise Conflict("", "this import has begun already")
        if job.state == "failed" and not job.dry_run and job.position:
            raise Conflict("", "this import has begun already; let it go on instead")
        zero = dict.fromkeys(("position", "created", "updated", "unchanged", "failed"), 0)
        uow.imports.forget_errors(import_id)
        uow.imports.set(
            import_id,
            {
                **zero,
                "dry_run": dry_run,
                "state": "queued",
                "wanted": "",
                "problem": "",
                "finished_at": None,
                "updated_at": desk.clock.now(),
            },
        )
        if plan.has_header:
            uow.imports.remember(
                job.kind, headers.signature(plan.header), plan.to_json(), user_id, desk.clock.now()
            )
        uow.commit()


def pause(import_id: int, *, user_id: int | None, desk: Desk) -> None:
    """A job that runs stops after the rows it has in hand."""
    with desk.unit_of_work() as uow:
        theirs(uow, import_id, user_id)
        if not uow.imports.move(import_id, ["running"], {"wanted": "pause"}):
            uow.imports.move(import_id, ["queued"], {"state": "paused"})
        uow.commit()


def resume(import_id: int, *, user_id: int | None, desk: Desk) -> None:
    """Where it stopped, or where it failed."""
    with desk.unit_of_work() as uow:
        theirs(uow, import_id, user_id)
        again = {"state": "queued", "wanted": "", "problem": "", "finished_at": None}
        if not uow.imports.move(import_id, ["paused", "failed"], again):
            raise Conflict("", "only an import that stands still can go on")
        uow.commit()


def undo(import_id: int, *, user_id: int | None, desk: Desk) -> None:
    """Asks the worker to take back what the import did and nobody has changed since."""
    with desk.unit_of_work() as uow:
        job = theirs(uow, import_id, user_id)
        if job.dry_run or job.batch_id is None:
            raise Conflict("", "there is nothing to take back")
        wanted = {"state": "queued", "wanted": "undo"}
        if not uow.imports.move(import_id, ["done", "failed", "paused"], wanted):
            raise Conflict("", "only an import that has ended can be taken back")
        uow.commit()


def remove(import_id: int, *, user_id: int | None, desk: Desk) -> None:
    """An import that never began, and its file."""
    with desk.unit_of_work() as uow:
        job = theirs(uow, import_id, user_id)
        if job.batch_id is not None or job.state in ("queued", "running"):
            raise Conflict("", "this import has begun; it stays on the list")
        uow.imports.remove(import_id)
        uow.commit()
    import_files.remove(desk.folder, job.stored_as)


def theirs(uow: UnitOfWork, import_id: int, user_id: int | None) -> Import:
    """One's own, or whosever one's role lets one see."""
    job = uow.imports.get(import_id)
    viewer = viewer_of(uow, user_id)
    if job is None or not viewer.reaches("import", "read", (job.user_id,)):
        raise NotFound("import", f"there is no import {import_id}")
    return job
