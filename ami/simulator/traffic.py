"""Who calls the simulated PBX: the demo's gentle flow, and a steady load for benches.

DemoTraffic(pbx).start()                      # … .stop()
with LoadTraffic(pbx, callers, per_second=5): …
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Protocol, Self

from ami.simulator.pbx import SimulatedPbx, SimulatorError
from ami.simulator.player import Played
from ami.simulator.recording import Recording
from ami.simulator.template import HIDDEN
from ami.simulator.troupe import Person

_FIRST_AFTER = 4.0
_BETWEEN = (8.0, 20.0)
_AT_ONCE = 3
_SPEED = (0.2, 0.35)
"""The lab's scenarios are over in seconds; a visitor should have time to read the card."""
_STRANGERS = 0.12
_HANDED_ON = 0.15
"""So many calls may be ones that somebody transfers, parks or picks up."""
_DECIDED = frozenset({"vip", "debtor", "blocked"})
"""Stories of demo callers for whom the CRM has a route of its own."""
# How often a demo call ends so, among those that can.
_ENDS = {"answered": 16, "abandoned": 3, "missed": 1, "busy": 1, "rejected": 1}


class DemoCaller(Protocol):
    """What the demo company says about someone who may call."""

    @property
    def number(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stranger:
    number: str
    name: str = ""


def known_callers() -> Sequence[DemoCaller]:
    """The demo company's people; nobody, where there is no such company."""
    try:
        callers: Sequence[DemoCaller] = import_module("callcenter.seed.demo").demo_callers()
    except (ImportError, AttributeError):
        return ()
    return callers


class Traffic:
    """Plays calls on a thread of its own, from `start` to `stop`."""

    def __init__(self, pbx: SimulatedPbx) -> None:
        self.pbx = pbx
        self.calls: list[Future[Played]] = []
        self.ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated-traffic", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No new calls; those under way go on until the PBX stops."""
        self.ending.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def flow(self) -> None:
        """Makes the calls. SimulatorError ends it: the PBX was stopped."""
        raise NotImplementedError

    def _run(self) -> None:
        try:
            self.flow()
        except SimulatorError:
            return


class DemoTraffic(Traffic):
    """People who call by themselves, so that a visitor sees life."""

    def __init__(
        self,
        pbx: SimulatedPbx,
        callers: Sequence[DemoCaller] | None = None,
        seed: int | None = None,
    ) -> None:
        super().__init__(pbx)
        self._callers = known_callers() if callers is None else callers
        self._random = random.Random(seed)  # noqa: S311 - who calls next is no secret

    def flow(self) -> None:
        pause = _FIRST_AFTER
        while not self.ending.wait(pause):
            self.calls = [call for call in self.calls if not call.done()]
            if len(self.calls) < _AT_ONCE:
                self._call_in()
            pause = self._random.uniform(*_BETWEEN)

    def next_recording(
        self, free_operators: int, *, hidden: bool = False, decided: bool = False
    ) -> Recording | None:
        """One for which there are enough operators; most calls are answered ones.

        `decided`: the CRM will have a word to say, so one that was recorded with every answer.
        """
        fitting = [
            one
            for one in self.pbx.library
            if one.direction == "inbound"
            and len(one.truth) == 1
            and one.results[0] in _ENDS
            and bool(one.outsiders) != hidden
            and len(one.operators) <= free_operators
        ]
        if self._random.random() >= _HANDED_ON:
            fitting = [one for one in fitting if one.is_plain]
        if decided:
            routes = {one.name: len(self.pbx.library.routes(one)) for one in fitting}
            fitting = [one for one in fitting if routes[one.name] == max(routes.values())]
        if not fitting:
            return None
        ends = [one.results[0] for one in fitting]
        weights = [_ENDS[end] / ends.count(end) for end in ends]
        return self._random.choices(fitting, weights)[0]

    def _call_in(self) -> None:
        who = self._who()
        recording = self.next_recording(
            self.pbx.free_operators(),
            hidden=who.number in HIDDEN,
            decided=getattr(who, "story", "") in _DECIDED,
        )
        if recording is not None:
            speed = self._random.uniform(*_SPEED)
            call = self.pbx.play(recording.name, number=who.number, caller=who.name, speed=speed)
            self.calls.append(call)

    def _who(self) -> DemoCaller:
        if not self._callers or self._random.random() < _STRANGERS:
            return Stranger(f"+4860{self._random.randrange(10**7):07d}")
        return self._random.choice(self._callers)


class LoadTraffic(Traffic):
    """`per_second` calls, evenly spaced, of the recordings named; callers and operators in turn.

    Without `operators`, whoever is free is rung.
    """

    def __init__(
        self,
        pbx: SimulatedPbx,
        callers: Sequence[Person],
        per_second: float,
        recordings: Sequence[str],
        *,
        operators: Sequence[Person] = (),
        speed: float = 1.0,
    ) -> None:
        super().__init__(pbx)
        self._callers, self._operators, self._recordings = callers, operators, recordings
        self._between, self._speed = 1.0 / per_second, speed
        self.late = 0.0
        """By how many seconds the latest call missed its time."""

    def flow(self) -> None:
        began, made = time.monotonic(), 0
        while not self.ending.wait(max(0.0, began + made * self._between - time.monotonic())):
            self.late = max(self.late, time.monotonic() - began - made * self._between)
            self.calls.append(self._call(made))
            made += 1

    def _call(self, turn: int) -> Future[Played]:
        number, name = self._callers[turn % len(self._callers)]
        recording = self._recordings[turn % len(self._recordings)]
        rung = (self._operators[turn % len(self._operators)],) if self._operators else ()
        return self.pbx.play(
            recording, number=number, caller=name, operators=rung, speed=self._speed
        )
