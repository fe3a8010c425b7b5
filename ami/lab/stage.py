"""Where a scripted scenario plays: its PBX, its phones, and a hand on the manager interface."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

from ami.lab.pbx import LabPbx
from ami.lab.phones import Call, Caller, DeskPhone, call_in
from ami.lab.softphones import SoftPhone
from ami.lab.stage_hand import carry_out
from ami.lab.stage_manager import Message, manager_action
from ami.outcomes import Outcome
from callcenter.ports import PbxAction, PbxCommand

_LONGEST_CALL = 120.0
_NUMBERS = count(1)


class Stage:
    """What a script has in its hands. Calls are only begun; whoever needs an end waits for it."""

    def __init__(
        self,
        pbx: LabPbx,
        phones: Mapping[str, DeskPhone],
        people: Mapping[str, SoftPhone] | None = None,
    ) -> None:
        self.pbx, self.phones, self.people = pbx, phones, people or {}
        self._callers: list[Caller] = []
        self._left = False

    def phone(self, extension: str) -> DeskPhone:
        """The phone that waits for calls as the scenario's `phones` says."""
        return self.phones[extension]

    def person(self, who: str) -> SoftPhone:
        """The phone that the script uses, of one of the scenario's `people`."""
        return self.people[who]

    def call_in(
        self, call: Call, *, talk: float = 6.0, patience: float = 60.0, digit: str = ""
    ) -> Caller:
        """Somebody calls from outside. `talk`: from the PBX's answer until they hang up."""
        return self._begun(call_in(self.pbx, [call], talk=talk, patience=patience, digit=digit))

    def call_out(
        self, extension: str, to: str, *, talk: float = 3.0, patience: float = 60.0
    ) -> Caller:
        """The operator of `extension` calls, from the phone of the scenario's `phones`."""
        return self._begun(self.phone(extension).call(to, talk=talk, patience=patience))

    def manager(self, action: str, **headers: str | Sequence[str]) -> list[Message]:
        """One AMI action by a user with every right: its response, then its list if it has one."""
        return manager_action(self.pbx, action, **headers)

    def crm(self, action: PbxAction, endpoint: str = "", **arguments: str) -> Outcome:
        """What somebody asks for at the CRM's screen, carried out by its own hand."""
        command_id = f"stage-{next(_NUMBERS)}"
        command = PbxCommand(
            action=action, endpoint=endpoint, arguments=arguments, id=command_id, user_id=1
        )
        return carry_out(self.pbx, command)

    def crm_soon(self, action: PbxAction, endpoint: str, **arguments: str) -> Future[Outcome]:
        """The same, while the script goes on: it ends when a phone is lifted."""
        pool = ThreadPoolExecutor(1)
        future = pool.submit(self.crm, action, endpoint, **arguments)
        pool.shutdown(wait=False)
        return future

    def console(self, command: str) -> str:
        return self.pbx.console(command)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def leave(self) -> None:
        """The recording ends with the script, whatever still goes on."""
        self._left = True

    def wait_over(self) -> None:
        """Until every caller is through and the last channel is gone."""
        if self._left:
            return
        for caller in self._callers:
            caller.wait(_LONGEST_CALL)
        self.pbx.wait_idle()

    def _begun(self, caller: Caller) -> Caller:
        self._callers.append(caller)
        return caller
