"""What a wallboard reads: the centre as the database has it, and figures that are counted there.

Everything comes from indexes over what is live, open or of today; nothing grows with the years.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from callcenter.agents.staffing import QueueSettings
from callcenter.queries import arrivals, reports
from callcenter.queries import calls as call_queries
from callcenter.queries import pbx as pbx_queries
from callcenter.realtime.payloads import agent_payload
from callcenter.reports.question import TodayFigures
from callcenter.store import agent_rows, staffing_rows
from callcenter.store.tables import callback_requests, team_members, users
from callcenter.wallboard.board import Board
from callcenter.wallboard.counted import Counted
from callcenter.wallboard.setup import BoardPause, BoardQueue, Setup


def board(connection: Connection, now: datetime) -> Board:
    """The same board as one folded from every message until now."""
    live = (one.payload() for one in call_queries.live(connection, now.date()))
    states = agent_rows.all_of(connection, now)
    return Board.of(live, (agent_payload(one) for one in states.values()))


def setup(connection: Connection) -> Setup:
    known = staffing_rows.queues(connection)
    levels = staffing_rows.skills(connection)
    people = _people(connection)
    return Setup(
        queues={name: _queue(one, levels, people.keys()) for name, one in known.items()},
        people=people,
        pauses={
            one.code: BoardPause(
                title=one.title, limit_seconds=one.limit_seconds, productive=one.productive
            )
            for one in staffing_rows.pause_reasons(connection)
        },
        teams=_teams(connection),
    )


def today(
    connection: Connection, now: datetime, zone: str, queues: Collection[str] | None = None
) -> dict[str, Counted]:
    """Queue → what came since midnight in this zone, as the reports count it."""
    found = reports.today(connection, now, zone, queues)
    return {queue: _counted(one) for queue, one in found.items() if queue}


def lately(connection: Connection, now: datetime) -> dict[str, Counted]:
    """Queue → what came within the last half hour, to the second, as the reports count it."""
    found = reports.lately(connection, now)
    return {queue: _counted(one) for queue, one in found.items() if queue}


def callbacks(connection: Connection) -> dict[str, int]:
    """Queue → callers who asked to be called and wait for it."""
    query = (
        select(callback_requests.c.queue, func.count().label("open"))
        .where(callback_requests.c.closed_at.is_(None))
        .group_by(callback_requests.c.queue)
    )
    return {row.queue: row.open for row in connection.execute(query)}


def forecast(connection: Connection, now: datetime) -> dict[str, float]:
    """Queue → contacts expected within the hour to come, where there is enough to tell it from."""
    told = arrivals.next_hours(connection, now, tuple(staffing_rows.queues(connection)))
    return {queue: calls for queue, calls in told.items() if calls is not None}


def links(connection: Connection) -> tuple[dict[str, Any], ...]:
    """Each PBX link, and when its listener last said that it is there."""
    return tuple(
        {
            "pbx": one.pbx,
            "state": one.state,
            "since": one.since.isoformat(),
            "seen_at": one.seen_at.isoformat(),
        }
        for one in pbx_queries.links(connection)
    )


def _counted(found: TodayFigures) -> Counted:
    sums = found.sums
    return Counted(
        offered=found.offered,
        answered=found.answered,
        abandoned=found.abandoned,
        level_in=round(sums.get("level_in", 0)),
        level_of=round(sums.get("level_of", 0)),
        lost=round(sums.get("lost", 0)),
        lost_of=round(sums.get("lost_of", 0)),
        wait_answered=sums.get("wait_answered", 0.0),
    )


def _queue(
    settings: QueueSettings, levels: Mapping[int, Mapping[str, int]], at_desk: Iterable[int]
) -> BoardQueue:
    here = frozenset(at_desk)
    skilled = frozenset(user for user, skills in levels.items() if settings.needs in skills) & here
    return BoardQueue(
        name=settings.name,
        title=settings.shown,
        people=skilled or None,
        sl_seconds=settings.sl_seconds,
        sl_percent=settings.sl_percent,
    )


def _people(connection: Connection) -> dict[int, str]:
    query = select(users.c.id, users.c.display_name).where(users.c.active, users.c.endpoint != "")
    return {row.id: row.display_name for row in connection.execute(query)}


def _teams(connection: Connection) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for row in connection.execute(select(team_members)):
        found.setdefault(row.team_id, set()).add(row.user_id)
    return {team: frozenset(members) for team, members in found.items()}
