"""Figures of a board at one moment: who waits, and what operators do, by queue and overall. Pure.

Moments are kept as moments, not as seconds gone by: figures change only when something happened,
and screens count the seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from callcenter.agents.machine import as_of
from callcenter.agents.status import AgentStatus
from callcenter.wallboard.board import Board, BoardCall
from callcenter.wallboard.reach import is_of
from callcenter.wallboard.setup import BoardQueue, Setup

ORDER: Final = ("ringing", "talking", "hold", "wrap_up", "ready", "paused", "offline")
"""Operators stand in this order: who is with callers first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """`waiting` the longest first; `states`: operators of the queue by state; `talking`: calls of
    the queue in which somebody speaks."""

    name: str
    title: str
    waiting: tuple[BoardCall, ...] = ()
    states: Mapping[str, int] = field(default_factory=dict)
    talking: int = 0

    @property
    def longest_since(self) -> datetime | None:
        return next((one.since for one in self.waiting if one.since is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`queues` in the order of the set-up; `operators` by state, then the longest in it first.
    `spoken`: operator → the call in which they speak."""

    overall: QueueNow
    queues: tuple[QueueNow, ...]
    operators: tuple[AgentStatus, ...]
    spoken: Mapping[int, str] = field(default_factory=dict)


def figures(
    board: Board,
    setup: Setup,
    now: datetime,
    *,
    queues: Collection[str] = (),
    team: frozenset[int] | None = None,
    within: frozenset[int] | None = None,
) -> Figures:
    """Of these queues (none named: of all) and these people (None: of everybody with a phone).
    `within`: no queue is shown that is of others than these."""
    shown = [one for one in _queues(board, setup, queues) if _is_within(one, within)]
    people = frozenset(setup.people) if team is None else team & setup.people.keys()
    states = {
        user_id: as_of(status, now)
        for user_id, status in board.operators.items()
        if user_id in people
    }
    calls = _by_queue(board.calls.values())
    counted: dict[frozenset[int] | None, Mapping[str, int]] = {}
    rows = []
    for queue in shown:
        if queue.people not in counted:
            counted[queue.people] = _counts(_of(queue.people, states))
        rows.append(_row(queue, calls.get(queue.name, ()), counted[queue.people]))
    everybody = _everybody(shown, states, narrowed=bool(queues))
    return Figures(
        overall=_overall(rows, everybody),
        queues=tuple(rows),
        operators=tuple(sorted(everybody, key=_place)),
        spoken={
            person: call.call_id
            for call in board.calls.values()
            if call.state == "talking"
            for person in call.people
        },
    )


def _queues(board: Board, setup: Setup, names: Collection[str]) -> list[BoardQueue]:
    """Those with settings first; one that has callers and no settings is shown as well."""
    known = [one for one in setup.queues.values() if not names or one.name in names]
    here = {call.queue for call in board.calls.values() if call.queue}
    strange = sorted(name for name in here - setup.queues.keys() if not names or name in names)
    return [*known, *(BoardQueue(name=name, title=name) for name in strange)]


def _is_within(queue: BoardQueue, within: frozenset[int] | None) -> bool:
    return within is None or is_of(queue.people or (), within)


def _by_queue(calls: Iterable[BoardCall]) -> dict[str, list[BoardCall]]:
    found: dict[str, list[BoardCall]] = {}
    for call in calls:
        found.setdefault(call.queue, []).append(call)
    return found


def _of(people: frozenset[int] | None, states: Mapping[int, AgentStatus]) -> Iterable[AgentStatus]:
    return states.values() if people is None else (states[one] for one in people & states.keys())


def _counts(statuses: Iterable[AgentStatus]) -> Mapping[str, int]:
    return Counter(one.state for one in statuses)


def _row(queue: BoardQueue, calls: Collection[BoardCall], states: Mapping[str, int]) -> QueueNow:
    return QueueNow(
        name=queue.name,
        title=queue.title,
        waiting=tuple(sorted((one for one in calls if one.waits), key=_turn)),
        states=states,
        talking=sum(one.state == "talking" for one in calls),
    )


def _everybody(
    shown: Collection[BoardQueue], states: Mapping[int, AgentStatus], *, narrowed: bool
) -> list[AgentStatus]:
    if not narrowed or any(one.people is None for one in shown):
        return list(states.values())
    theirs = frozenset().union(*(one.people or () for one in shown))
    return [status for user_id, status in states.items() if user_id in theirs]


def _overall(rows: Collection[QueueNow], everybody: Collection[AgentStatus]) -> QueueNow:
    waiting = [one for row in rows for one in row.waiting]
    return QueueNow(
        name="",
        title="",
        waiting=tuple(sorted(waiting, key=_turn)),
        states=_counts(everybody),
        talking=sum(row.talking for row in rows),
    )


def _turn(call: BoardCall) -> tuple[float, str]:
    return call.since.timestamp() if call.since is not None else 0.0, call.call_id


def _place(status: AgentStatus) -> tuple[int, float, int]:
    return ORDER.index(status.state), status.since.timestamp(), status.user_id
