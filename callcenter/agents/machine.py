"""The state machine: what an operator is, from what they chose, their calls and the time. Pure.

A conversation outranks ringing, ringing outranks wrap-up, wrap-up outranks the choice. Nothing here
remembers a call: whoever has no live leg cannot be talking, whatever came before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from callcenter.agents.status import (
    CONVERSING,
    AgentStatus,
    Chosen,
    EndedPart,
    LegState,
    LiveLeg,
    State,
    WrapUp,
)

TOO_LATE: Final = timedelta(minutes=2)
"""Of a call that we hear of only now (from the ledger) nobody gets wrap-up: they went on."""
_RANK: Final[dict[LegState, int]] = {"talking": 0, "hold": 1, "ringing": 2}


def settled(
    status: AgentStatus, legs: Sequence[LiveLeg], now: datetime, at: datetime | None = None
) -> AgentStatus:
    """The status as it is now. `at`: when what ended last ended, where that is known.

    The same state again keeps its time.
    """
    if status.wrap_up is not None and status.wrap_up.over(now):
        at = at or status.wrap_up.until
        status = replace(status, wrap_up=None)
    leg = min(legs, key=lambda one: _order(one, status.call_id), default=None)
    state, reason, call_id = _effective(status, leg)
    if (state, reason, call_id) == (status.state, status.reason, status.call_id):
        return status
    since = _began(status, leg, at or now)
    since = max(status.since, min(since, now))
    return replace(status, state=state, reason=reason, call_id=call_id, since=since)


def as_of(status: AgentStatus, now: datetime) -> AgentStatus:
    """A status that was stored a while ago, read now: a wrap-up may be over meanwhile."""
    if status.wrap_up is None or not status.wrap_up.over(now):
        return status
    if status.state != "wrap_up":
        return replace(status, wrap_up=None)
    return settled(status, (), now)


def follow(
    status: AgentStatus, legs: Sequence[LiveLeg], ended: Sequence[EndedPart], now: datetime
) -> list[AgentStatus]:
    """The states that follow, in order, after calls were told of; empty when nothing changed.

    `legs` are all of the operator's live legs, `ended` conversations of theirs that are over. Told
    again, they change nothing.
    """
    before, steps = status, list[AgentStatus]()
    at: datetime | None = None
    for part in sorted(ended, key=lambda one: (one.ended_at, one.call_id)):
        if not _is_news(status, part):
            continue
        if status.state not in CONVERSING:
            status = _talking(status, part, now)
            steps.append(status)
        status = _with_wrap_up(status, part, now)
        at = part.ended_at
    final = settled(status, legs, now, at)
    return [*steps, final] if steps or final != before else []


def choose(
    status: AgentStatus, chosen: Chosen, reason: str, legs: Sequence[LiveLeg], now: datetime
) -> AgentStatus:
    """A pause or readiness chosen in wrap-up begins after it; whoever leaves has none."""
    wrap_up = None if chosen == "offline" else status.wrap_up
    reason = reason if chosen == "paused" else ""
    status = replace(status, chosen=chosen, chosen_reason=reason, wrap_up=wrap_up)
    return settled(status, legs, now)


def done(status: AgentStatus, legs: Sequence[LiveLeg], now: datetime) -> AgentStatus:
    return settled(replace(status, wrap_up=None), legs, now)


def longer(status: AgentStatus, more: timedelta, now: datetime) -> AgentStatus:
    """More time for a timed wrap-up that goes on; nothing else changes."""
    wrap_up = status.wrap_up
    if wrap_up is None or wrap_up.until is None or wrap_up.over(now):
        return status
    return replace(status, wrap_up=replace(wrap_up, until=wrap_up.until + more))


def _order(leg: LiveLeg, current: str) -> tuple[int, bool, float, str]:
    """A conversation before a hold before a ring; then the call they are on already."""
    since = leg.since.timestamp() if leg.since is not None else 0.0
    return _RANK[leg.state], leg.call_id != current, since, leg.call_id


def _effective(status: AgentStatus, leg: LiveLeg | None) -> tuple[State, str, str]:
    if leg is not None:
        return leg.state, "", leg.call_id
    if status.wrap_up is not None and status.chosen != "offline":
        return "wrap_up", "", status.wrap_up.call_id
    return status.chosen, status.chosen_reason, ""


def _began(status: AgentStatus, leg: LiveLeg | None, at: datetime) -> datetime:
    """When the state that follows began. What began before the present state did, resumed now."""
    since = leg.since if leg is not None else None
    if since is None or since < status.since:
        return at
    return since if leg is not None and _is_fresh(status, leg) else at


def _is_fresh(status: AgentStatus, leg: LiveLeg) -> bool:
    """The leg itself changed just now, not only which of several legs counts."""
    return leg.state == "hold" or status.state not in CONVERSING


def _is_news(status: AgentStatus, part: EndedPart) -> bool:
    if status.call_id == part.call_id and status.state != "wrap_up":
        return True
    return not part.known and part.answered_at >= status.since


def _talking(status: AgentStatus, part: EndedPart, now: datetime) -> AgentStatus:
    """A conversation that began and ended between two looks."""
    since = max(status.since, min(part.answered_at, now))
    return replace(status, state="talking", reason="", call_id=part.call_id, since=since)


def _with_wrap_up(status: AgentStatus, part: EndedPart, now: datetime) -> AgentStatus:
    if part.policy.kind == "none" or status.chosen == "offline" or part.ended_at + TOO_LATE < now:
        return status
    timed = timedelta(seconds=part.policy.seconds)
    until = min(part.ended_at, now) + timed if part.policy.kind == "timed" else None
    return replace(status, wrap_up=WrapUp(call_id=part.call_id, until=until))
