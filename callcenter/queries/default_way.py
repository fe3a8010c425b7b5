"""Calls that went the default way because nothing was decided for them, by cause.

Two sources: the door itself keeps a decision that it could not make; a call that never reached the
door (the CRM was down, hung or unreachable) has no decision at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, exists, func, select

from callcenter.store.tables import calls, interactions, routing_decisions

NOT_ASKED: Final = "not-asked"
_LATEST: Final = 1000
CAUSES: Final = (NOT_ASKED, "deadline", "database-stuck", "busy", "error")


@dataclass(frozen=True, slots=True)
class Cause:
    """`cause` is one of CAUSES, or a newer one."""

    cause: str
    calls: int


def by_cause(connection: Connection, since: datetime) -> Sequence[Cause]:
    """The most frequent first."""
    found = {**_kept(connection, since), NOT_ASKED: _not_asked(connection, since)}
    causes = [Cause(cause, count) for cause, count in found.items() if count]
    return sorted(causes, key=lambda one: (-one.calls, one.cause))


def _kept(connection: Connection, since: datetime) -> dict[str, int]:
    cause = routing_decisions.c.facts["reason"].as_string().label("cause")
    query = (
        select(cause, func.count())
        .where(routing_decisions.c.failed_open, routing_decisions.c.decided_at >= since)
        .group_by(cause)
    )
    return {row[0] or "error": row[1] for row in connection.execute(query)}


def _not_asked(connection: Connection, since: datetime) -> int:
    """Calls that are over and came over a trunk of a PBX whose dialplan asks: it did so before."""
    decisions = routing_decisions.alias("theirs")
    # A call is named by its PBX and its oldest channel: the caller's own.
    uniqueid = func.substr(calls.c.id, func.length(calls.c.pbx) + 2)
    asked = exists().where(decisions.c.uniqueid == uniqueid, decisions.c.pbx == calls.c.pbx)
    latest = select(routing_decisions.c.pbx).order_by(routing_decisions.c.id.desc())
    asks = select(latest.limit(_LATEST).subquery().c.pbx)
    query = (
        select(func.count())
        .select_from(interactions.join(calls, calls.c.id == interactions.c.call_id))
        .where(
            interactions.c.channel == "call",
            interactions.c.direction == "inbound",
            interactions.c.ended_at.is_not(None),
            interactions.c.started_at >= since,
            calls.c.trunk != "",
            calls.c.pbx.in_(asks),
            ~asked,
        )
    )
    return connection.execute(query).scalar_one()
