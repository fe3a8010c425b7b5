"""Plays instances in real time: waits, speaks, asks the CRM and follows its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ami.simulator import agi_client
from ami.simulator.instance import Cast, Instance, Mint
from ami.simulator.library import Library
from ami.simulator.recording import Moment, Recording
from ami.simulator.server import ManagerServer
from ami.simulator.troupe import Person, Troupe


@dataclass(frozen=True, slots=True)
class Played:
    """What a run came to: the recording that it ended with, the CRM's last answer, who was rung."""

    recording: str
    answer: Mapping[str, str]
    operators: tuple[Person, ...]


@dataclass
class _Pace:
    """Maps the recording's time to ours. `origin`: our time of the recorded `offset`."""

    speed: float
    origin: float
    offset: float = 0.0

    def due(self, moment: Moment) -> float:
        return self.origin + (moment.offset - self.offset) / self.speed


class Player:
    def __init__(
        self,
        server: ManagerServer,
        library: Library,
        agi: tuple[str, int],
        clock: Callable[[], float],
    ) -> None:
        now = clock()
        # As after a restart of Asterisk: ids go on from here, and never repeat an earlier run's.
        self._mint = Mint(server.desk.plan.system_name, first=int(now % 1 * 1_000_000))
        self._server, self._library, self._agi, self._clock = server, library, agi, clock
        self.troupe = Troupe(server.desk)
        self.playing = 0

    async def play(self, recording: Recording, cast: Cast, speed: float = 1.0) -> Played:
        """Where `cast` names no operators, the troupe chooses them."""
        instance = Instance(recording, self._mint, self._clock(), speed, cast)
        self.playing += 1
        try:
            return await self._play(instance)
        finally:
            self.playing -= 1
            if not cast.operators:
                self.troupe.release(instance.cast.operators)

    async def _play(self, instance: Instance) -> Played:
        pace = _Pace(instance.speed, self._clock())
        answer: Mapping[str, str] = {}
        position = 0
        if instance.recording.asks == 0 and not instance.cast.operators:
            self._take_operators(instance)
        while position < len(instance.recording.moments):
            moment = instance.recording.moments[position]
            await self._wait_until(pace.due(moment))
            self._emit(instance, moment, pace.due(moment))
            position += 1
            if moment.ask is None:
                continue
            answer = await self._ask(instance, moment)
            position = self._follow(instance, answer, position)
            following = instance.recording.moments[position : position + 1]
            pace = _Pace(
                pace.speed, self._clock(), following[0].offset if following else moment.offset
            )
        return Played(instance.recording.name, answer, instance.cast.operators)

    async def _wait_until(self, due: float) -> None:
        delay = due - self._clock()
        if delay > 0:
            await asyncio.sleep(delay)

    def _emit(self, instance: Instance, moment: Moment, at: float) -> None:
        if moment.kept or self._server.wants_all:
            self._server.emit(moment.event, instance.message(moment, at), at, kept=moment.kept)

    async def _ask(self, instance: Instance, moment: Moment) -> Mapping[str, str]:
        assert moment.ask is not None  # noqa: S101 - our one caller looked
        environment = instance.environment(moment.ask, self._clock())
        answer = await agi_client.ask(self._agi, environment)
        now = self._clock()
        for raw in instance.settings(moment, answer, now):
            self._server.emit("VarSet", raw, now, kept=True)
        return answer

    def _follow(self, instance: Instance, answer: Mapping[str, str], position: int) -> int:
        """Go on with the recording in which the CRM said this; where to."""
        begun = instance.recording
        other = self._library.continuing(begun, answer.get("CRM_ROUTE", ""))
        if other is not begun:
            position = instance.continue_as(other)
        if not instance.cast.operators:
            self._take_operators(instance)
        return position

    def _take_operators(self, instance: Instance) -> None:
        operators = self.troupe.take(instance.recording)
        instance.cast = Cast(outsiders=instance.cast.outsiders, operators=operators)
