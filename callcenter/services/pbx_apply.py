"""Use cases of bringing a plan to its PBX: ask for it, carry it out, look how it went.

Nothing is written before everything that can be known beforehand is known: the plan renders, its
files read back, nobody's own work stands in the way, the PBX answers. What fails after that is
undone: the files as they were, reloaded. Calls under way go on: nothing is restarted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from callcenter.errors import Conflict, NotFound, ProductError
from callcenter.pbx import drift, parsed, reloads
from callcenter.pbx.folder import FolderError
from callcenter.pbx.kept import Applied, Result, Step
from callcenter.pbx.plan import PbxPlan
from callcenter.pbx.render import render
from callcenter.pbx.values import PlanError
from callcenter.ports.pbx_plans import PbxFolder, PbxRefusedError, PbxReloader
from callcenter.services import rights
from callcenter.services.pbx_plan import Door, read

log = structlog.get_logger(__name__)

_GIVEN_UP = timedelta(minutes=3)
_CHECK_SECONDS = 15.0
_CHECK_EVERY = 0.3
_TOLD_LACKS = 5


Found = TypeVar("Found")


class _NotDoneError(Exception):
    """A step did not go through; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The PBX that is meant: where its files are, who reloads them."""

    folder: PbxFolder
    reloader: PbxReloader
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class _Run:
    """One application under way: its steps so far, told as they happen."""

    door: Door
    applied: Applied
    target: Target
    steps: list[Step] = field(default_factory=list)
    began: float = 0.0

    def step(self, name: str, work: Callable[[], tuple[str, Found]]) -> Found:
        self._note(Step(name=name, ok=None, seconds=self._seconds()))
        try:
            words, found = work()
        except (_NotDoneError, FolderError, PbxRefusedError, PlanError, OSError) as error:
            self._note(Step(name=name, ok=False, seconds=self._seconds(), words=str(error)), -1)
            raise _NotDoneError(str(error)) from error
        self._note(Step(name=name, ok=True, seconds=self._seconds(), words=words), -1)
        return found

    def _seconds(self) -> float:
        return round(self.target.monotonic() - self.began, 2)

    def _note(self, step: Step, at: int | None = None) -> None:
        self.steps[len(self.steps) if at is None else at :] = [step]
        with self.door.unit_of_work() as uow:
            uow.pbx_plans.note_steps(self.applied.id, self.steps)
            uow.commit()

    def end(self, result: Result, files: Mapping[str, str], backup: str = "") -> None:
        with self.door.unit_of_work() as uow:
            now = self.door.clock.now()
            uow.pbx_plans.end_apply(
                self.applied.id, result, files=files, backup=backup, steps=self.steps, at=now
            )
            uow.audit.record(
                user_id=self.applied.by,
                action="pbx_plan_applied",
                object_type="pbx",
                object_id=self.applied.pbx,
                at=now,
                detail={"applied": self.applied.id, "result": result, "backup": backup},
            )
            uow.commit()
        log.info("pbx_plan.applied", pbx=self.applied.pbx, result=result)


def ask(door: Door, pbx: str, version: int, *, user_id: int | None) -> int:
    """Note that the plan is to be applied. Conflict where that is under way, or the plan is not the
    one that was seen."""
    with door.unit_of_work() as uow:
        rights.require(uow, user_id, "pbx", "change")
        kept = uow.pbx_plans.get(pbx)
        if kept is None:
            raise NotFound("pbx", f"there is no plan of {pbx}")
        if kept.version != version:
            raise Conflict("", "somebody else changed the plan meanwhile")
        running = uow.pbx_plans.running(pbx)
        if running is not None:
            _give_up(door, running, uow.pbx_plans.end_apply)
        applied_id = uow.pbx_plans.begin_apply(pbx, version, user_id, door.clock.now())
        uow.commit()
    return applied_id


def _give_up(door: Door, running: Applied, end: Callable[..., None]) -> None:
    """One that died in the middle holds nobody up for ever."""
    now: datetime = door.clock.now()
    if now - running.at < _GIVEN_UP:
        raise Conflict("", "the plan is being applied at this moment")
    end(running.id, "broken", files={}, backup="", steps=running.steps, at=now)


def carry_out(
    door: Door, applied_id: int, target: Target, accepted: Mapping[str, str] | None = None
) -> Result:
    """`accepted`: files of others' that may be replaced, by the sha256 of what was seen there."""
    with door.unit_of_work() as uow:
        applied = uow.pbx_plans.applied(applied_id)
        before = uow.pbx_plans.last_applied(applied.pbx) if applied else None
    if applied is None or applied.result != "running":
        raise NotFound("applied", f"nothing is to be applied under {applied_id}")
    run = _Run(door, applied, target, began=target.monotonic())
    try:
        return _apply(run, before.files if before else {}, accepted or {})
    except _NotDoneError:
        run.end("refused", {})
        return "refused"
    except Exception as error:
        log.exception("pbx_plan.apply_died", pbx=applied.pbx)
        run.steps.append(Step(name="error", ok=False, seconds=0.0, words=repr(error)))
        run.end("broken", {})
        return "broken"


