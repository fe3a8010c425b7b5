"""Takes plans to PBXs when a screen asks for it: in a thread of its own, since it takes seconds and
calls must not wait for it.
"""

from __future__ import annotations

import threading

import structlog

from ami.config.reloader import Reloader
from callcenter.pbx.folder import ConfigFolder
from callcenter.ports import PbxCommand
from callcenter.runtime import Runtime
from callcenter.services import pbx_apply
from callcenter.services.pbx_plan import Door
from callcenter.settings import Settings

log = structlog.get_logger(__name__)

ACTION = "apply_plan"


def target_of(settings: Settings, pbx: str) -> pbx_apply.Target | None:
    """Where the plan goes; None where the CRM may only export it."""
    folder, address = settings.config_folder(pbx), settings.config_address(pbx)
    if folder is None or address is None:
        return None
    return pbx_apply.Target(folder=ConfigFolder(folder), reloader=Reloader(address))


def door_of(runtime: Runtime) -> Door:
    return Door(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        phone_key=runtime.settings.phone_key,
    )


class ConfigDesk:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._threads: list[threading.Thread] = []

    def take(self, command: PbxCommand) -> None:
        """Of a PBX whose folder another process has, nothing is done here."""
        target = target_of(self._runtime.settings, command.pbx)
        if target is None:
            return
        work = threading.Thread(
            target=self._carry_out, args=(command, target), name="pbx-apply", daemon=True
        )
        self._threads = [one for one in self._threads if one.is_alive()] + [work]
        work.start()

    def stop(self, timeout: float) -> None:
        """One under way is let through: half a configuration is worse than a late end."""
        for thread in self._threads:
            thread.join(timeout)

    def _carry_out(self, command: PbxCommand, target: pbx_apply.Target) -> None:
        told = dict(command.arguments)
        applied_id = int(told.pop("applied"))
        try:
            pbx_apply.carry_out(door_of(self._runtime), applied_id, target, accepted=told)
        except Exception:
            log.exception("pbx_plan.apply_not_begun", pbx=command.pbx)
