"""The demo's PBX has a plan like any other: begun with the first run, and brought to the Asterisk
that each run starts anew, so that what somebody tried in the pages is there the next day.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from ami.config.desk import door_of, target_of
from callcenter.errors import NotFound
from callcenter.pbx.drift import FileState
from callcenter.pbx.folder import ConfigFolder
from callcenter.pbx.plan import Operator, PbxPlan
from callcenter.runtime import Runtime
from callcenter.services import pbx_apply, pbx_plan

log = structlog.get_logger(__name__)

PBX = "demo"
_EDITED = (
    "queues",
    "dids",
    "groups",
    "conferences",
    "default_queue",
    "main_number",
    "outbound_prefixes",
    "outbound_at_once",
    "max_call_seconds",
    "transfer_outside",
    "forward_outside",
    "phones_forward",
    "region",
    "language",
)
"""What people edit; everything else is as this run's Asterisk has it (its ports, its secrets)."""


def keep_plan(runtime: Runtime, running: PbxPlan) -> None:
    """A demo goes on without it: what went wrong is in the log."""
    try:
        _keep(runtime, running)
        _apply(runtime)
    except Exception:
        log.exception("demo.plan_not_kept")


def _keep(runtime: Runtime, running: PbxPlan) -> None:
    door = door_of(runtime)
    try:
        _plan, version = pbx_plan.read(door, PBX)
    except NotFound:
        pbx_plan.begin(door, PBX, running, user_id=None)
        return

    def edit(plan: PbxPlan) -> PbxPlan:
        return as_running(plan, running)

    pbx_plan.change(door, PBX, version, edit, what="this run", user_id=None)


def as_running(plan: PbxPlan, running: PbxPlan) -> PbxPlan:
    """What was edited, on the Asterisk that runs."""
    edited = {name: getattr(plan, name) for name in _EDITED}
    secrets = {one.extension: one for one in running.operators}
    operators = [_with_secrets(one, secrets.pop(one.extension, None)) for one in plan.operators]
    # A phone that this run plays and an earlier version did not have.
    operators += secrets.values()
    return replace(running, operators=tuple(operators), **edited)


def _with_secrets(operator: Operator, running: Operator | None) -> Operator:
    return replace(operator, secret=running.secret) if running else operator


def _apply(runtime: Runtime) -> None:
    target = target_of(runtime.settings, PBX)
    folder = runtime.settings.config_folder(PBX)
    if target is None or folder is None:
        return
    door = door_of(runtime)
    states, _files, _plan = pbx_apply.look(door, PBX, ConfigFolder(folder))
    _plan, version = pbx_plan.read(door, PBX)
    applied = pbx_apply.ask(door, PBX, version, user_id=None)
    result = pbx_apply.carry_out(door, applied, target, _all_of(states))
    log.info("demo.plan", result=result)


def _all_of(states: list[FileState]) -> dict[str, str]:
    """This run's own files: nobody else's work is among them."""
    return {one.name: one.here for one in states}
