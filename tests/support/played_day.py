"""A day of recorded calls, played into the product as a PBX would tell them: manager events with
the times of that day through the translator, the tracker and the writer, while operators choose
their states. No time passes but the store's own clock."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from ami.client.wire import parse_headers
from ami.simulator.instance import Cast, Instance, Mint
from ami.simulator.library import FOLDER, load_once
from ami.translate import translate
from callcenter.calls.tracker import Tracker
from callcenter.customers.phone import NumberPlan
from callcenter.queries import members
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.services.presence import refresh
from tests.support.store import Store

PBX: Final = "pbx1"
_TOGETHER: Final = 0.02
"""Recorded seconds. What a PBX says in one breath is written in one transaction."""
Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Play:
    """A recording that begins at `at` and lasts `slower` times as long as it was recorded; `by`:
    extensions of those whose phones take part, in the order in which they were recorded."""

    at: datetime
    recording: str
    slower: float
    callers: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


class PlayedDay:
    """`play_until` goes on from where it stood. Acts of people happen before calls of the same
    moment."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._tracker = Tracker(pbx=PBX, deferred=True)
        self._memory = CallMemory()
        self._mint = Mint(PBX)
        self._order = count()
        self._steps: list[tuple[datetime, int, Act]] = []

    def act(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._steps, (at, next(self._order), act))

    def play(self, plays: Iterable[Play]) -> None:
        for play in plays:
            for at, messages in self._breaths(play):
                self.act(at, lambda messages=messages: self._tell(messages))  # type: ignore[misc]

    def moments(self) -> list[datetime]:
        """When something is still to happen."""
        return sorted({at for at, _, _ in self._steps})

    def play_until(self, moment: datetime) -> None:
        while self._steps and self._steps[0][0] <= moment:
            at, _, act = heapq.heappop(self._steps)
            self._pass_time(at)
            self.store.clock.at = at
            act()
        self._pass_time(moment)
        self.store.clock.at = moment

    def _breaths(self, play: Play) -> Iterable[tuple[datetime, list[bytes]]]:
        recording = load_once(FOLDER / play.recording)
        cast = Cast(
            outsiders=tuple((number, "") for number in play.callers),
            operators=tuple((extension, f"Operator {extension}") for extension in play.by),
        )
        start = play.at.timestamp()
        instance = Instance(recording, self._mint, start, 1 / play.slower, cast)
        breath: list[bytes] = []
        began = 0.0
        for offset, message in instance.messages():
            if breath and offset - began > _TOGETHER * play.slower:
                yield play.at + timedelta(seconds=began), breath
                breath = []
            began = offset
            breath.append(message)
        yield play.at + timedelta(seconds=began), breath

    def _tell(self, messages: Sequence[bytes]) -> None:
        for raw in messages:
            signal = translate(parse_headers(raw), PBX)
            if signal is not None:
                self._tracker.apply(signal)
        handle_call_events(
            self._tracker.settle(),  # type: ignore[arg-type]
            unit_of_work=self.store.unit_of_work,
            publisher=self.store.publisher,
            clock=self.store.clock,
            plan_for=lambda _: NumberPlan(),
            memory=self._memory,
        )

    def _pass_time(self, until: datetime) -> None:
        """Wrap-ups end by themselves, as the manager door looks after them."""
        while (due := self._wrap_up_end()) is not None and due <= until:
            self.store.clock.at = max(due, self.store.clock.at)
            changed = refresh(
                unit_of_work=self.store.unit_of_work,
                publisher=self.store.publisher,
                clock=self.store.clock,
                calls_too=False,
            )
            if not changed:
                return

    def _wrap_up_end(self) -> datetime | None:
        with self.store.engine.connect() as connection:
            return members.next_wrap_up_end(connection)
