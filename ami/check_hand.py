"""The part of `pbx check` that concerns the second manager user: placing calls and moving them."""

from __future__ import annotations

from typing import Any

from ami import translate_check as tr
from ami.check_rules import TIMEOUT, Finding, Level
from ami.client.manager import GuardedManager
from ami.client.outcome import AmiError, LoginOutcome
from ami.client.wanted import Wanted
from callcenter.pbx.destinations import HOLD
from callcenter.settings import PbxAddress, Settings

# action: (what is lost without it, whether the right or a module of Asterisk is missing)
_NEEDED = {
    "Originate": ("no call can be placed from the screen", "originate"),
    "Getvar": ("nobody knows whether a number leads anywhere", "call"),
    "Hangup": ("no call can be ended from the screen", "call"),
    "Atxfer": ("desk phones cannot hold or ask a colleague from the screen", "call"),
    "CancelAtxfer": ("nobody comes back from a hold", "call"),
    "BlindTransfer": ("no call can be sent on from the screen", "call"),
    "Redirect": ("no conference of two calls, no caller taken over or called up", "call"),
    "Setvar": ("nobody can take a call over from a listening phone", "call"),
    "QueueChangePriorityCaller": ("no waiting caller can be put first (app_queue)", "call"),
    "Park": ("no call can be parked (res_parking)", "call"),
    "MixMonitorMute": ("no recording can be paused (app_mixmonitor)", "call"),
    "PlayDTMF": ("no colleague can be joined to a call (app_senddtmf)", "call"),
}
_DANGEROUS = ("Command", "UpdateConfig", "ModuleLoad", "DBPut")
_PLACES = {
    "context crm-click": ("crm-click", "no call can be placed from the screen"),
    "context crm-step-in": ("crm-step-in,over,1", "nobody can step into a call from the screen"),
    "context crm-transfer": (f"crm-transfer,{HOLD},1", "desk phones cannot hold from the screen"),
}


async def check_hands(settings: Settings) -> list[Finding]:
    """Of every PBX, whether its hand is there and may do what it must, and nothing else."""
    hands = {hand.name: hand for hand in settings.ami_originate}
    findings: list[Finding] = []
    for pbx in settings.ami:
        if pbx.name in hands:
            findings += await HandCheck(hands[pbx.name]).run()
        else:
            findings.append(_without(pbx.name))
    return findings


def _without(pbx: str) -> Finding:
    words = "AMI_ORIGINATE_URL does not name it: screens cannot place, hold or transfer calls"
    mend = "Add the user callcenter-originate to manager.conf (docs/connect-your-asterisk.md)."
    return Finding(level="warn", where=pbx, what="call control", words=words, mend=mend)


class HandCheck:
    def __init__(self, address: PbxAddress) -> None:
        self.findings: list[Finding] = []
        self._address = address

    async def run(self) -> list[Finding]:
        manager = GuardedManager(self._address, Wanted(()), lambda _raw: None)
        try:
            outcome, words = await manager.open(TIMEOUT)
            if outcome is not LoginOutcome.ACCEPTED:
                mend = "Compare user and secret in AMI_ORIGINATE_URL with manager.conf."
                self._add("FAIL", "call control", words, mend)
                return self.findings
            await self._check_rights(manager)
            await self._check_places(manager)
        except AmiError as error:
            self._add("FAIL", "call control", str(error), "Is the PBX restarting?")
        finally:
            manager.close()
        if not self.findings:
            self._add("ok", "call control", f"user {self._address.user} may do what it needs")
        return self.findings

    async def _check_rights(self, manager: GuardedManager) -> None:
        answer = await manager.ask("ListCommands", timeout=TIMEOUT)
        permitted = tr.permitted_actions(dict(answer[0].items()))
        user = self._address.user
        for action, (loss, right) in _NEEDED.items():
            if action not in permitted:
                level: Level = "FAIL" if action in ("Originate", "Getvar") else "warn"
                mend = (
                    f"Give [{user}] write = originate,call in manager.conf ({right}), or load it."
                )
                self._add(level, f"call control {action}", f"is refused: {loss}", mend)
        for action in _DANGEROUS:
            if action in permitted:
                words = f"too much: this user may {action}"
                mend = f"Leave only originate and call in `write` of [{user}]."
                self._add("warn", f"call control {action}", words, mend)

    async def _check_places(self, manager: GuardedManager) -> None:
        for what, (place, loss) in _PLACES.items():
            wanted: dict[str, Any] = {"Variable": f"DIALPLAN_EXISTS({place})"}
            answer = await manager.ask("Getvar", wanted, TIMEOUT)
            if str(dict(answer[0].items()).get("Value", "")) != "1":
                mend = "Add it to extensions.conf (docs/connect-your-asterisk.md), then reload."
                self._add("warn", what, f"does not lead on: {loss}", mend)

    def _add(self, level: Level, what: str, words: str, mend: str = "") -> None:
        where = self._address.name
        self.findings.append(Finding(level=level, where=where, what=what, words=words, mend=mend))
