"""Carries out wishes of the product (PbxCommand): each once, in time, and says how it went.

What concerns queue members goes to the listener's link of every PBX that is meant; one that does
not know the device says so, and that is fine while another does. What concerns calls goes to the
hand (`ami.hand`).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog

from ami import metrics
from ami.client.link import AmiLink
from ami.client.outcome import ActionFailedError, AmiError
from ami.hand import Hand
from ami.member_actions import MEMBER_ACTIONS
from ami.outcomes import DONE, Outcome, failed
from callcenter.ports import Clock, PbxCommand, Publisher
from callcenter.realtime.messages import Audience, Message

log = structlog.get_logger(__name__)

VALID = timedelta(seconds=5)
"""Longer ago than that, whoever wished it has given up: nobody wants their phone to ring then."""
_REMEMBERED = 1_000


class CommandDesk:
    """For one event loop. `links` and `hands` may grow until the first command comes.

    `on_failure` hears, on the loop's thread, what the PBX did not carry out.
    """

    def __init__(
        self,
        publisher: Publisher,
        clock: Clock,
        on_failure: Callable[[PbxCommand, Outcome], None] = lambda _command, _outcome: None,
    ) -> None:
        self.links: list[AmiLink] = []
        self.hands: list[Hand] = []
        self._publisher = publisher
        self._clock = clock
        self._on_failure = on_failure
        self._done: OrderedDict[str, Outcome | None] = OrderedDict()
        self._dialling: set[int] = set()

    async def carry_out(self, command: PbxCommand) -> None:
        """Never raises: the outcome is told, counted, and logged unless it is plain success.

        A PBX that no link of ours leads to is another process's: that one answers.
        """
        if self._is_elsewhere(command.pbx) or self._is_repeated(command):
            return
        try:
            outcome = await self._outcome(command)
        except Exception as error:
            log.exception("ami.command_died", action=command.action)
            outcome = Outcome(why="refused", detail=repr(error))
        if command.id:
            self._done[command.id] = outcome
        self._tell(command, outcome)

    def _is_elsewhere(self, pbx: str) -> bool:
        known = {link.address.name for link in self.links} | {hand.pbx for hand in self.hands}
        return bool(pbx and known) and pbx not in known

    def _is_repeated(self, command: PbxCommand) -> bool:
        if not command.id:
            return False
        if command.id in self._done:
            outcome = self._done[command.id]
            if outcome is not None:
                self._tell(command, outcome)
            return True
        self._done[command.id] = None
        while len(self._done) > _REMEMBERED:
            self._done.popitem(last=False)
        return False

    async def _outcome(self, command: PbxCommand) -> Outcome:
        if command.issued_at is not None and self._clock.now() - command.issued_at > VALID:
            return Outcome(why="too_late", detail=f"wished at {command.issued_at.isoformat()}")
        if command.action in MEMBER_ACTIONS:
            return await self._change_member(command)
        if command.action in ("originate", "step_in"):
            return await self._dial(command)
        return await self._with_hand(command)

    # -- calls -------------------------------------------------------------------------------

    async def _dial(self, command: PbxCommand) -> Outcome:
        if command.user_id in self._dialling:
            return Outcome(why="refused", detail="a call of this user is being placed already")
        self._dialling.add(command.user_id)
        try:
            return await self._with_hand(command)
        finally:
            self._dialling.discard(command.user_id)

    async def _with_hand(self, command: PbxCommand) -> Outcome:
        """Of a command that names no PBX, the first that knows the phone decides."""
        outcome = Outcome(why="pbx_away", detail="AMI_ORIGINATE_URL names no such PBX")
        for hand in self.hands:
            if command.pbx in ("", hand.pbx):
                outcome = await hand.do(command, lambda later: self._tell(command, later))
                if outcome.why not in ("unreachable", "pbx_away"):
                    break
        return outcome

    # -- members -----------------------------------------------------------------------------

    async def _change_member(self, command: PbxCommand) -> Outcome:
        action, headers_of = MEMBER_ACTIONS[command.action]
        meant = [link for link in self.links if command.pbx in ("", link.address.name)]
        tries = [_ask(link, action, headers_of(command)) for link in meant]
        outcomes = await asyncio.gather(*tries)
        done = next((outcome for outcome in outcomes if outcome.ok), None)
        if done is not None:
            return done
        why = outcomes[0].why if outcomes else "pbx_away"
        return Outcome(why=why, detail="; ".join(outcome.detail for outcome in outcomes))

    # -- telling -----------------------------------------------------------------------------

    def _tell(self, command: PbxCommand, outcome: Outcome) -> None:
        counted = "done" if outcome.ok else "unsupported" if outcome.why == "unsupported" else ""
        metrics.COMMANDS.labels(command.action, counted or "failed").inc()
        if not outcome.ok:
            self._on_failure(command, outcome)
            level = log.info if outcome.why in _NOBODYS_FAULT else log.error
            level("ami.command_failed", action=command.action, why=outcome.why, said=outcome.detail)
        if command.id and command.user_id:
            self._publisher.publish([result_message(command, outcome)])


_NOBODYS_FAULT = frozenset({"busy", "declined", "no_answer", "gone", "too_late"})


def result_message(command: PbxCommand, outcome: Outcome) -> Message:
    """What the screen of whoever wished it is told. `detail` is English, for the technician."""
    payload: dict[str, Any] = {
        "type": "command",
        "id": command.id,
        "action": command.action,
        "ok": outcome.ok,
        "why": outcome.why,
        "detail": outcome.detail,
    }
    if outcome.place:
        payload["place"] = outcome.place
    return Message(kind="message", audience=Audience(users=(command.user_id,)), payload=payload)


async def _ask(link: AmiLink, action: str, headers: dict[str, str]) -> Outcome:
    try:
        await link.ask(action, headers, timeout=5.0)
    except ActionFailedError as error:
        right = ": give the manager user write=agent" if error.denied else ""
        told = failed(link.address.name, error)
        return Outcome(why=told.why, detail=f"{link.address.name}: {error.message}{right}")
    except AmiError as error:
        return failed(link.address.name, error)
    return DONE
