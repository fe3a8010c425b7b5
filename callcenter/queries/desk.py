"""What an operator's screen is made from, as of now: state, calls, pops."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection, exists

from callcenter.accounts.user import endpoints_of
from callcenter.queries.calls import live_where
from callcenter.queries.users import by_id
from callcenter.queries.views import DeskSnapshot
from callcenter.realtime.payloads import live_call, screen_pop
from callcenter.store import account_rows, agent_rows
from callcenter.store.tables import call_legs, calls


def snapshot(
    connection: Connection,
    user_id: int,
    today: date | None = None,
    now: datetime | None = None,
) -> DeskSnapshot:
    """The calls in which one of this user's devices took part, and the pops open for them."""
    user = by_id(connection, user_id)
    devices = endpoints_of(user.endpoint) if user is not None else ()
    mine = exists().where(call_legs.c.call_id == calls.c.id, call_legs.c.endpoint.in_(devices))
    found = live_where(connection, mine, today=today) if devices else []
    users = account_rows.endpoint_map(connection)
    pops = [screen_pop(record, devices, users, who) for record, who in found]
    return DeskSnapshot(
        agent=agent_rows.one(connection, user_id, now or datetime.now(UTC)),
        calls=tuple(live_call(record, users, who) for record, who in found),
        pops=tuple(pop for pop in pops if pop.phase != "gone"),
    )
