"""Use case: what somebody who comes into a queue, or waits in it, is told now."""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.agents.staffing import QueueSettings
from callcenter.waiting.announcing import NOTHING_SAID, Announcement, Manner, Waiter, announce
from callcenter.waiting.estimate import Flow, estimate

SHORTEST_BETWEEN = 15
"""Seconds between two announcements, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of a caller and of the queue at this moment."""

    ahead: int
    free: int
    flow: Flow
    credit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`again_in`: seconds until they are told something again; 0: never. `overflow`: the route of
    who waits too long; `most`: how long that is, 0 for as long as the PBX has it."""

    announcement: Announcement = NOTHING_SAID
    again_in: int = 0
    most: int = 0
    overflow: str = ""
    credit: int = 0


def manner_of(queue: QueueSettings) -> Manner:
    return Manner(
        position=queue.announce_position,
        estimate=queue.announce_estimate,
        every=queue.announce_seconds,
        messages=tuple(queue.messages.split()),
        callback=queue.callback_offered,
        callback_after=queue.callback_after_seconds,
        callback_over=queue.callback_over_minutes,
        message_box=queue.message_box,
    )


def quiet(queue: QueueSettings) -> Told:
    """For a queue that says nothing: nothing need be known of it."""
    return Told(most=queue.max_wait_seconds, overflow=queue.overflow)


def tell(
    queue: QueueSettings, situation: Situation, *, round_: int, waited: float, locale: str
) -> Told:
    manner = manner_of(queue)
    waiter = Waiter(
        round=round_,
        ahead=situation.ahead,
        free=situation.free,
        waited=waited,
        again=situation.credit > 0,
        estimate=estimate(situation.ahead, situation.flow) if manner.estimate else None,
    )
    return Told(
        announcement=announce(manner, waiter, locale),
        again_in=max(manner.every, SHORTEST_BETWEEN) if manner.every else 0,
        most=queue.max_wait_seconds,
        overflow=queue.overflow,
        credit=situation.credit,
    )
