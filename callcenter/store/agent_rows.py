"""Reads operators' states as plain values; the repository and queries share it.

A stored wrap-up that is over by now counts as over, whether anybody has written that down or not.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, select

from callcenter.agents.machine import as_of
from callcenter.agents.status import AgentStatus, LegState, LiveLeg, WrapUp
from callcenter.calls.record import CallRecord, Leg
from callcenter.store.call_json import decode
from callcenter.store.sets import among
from callcenter.store.tables import (
    agent_history,
    agents,
    call_legs,
    calls,
    interactions,
    queue_settings,
)

_JOINED: Final = (
    agents.outerjoin(
        agent_history,
        and_(agent_history.c.user_id == agents.c.user_id, agent_history.c.ended_at.is_(None)),
    )
    .outerjoin(interactions, interactions.c.call_id == agents.c.wrap_up_of)
    .outerjoin(queue_settings, queue_settings.c.name == interactions.c.queue)
)
AGENT: Final[Select[Any]] = select(
    agents,
    agent_history.c.call_id,
    interactions.c.id.label("interaction_id"),
    queue_settings.c.outcome_required,
).select_from(_JOINED)


def one(connection: Connection, user_id: int, now: datetime) -> AgentStatus | None:
    row = connection.execute(AGENT.where(agents.c.user_id == user_id)).one_or_none()
    return as_of(as_stored(row), now) if row is not None else None


def all_of(connection: Connection, now: datetime) -> dict[int, AgentStatus]:
    """Everybody who ever logged in."""
    found = (as_stored(row) for row in connection.execute(AGENT))
    return {status.user_id: as_of(status, now) for status in found}


def as_stored(row: Row[Any]) -> AgentStatus:
    wrap_up = None
    if row.wrap_up_of is not None:
        wrap_up = WrapUp(
            call_id=row.wrap_up_of,
            until=row.wrap_up_until,
            interaction_id=row.interaction_id,
            required=bool(row.outcome_required),
        )
    return AgentStatus(
        user_id=row.user_id,
        state=row.state,
        reason=row.reason,
        since=row.since,
        chosen=row.chosen,
        chosen_reason=row.chosen_reason,
        device=row.device,
        wrap_up=wrap_up,
        call_id=row.call_id or "",
    )


def live_legs(connection: Connection, user_ids: Collection[int]) -> dict[int, tuple[LiveLeg, ...]]:
    """Phones of these users that ring or speak now; only users who have any."""
    query = (
        select(calls.c.id, calls.c.record, call_legs.c.user_id, call_legs.c.uniqueid)
        .select_from(calls.join(call_legs, call_legs.c.call_id == calls.c.id))
        .where(
            calls.c.live,
            calls.c.merged_into.is_(None),
            call_legs.c.ended_at.is_(None),
            call_legs.c.role != "spy",
            among(connection, call_legs.c.user_id, sorted(user_ids)),
        )
        .order_by(calls.c.id, call_legs.c.uniqueid)
    )
    found: dict[int, list[LiveLeg]] = {}
    records: dict[str, CallRecord] = {}
    for row in connection.execute(query):
        record = records.get(row.id) or records.setdefault(row.id, decode(row.record))
        leg = next((one for one in record.legs if one.uniqueid == row.uniqueid), None)
        if leg is not None and (live := _live_leg(row.id, leg)) is not None:
            found.setdefault(row.user_id, []).append(live)
    return {user_id: tuple(legs) for user_id, legs in found.items()}


def _live_leg(call_id: str, leg: Leg) -> LiveLeg | None:
    state: LegState
    since: datetime | None
    if leg.held_since is not None:
        state, since = "hold", leg.held_since
    elif leg.answered_at is not None:
        state, since = "talking", leg.answered_at
    else:
        state, since = "ringing", leg.ringing_at
    return LiveLeg(call_id=call_id, state=state, since=since)
