"""Whom a call rings before its queue: one's own operator first, then wider. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from callcenter.routing.actions import Preferred, Ring
from callcenter.routing.facts import CallFacts, Operator
from callcenter.routing.readings import last_operators, owners

MOST_AT_ONCE: Final = 12


@dataclass(frozen=True, slots=True)
class Ringing:
    extensions: tuple[str, ...]
    seconds: int


def rings_of(action: Preferred, facts: CallFacts) -> tuple[Ringing, ...]:
    """The rings that have somebody to ring. One who is busy is not rung: the next ring comes at
    once; but when nobody knows who is ready, the person is tried."""
    rings: list[Ringing] = []
    for ring in action.rings:
        extensions = _extensions(ring, action.queue, facts)
        if extensions and not any(set(extensions) == set(one.extensions) for one in rings):
            rings.append(Ringing(extensions, ring.seconds))
    return tuple(rings)


def _extensions(ring: Ring, queue: str, facts: CallFacts) -> tuple[str, ...]:
    if ring.who == "last":
        return _who_are_ready(last_operators(facts), facts)
    if ring.who == "owner":
        return _who_are_ready(owners(facts), facts)
    if facts.centre is None:
        return ()
    now = facts.centre.queues.get(queue)
    skill = now.skill if now is not None and ring.who == "skill" else ""
    return tuple(
        one.extension
        for one in facts.centre.ready
        if one.extension and (not skill or skill in one.skills)
    )[:MOST_AT_ONCE]


def _who_are_ready(people: Iterable[Operator], facts: CallFacts) -> tuple[str, ...]:
    if facts.centre is None:
        return tuple(one.extension for one in people if one.extension)
    ready = {one.user_id for one in facts.centre.ready}
    return tuple(one.extension for one in people if one.extension and one.user_id in ready)
