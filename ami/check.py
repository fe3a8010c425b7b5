"""`callcenter pbx check`: what is wrong between us and a PBX, line by line, and how to mend it.

Asks only what the listener's own user may ask. The one thing it changes on the PBX are two global
variables of its own, to see which events come back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from ami import translate_check as tr
from ami.check_rules import (
    CONTEXTS,
    DANGEROUS,
    MIN_VERSION,
    MINE,
    NEEDED,
    NOISE,
    OTHERS,
    TIMEOUT,
    Finding,
    Level,
)
from ami.client.manager import GuardedManager
from ami.client.outcome import ActionFailedError, AmiError, LoginOutcome
from ami.client.wanted import Test, Wanted, always
from callcenter.pbx.plan import QUEUE_NAMES
from callcenter.settings import PbxAddress


class _Everything(Wanted):
    def __init__(self) -> None:
        super().__init__(())

    def test_for(self, name: bytes) -> Test | None:  # noqa: ARG002
        return always


class PbxCheck:
    """One PBX. `listen`: seconds to watch for events of calls that happen to be under way;
    `queues`: those that callers may be routed to; `alone`: AMI_URL names no other PBX."""

    def __init__(
        self,
        address: PbxAddress,
        listen: float = 1.0,
        queues: Sequence[str] = QUEUE_NAMES,
        *,
        alone: bool = True,
    ) -> None:
        self.findings: list[Finding] = []
        self._alone = alone
        self._queues = queues
        self._address = address
        self._listen = listen
        self._heard = tr.Heard()

    async def run(self) -> list[Finding]:
        manager = GuardedManager(self._address, _Everything(), self._heard.hear)
        try:
            outcome, words = await manager.open(TIMEOUT)
            self._note_login(outcome, words)
            if outcome is LoginOutcome.ACCEPTED:
                await self._look(manager)
        except AmiError as error:
            self._add("FAIL", "link", f"the link broke off: {error}", "Is the PBX restarting?")
        finally:
            manager.close()
        return self.findings

    def _add(self, level: Level, what: str, words: str, mend: str = "") -> None:
        where = self._address.name
        self.findings.append(Finding(level=level, where=where, what=what, words=words, mend=mend))

    def _note_login(self, outcome: LoginOutcome, words: str) -> None:
        name = self._address.name
        mend = {
            LoginOutcome.UNREACHABLE: "Is Asterisk running, `enabled = yes` in manager.conf, its "
            f"bindaddr reachable from here, and the port in AMI_URL ({name}) right?",
            LoginOutcome.NOT_AMI: "AMI_URL must name the manager's port (5038 unless changed), "
            "not SIP's or HTTP's.",
            LoginOutcome.WRONG_PASSWORD: "Compare user and secret in AMI_URL with manager.conf, "
            "and `permit` with this machine's address; then `manager reload` on its console.",
            LoginOutcome.REFUSED: "Look at permit, deny and authlimit in manager.conf.",
        }
        if outcome is LoginOutcome.ACCEPTED:
            self._add("ok", "log-in", f"user {self._address.user} accepted")
        else:
            self._add("FAIL", "log-in", words, mend.get(outcome, ""))

    async def _look(self, manager: GuardedManager) -> None:
        await self._check_rights(manager)
        await self._check_version(manager)
        await self._check_events(manager)
        await self._check_dialplan(manager)
        await self._check_queues(manager)

    async def _check_version(self, manager: GuardedManager) -> None:
        answer = await self._ask(manager, "CoreSettings")
        if not answer:
            return
        written, system = tr.asterisk_and_system(answer[0])
        if tr.version_of(written) >= MIN_VERSION:
            self._add("ok", "version", f"Asterisk {written}")
        else:
            least = ".".join(map(str, MIN_VERSION))
            words = f"Asterisk {written or 'of unknown version'}, older than {least}"
            self._add("warn", "version", words, f"Update to {least}: older ones have holes.")
        if system:
            self._add("ok", "systemname", system)
        else:
            mend = "Set systemname in asterisk.conf [options] and restart Asterisk."
            self._add("warn", "systemname", "not set: call ids may repeat between PBXs", mend)

    async def _check_rights(self, manager: GuardedManager) -> None:
        answer = await self._ask(manager, "ListCommands")
        permitted = tr.permitted_actions(answer[0]) if answer else {}
        if not permitted:
            return
        for action, (right, loss, level) in NEEDED.items():
            if action not in permitted:
                mend = f"Add {right} to `write` of [{self._address.user}] in manager.conf."
                self._add(level, f"write {right}", f"{action} is refused: {loss}", mend)
        for action, right in DANGEROUS.items():
            if action in permitted:
                mend = f"Take {right} out of `write` of [{self._address.user}]: it never needs it."
                words = f"too much: the listener's user may {action}"
                self._add("warn", f"write {right}", words, mend)
        if not any(finding.what.startswith("write") for finding in self.findings):
            self._add("ok", "write", "all that is needed and nothing dangerous")

    async def _check_events(self, manager: GuardedManager) -> None:
        """Set two variables: ours must come back as an event, the other must not."""
        answers = [
            await self._ask(manager, "Setvar", {"Variable": variable, "Value": "1"})
            for variable in (MINE, OTHERS)
        ]
        probed = all(answers)
        await asyncio.sleep(self._listen)
        self._note_right("system", "no FullyBooted came", known=True)
        self._note_right("dialplan", "the CRM's variables do not arrive", known=probed)
        for right in ("call", "agent"):
            self._note_right(right, "", known=False)
        self._note_filter(probed)
        self._note_timestamps()

    def _note_right(self, right: str, loss: str, *, known: bool) -> None:
        if right in self._heard.rights:
            self._add("ok", f"read {right}", "its events arrive")
        elif known:
            mend = f"Add {right} to `read` of [{self._address.user}]; see its event filter."
            self._add("FAIL", f"read {right}", loss, mend)
        else:
            words = "not seen: nothing of this kind happened during the check"
            self._add("warn", f"read {right}", words, "Again with --listen 30 and a call.")

    def _note_filter(self, probed: bool) -> None:
        noise = sorted((self._heard.names & NOISE) | (self._heard.variables & {OTHERS}))
        if noise:
            words = f"not active: {', '.join(noise)} came through"
            mend = "Take the eventfilter lines of `callcenter pbx render`: half is noise."
            self._add("warn", "event filter", words, mend)
        elif probed and "dialplan" in self._heard.rights:
            self._add("ok", "event filter", "lets through what is ours and nothing else")

    def _note_timestamps(self) -> None:
        if self._heard.timestamps:
            self._add("ok", "timestampevents", "events carry their time")
        elif self._heard.rights - {"system"}:  # FullyBooted never carries one
            mend = "Set timestampevents = yes in manager.conf [general]."
            self._add("FAIL", "timestampevents", "events carry no time", mend)

    async def _check_dialplan(self, manager: GuardedManager) -> None:
        items = await self._ask(manager, "ShowDialPlan", timeout=30.0)
        if not items:
            return
        facts = tr.dialplan_facts(items)
        for context in CONTEXTS:
            if context in facts.contexts:
                self._add("ok", f"context {context}", "exists")
            else:
                mend = "Add it from `callcenter pbx render`, or use your own."
                self._add("warn", f"context {context}", "does not exist", mend)
        if facts.agi_steps:
            self._add("ok", "routing step", f"AGI({facts.agi_steps[0]})")
            await self._check_name(manager, facts.agi_steps)
        else:
            mend = "Add the context crm-decide and a Gosub to it (docs/dialplan-variables.md)."
            self._add("FAIL", "routing step", "no step of the dialplan asks the CRM", mend)

    async def _check_name(self, manager: GuardedManager, steps: Sequence[str]) -> None:
        """Decisions are kept under the name that the dialplan tells, calls under AMI_URL's."""
        name = self._address.name
        asked = {tr.pbx_told(await self._expanded(manager, step)) for step in steps} - {None}
        if asked <= {name, "" if self._alone else name}:
            return
        told = ", ".join(sorted(repr(one) for one in asked if one)) or "nothing"
        words = f"says pbx={told}, but AMI_URL calls it {name!r}: decisions do not join its calls"
        mend = f"Ask with ?pbx={name} (callcenter pbx render --crm-name), or name it so in AMI_URL."
        self._add("FAIL", "routing step's pbx", words, mend)

    async def _expanded(self, manager: GuardedManager, step: str) -> str:
        """`${CRM_AGI}` as the PBX has it; other steps as they are."""
        variable = tr.sole_variable(step)
        if not variable:
            return step
        answer = await self._ask(manager, "Getvar", {"Variable": variable})
        return str(answer[0].get("Value", "")) if answer else ""

    async def _check_queues(self, manager: GuardedManager) -> None:
        items = await self._ask(manager, "QueueStatus")
        queues = tr.queues_and_members(items)
        for name in self._queues:
            if name not in queues:
                words = "does not exist: callers routed there go to the default queue"
                self._add("warn", f"queue {name}", words, f"Add [{name}] to queues.conf.")
        for name, members in sorted(queues.items()):
            if members:
                self._add("ok", f"queue {name}", f"members {', '.join(sorted(members))}")
            else:
                mend = "Add `member =>` lines, or let operators log in to it."
                self._add("warn", f"queue {name}", "has no member: nobody will answer", mend)

    async def _ask(
        self,
        manager: GuardedManager,
        action: str,
        headers: dict[str, Any] | None = None,
        timeout: float = TIMEOUT,
    ) -> Sequence[Any]:
        """[] when refused: `_check_rights` has said so, or it is said here."""
        try:
            return [dict(m.items()) for m in await manager.ask(action, headers, timeout)]
        except ActionFailedError as error:
            said = any(f.what == action for f in self.findings)
            if action not in NEEDED and not said:
                self._add("warn", action, f"refused ({error.message})", "Compare with `write`.")
            return []