def _apply(run: _Run, known: Mapping[str, str], accepted: Mapping[str, str]) -> Result:
    plan, files = run.step("render", lambda: _rendered(run))
    states = run.step("compare", lambda: _compared(run, files, known, accepted))
    hashes = {name: drift.sha(text) for name, text in files.items()}
    changed = [one.name for one in states if one.is_written]
    if not changed:
        run.end("nothing", hashes)
        return "nothing"
    run.step("reach", lambda: _reached(run))
    folder, now = run.target.folder, run.door.clock.now()
    backup = run.step("back_up", lambda: ((name := folder.back_up(changed, now)), name))
    try:
        texts = {name: files[name] for name in changed}
        run.step("write", lambda: _written(folder, texts))
        run.step("reload", lambda: _reloaded(run, changed))
        run.step("check", lambda: _checked(run, reloads.wanted(files, plan)))
    except _NotDoneError:
        result = _undo(run, changed, backup)
        run.end(result, {}, backup)
        return result
    run.end("applied", hashes, backup)
    return "applied"


def _rendered(run: _Run) -> tuple[str, tuple[PbxPlan, dict[str, str]]]:
    try:
        plan, version = read(run.door, run.applied.pbx)
    except ProductError as error:
        raise _NotDoneError(error.message) from error
    if version != run.applied.version:
        raise _NotDoneError("somebody changed the plan meanwhile")
    files = render(plan)
    faults = parsed.faults(files, plan)
    if faults:
        raise _NotDoneError("; ".join(faults[:_TOLD_LACKS]))
    return f"{len(files)} files", (plan, files)


def _compared(
    run: _Run, files: Mapping[str, str], known: Mapping[str, str], accepted: Mapping[str, str]
) -> tuple[str, list[drift.FileState]]:
    run.target.folder.check_writable()
    states = drift.compare(files, run.target.folder.texts(files), known)
    foreign = [
        one.name for one in states if one.state == "foreign" and accepted.get(one.name) != one.here
    ]
    if foreign:
        raise _NotDoneError(f"changed by somebody else, and not accepted: {', '.join(foreign)}")
    changed = [one.name for one in states if one.is_written]
    return ", ".join(changed), states


def _reached(run: _Run) -> tuple[str, None]:
    found = run.target.reloader.now()
    return f"{len(found.endpoints)} endpoints, {len(found.queues)} queues", None


def _written(folder: PbxFolder, texts: Mapping[str, str]) -> tuple[str, None]:
    folder.write(texts)
    return ", ".join(texts), None


def _put_back(folder: PbxFolder, names: Sequence[str], backup: str) -> tuple[str, None]:
    folder.put_back(names, backup)
    return ", ".join(names), None


def _reloaded(run: _Run, changed: Sequence[str]) -> tuple[str, None]:
    modules = reloads.modules_for(changed)
    for module in modules:
        try:
            run.target.reloader.reload(module)
        except PbxRefusedError as error:
            raise _NotDoneError(f"{module}: {error} (its log says more)") from error
    later = reloads.need_restart(changed)
    words = ", ".join(modules)
    return (f"{words}; at the next restart: {', '.join(later)}" if later else words), None


def _checked(run: _Run, want: reloads.Wanted) -> tuple[str, None]:
    """Some modules take what they read a moment later."""
    deadline = run.target.monotonic() + _CHECK_SECONDS
    while True:
        found = run.target.reloader.now()
        lacks = reloads.lacks(want, found.endpoints, found.queues, found.steps)
        if not lacks:
            return f"{len(want.endpoints)} endpoints, {len(want.steps)} places", None
        if run.target.monotonic() > deadline:
            told = ", ".join(lacks[:_TOLD_LACKS])
            raise _NotDoneError(f"the PBX has not: {told} ({len(lacks)} in all)")
        run.target.sleep(_CHECK_EVERY)


def _undo(run: _Run, changed: Sequence[str], backup: str) -> Result:
    folder = run.target.folder
    try:
        run.step("put_back", lambda: _put_back(folder, changed, backup))
        run.step("reload_back", lambda: _reloaded(run, changed))
    except _NotDoneError:
        return "broken"
    return "undone"


def look(
    door: Door, pbx: str, folder: PbxFolder
) -> tuple[list[drift.FileState], dict[str, str], PbxPlan]:
    """How the folder differs from the plan: (states of the files, the files, the plan)."""
    plan, _version = read(door, pbx)
    files = render(plan)
    with door.unit_of_work() as uow:
        before = uow.pbx_plans.last_applied(pbx)
    return drift.compare(files, folder.texts(files), before.files if before else {}), files, plan


def as_shown(applied: Applied, now: datetime) -> Applied:
    """One that died in the middle does not run for ever."""
    if applied.result == "running" and now - applied.at > _GIVEN_UP:
        return replace(applied, result="broken")
    return applied
