"""Rows of thresholds, alerts and goals as the values they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, case, func, select

from callcenter.alerts import reach
from callcenter.alerts.machine import State
from callcenter.alerts.threshold import Alert, Goal, Threshold
from callcenter.alerts.turn import Key
from callcenter.rights.policy import Policy
from callcenter.rights.viewer import Viewer
from callcenter.store import account_rows, rights_rows
from callcenter.store.tables import (
    alert_policy,
    alerts,
    goals,
    queue_settings,
    teams,
    threshold_states,
    thresholds,
    users,
)

_THRESHOLD: Final = tuple(one.name for one in fields(Threshold))
_GOAL: Final = tuple(one.name for one in fields(Goal))
ALERT: Final = tuple(one.name for one in fields(Alert) if one.name in alerts.c)


def every(connection: Connection) -> tuple[Threshold, ...]:
    query = select(thresholds).order_by(thresholds.c.title, thresholds.c.id)
    return tuple(threshold(row) for row in connection.execute(query))


def one(connection: Connection, threshold_id: int) -> Threshold | None:
    query = select(thresholds).where(thresholds.c.id == threshold_id)
    row = connection.execute(query).one_or_none()
    return threshold(row) if row is not None else None


def resting(connection: Connection, rules: Iterable[Threshold]) -> frozenset[int]:
    """Ids of those of which no mail and no webhook goes out, as `reach.answers` says."""
    known = list(rules)
    mine = thresholds.c.id.in_([one.id for one in known])
    rows = connection.execute(select(thresholds.c.id, thresholds.c.created_by).where(mine))
    makers = {row.id: row.created_by for row in rows if row.created_by is not None}
    people = {one: _maker(connection, one) for one in set(makers.values())}
    return frozenset(
        one.id
        for one in known
        if one.id in makers and not reach.answers(*people[makers[one.id]], one)
    )


def _maker(connection: Connection, user_id: int) -> tuple[Policy | None, Viewer | None]:
    """What their role allows, and how far they reach while they may log in."""
    user = account_rows.user(connection, users.c.id == user_id)
    if user is None:
        return None, None
    policy = rights_rows.policy(connection, user.role_code)
    return policy, rights_rows.viewer(connection, user) if user.active else None


def threshold(row: Row[Any]) -> Threshold:
    told = {name: row._mapping[name] for name in _THRESHOLD}
    listed = {"queues": tuple(row.queues), "mails": tuple(row.mails)}
    return Threshold(**told | listed)


def columns(kept: Threshold) -> dict[str, Any]:
    told = {name: getattr(kept, name) for name in _THRESHOLD if name != "id"}
    listed = {"queues": list(kept.queues), "mails": list(kept.mails)}
    return told | listed | {"words": dict(kept.words)}


def states(connection: Connection) -> dict[Key, State]:
    return {
        (row.threshold_id, row.subject): State(row.level, row.amber_since, row.red_since)
        for row in connection.execute(select(threshold_states))
    }


def alerts_query() -> Select[Any]:
    shown = (alerts.c[name] for name in ALERT)
    name = func.coalesce(users.c.display_name, "").label("acknowledged_name")
    return select(*shown, name).select_from(
        alerts.outerjoin(users, users.c.id == alerts.c.acknowledged_by)
    )


def open_query() -> Select[Any]:
    return (
        alerts_query()
        .where(alerts.c.closed_at.is_(None))
        .order_by(case((alerts.c.level == "red", 0), else_=1), alerts.c.opened_at, alerts.c.id)
    )


def as_alerts(rows: Iterable[Row[Any]]) -> tuple[Alert, ...]:
    return tuple(Alert(**row._mapping) for row in rows)


def all_goals(connection: Connection) -> tuple[Goal, ...]:
    query = select(*(goals.c[name] for name in _GOAL)).order_by(goals.c.queue, goals.c.metric)
    return tuple(Goal(**row._mapping) for row in connection.execute(query))


def goals_on_desks(connection: Connection) -> bool:
    """Yes until somebody says otherwise."""
    return connection.scalar(select(alert_policy.c.goals_on_desks)) is not False


def subject_titles(connection: Connection) -> dict[str, str]:
    """Of queues by name, of teams by their number as text."""
    queues = select(queue_settings.c.name, queue_settings.c.title)
    found = {row.name: row.title or row.name for row in connection.execute(queues)}
    found |= {str(row.id): row.name for row in connection.execute(select(teams.c.id, teams.c.name))}
    return found
