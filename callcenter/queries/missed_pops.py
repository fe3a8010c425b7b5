"""The calls that rang at one operator and that they did not take: those not yet seen by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from callcenter.queries import interaction_rows
from callcenter.queries.views import InteractionView
from callcenter.store.sets import among
from callcenter.store.tables import agents, call_legs, interactions

_LONGEST_AGO = timedelta(hours=24)
_MOST = 12
_IN_VAIN = ("missed", "cancelled")
"""It rang out, or the caller gave up meanwhile. A call that somebody else took was not missed."""


def unseen(connection: Connection, user_id: int, now: datetime) -> tuple[InteractionView, ...]:
    """The newest first."""
    call_ids = _calls(connection, user_id, _since(connection, user_id, now))
    if not call_ids:
        return ()
    query = interaction_rows.newest_first().where(
        among(connection, interactions.c.call_id, call_ids)
    )
    return interaction_rows.views(connection, query.limit(_MOST), now.date())


def _since(connection: Connection, user_id: int, now: datetime) -> datetime:
    seen: datetime | None = connection.scalar(
        select(agents.c.missed_seen_at).where(agents.c.user_id == user_id)
    )
    return max(seen, now - _LONGEST_AGO) if seen is not None else now - _LONGEST_AGO


def _calls(connection: Connection, user_id: int, since: datetime) -> Sequence[str]:
    """A queue rings a phone again and again: what was taken in the end was not missed."""
    legs = call_legs.c
    query = select(legs.call_id, legs.result, legs.ended_at).where(
        legs.user_id == user_id, legs.role == "callee", legs.ringing_at > since
    )
    rows = connection.execute(query).all()
    taken = {row.call_id for row in rows if row.result == "answered" or row.ended_at is None}
    missed = {row.call_id for row in rows if row.result in _IN_VAIN} - taken
    return sorted(missed)
