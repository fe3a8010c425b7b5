"""The hand: places calls and moves those under way, by a manager user of its own on each PBX.

Every action is sent once: what is unanswered when the link breaks is told as failed and never sent
again on the next link.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from ami.client.link import DEFAULT_TIMING, AmiLink, Timing
from ami.client.outcome import AmiError, LinkStatus
from ami.client.wanted import Wanted
from ami.command_values import RefusedError
from ami.ears import Ears, Heard
from ami.outcomes import Outcome, failed
from callcenter.pbx.manager_events import OUTCOME_EVENTS
from callcenter.ports import PbxCommand
from callcenter.settings import PbxAddress

_ACTION = 4.0
"""Seconds an action may take; a screen waits six for its word."""
_SETTLED = 1.5
"""Keys of ours are collected with those before them until `featuredigittimeout` (features.conf: a
second) has gone by on the PBX's clock, which a busy PBX reads late."""
Later = Callable[[Outcome], None]


class Hand:
    """One PBX. `run()` holds the link; `do` carries out one command and says how it ended."""

    def __init__(self, address: PbxAddress, timing: Timing = DEFAULT_TIMING) -> None:
        self.pbx = address.name
        self._ears = Ears()
        self._state: LinkStatus | None = None
        self._settled: dict[str, float] = {}
        wanted = Wanted(OUTCOME_EVENTS)
        self._link = AmiLink(address, wanted, self._ears, self._note, timing=timing)

    async def run(self) -> None:
        await self._link.run()

    def close(self) -> None:
        self._link.close()

    @property
    def up(self) -> bool:
        return self._state is not None and self._state.state == "up"

    async def do(self, command: PbxCommand, later: Later = lambda _outcome: None) -> Outcome:
        """Never raises. `later` hears what goes wrong after the action itself has succeeded."""
        from ami.call_moves import MOVES  # noqa: PLC0415 - they are written with a Hand

        move = MOVES.get(command.action)
        if move is None:
            return Outcome(why="unsupported", detail=f"{self.pbx}: {command.action} is unknown")
        if not self.up:
            return Outcome(why="pbx_away", detail=self._where_it_is())
        try:
            return await move(self, command, later)
        except RefusedError as error:
            return error.outcome
        except AmiError as error:
            return failed(self.pbx, error)

    # -- what the moves are made of ----------------------------------------------------------

    def listening(self) -> AbstractContextManager[Heard]:
        return self._ears.listening()

    async def ask(self, action: str, **headers: str) -> dict[str, str]:
        # "… successfully queued" is the last that is said of these, not the first of a list
        return (await self.send(action, headers, _ACTION, as_list=False))[0]

    async def value(self, channel: str, variable: str) -> str:
        """What a channel's variable or function holds. ActionFailedError: no such channel."""
        return (await self.ask("Getvar", Channel=channel, Variable=variable)).get("Value", "")

    async def peers(self, channel: str) -> str:
        """With whom this channel is bridged, or was as the last one."""
        return await self.value(channel, "BRIDGEPEER")

    async def send(
        self,
        action: str,
        headers: Mapping[str, Any],
        seconds: float,
        *,
        as_list: bool | None = None,
    ) -> list[dict[str, str]]:
        told = await self._link.ask(action, dict(headers), timeout=seconds, as_list=as_list)
        return [{key: str(value) for key, value in message.items()} for message in told]

    async def must_lead_somewhere(self, number: str, context: str) -> None:
        """Asterisk drops the caller of a blind transfer to nowhere (seen on 22.10.1): ask first."""
        answer = await self.ask("Getvar", Variable=f"DIALPLAN_EXISTS({context},{number},1)")
        if answer.get("Value") != "1":
            words = f"{self.pbx}: {number} leads nowhere in [{context}]"
            raise RefusedError(Outcome(why="bad_number", detail=words))

    async def settle(self, channel: str) -> None:
        """Asterisk keys its transfer codes for us; a second one too soon is not understood."""
        left = self._settled.get(channel, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)

    def unsettle(self, channel: str) -> None:
        now = asyncio.get_running_loop().time()
        self._settled = {one: until for one, until in self._settled.items() if until > now}
        self._settled[channel] = now + _SETTLED

    # -- the link ----------------------------------------------------------------------------

    def _where_it_is(self) -> str:
        state = self._state
        words = f"{state.state} {state.detail}".strip() if state else "not begun"
        return f"{self.pbx}: the link of [callcenter-originate] is {words}"

    def _note(self, status: LinkStatus) -> None:
        self._state = status
