"""Alerts that are open, and those that were; thresholds, goals and how far they are.

Whoever looks is told what they may see (`alerts.reach`); without anybody, the product itself looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, literal_column, or_, select, true

from callcenter.alerts import reach
from callcenter.alerts.machine import State
from callcenter.alerts.metrics import GOAL_KINDS, is_reached
from callcenter.alerts.threshold import Alert, Goal, Threshold
from callcenter.alerts.told import payload
from callcenter.alerts.turn import Key
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.reports.today import today
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import alert_rows, team_rows
from callcenter.store.tables import alert_evaluator, alert_mails, alerts, thresholds

MOST_ON_A_DESK: Final = 12
_MAILS: Final = 50
_ZONES: Final = select(thresholds.c.id, thresholds.c.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilters:
    """`subject` None: any; a queue's name, a team's number, or '' for the whole centre. From
    `since` until before `until`: when it opened."""

    metric: str = ""
    level: str = ""
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GoalNow:
    """`value` None: nothing to count it from yet today. In the goal's own unit."""

    goal: Goal
    value: float | None

    @property
    def reached(self) -> bool | None:
        if self.value is None:
            return None
        return is_reached(self.goal.metric, self.value, self.goal.target)

    @property
    def share(self) -> float:
        """How far it is, 0 to 1, for a bar."""
        if self.value is None:
            return 0.0
        if GOAL_KINDS[self.goal.metric][1] == "at_least":
            return min(1.0, self.value / self.goal.target)
        return 1.0 if self.value <= 0 else min(1.0, self.goal.target / self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailProblem:
    """A mail of an alert that did not go out; `next_at` None: given up."""

    id: int
    alert_id: int
    recipients: tuple[str, ...]
    subject: str
    error: str
    attempts: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evaluator:
    holder: str = ""
    leased_until: datetime | None = None
    evaluated_at: datetime | None = None


def open(  # noqa: A001 (its name for those who ask)
    connection: Connection, viewer: Viewer = EVERYTHING
) -> tuple[Alert, ...]:
    """Red before amber, then the oldest first."""
    query = alert_rows.open_query().where(_seen_by(viewer))
    return alert_rows.as_alerts(connection.execute(query))


def to_tell(connection: Connection, viewer: Viewer = EVERYTHING) -> list[dict[str, Any]]:
    """Those that a screen of a supervisor shows, for its snapshot."""
    return [payload(one) for one in open(connection, viewer)]


def _seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """As `reach.sees` says it of one."""
    theirs, row = reach.reach(viewer, "read"), alerts.c
    if theirs is None:
        return true()
    return or_(
        and_(row.scope == "queues", row.subject.in_(theirs.queues)),
        and_(row.scope == "team", row.subject.in_(theirs.teams)),
        and_(row.scope == "overall", row.metric.in_(theirs.overall)),
    )


def one(connection: Connection, alert_id: int) -> Alert | None:
    query = alert_rows.alerts_query().where(alerts.c.id == alert_id)
    found = alert_rows.as_alerts(connection.execute(query))
    return found[0] if found else None


def history(
    connection: Connection,
    filters: AlertFilters,
    cursor: str | None,
    limit: int,
    viewer: Viewer = EVERYTHING,
) -> Page[Alert]:
    """Those that are over, the newest first."""
    limit, row = bounded(limit), alerts.c
    query = alert_rows.alerts_query().where(row.closed_at.is_not(None), *_conditions(filters))
    query = query.where(_seen_by(viewer))
    if cursor:
        opened_at, alert_id = decode_cursor(cursor, datetime, int)
        earlier = and_(row.opened_at == opened_at, row.id < alert_id)
        query = query.where(row.opened_at <= opened_at, or_(row.opened_at < opened_at, earlier))
    query = query.order_by(row.opened_at.desc(), row.id.desc()).limit(limit + 1)
    found = alert_rows.as_alerts(connection.execute(query))
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1]
    return Page(found[:limit], encode_cursor(last.opened_at, last.id))


def _conditions(filters: AlertFilters) -> list[ColumnElement[bool]]:
    row = alerts.c
    found: list[ColumnElement[bool]] = []
    if filters.metric:
        found.append(row.metric == filters.metric)
    if filters.level:
        found.append(row.worst_level == filters.level)
    if filters.subject is not None:
        found.append(row.subject == filters.subject)
    if filters.since is not None:
        found.append(row.opened_at >= filters.since)
    if filters.until is not None:
        found.append(row.opened_at < filters.until)
    return found


def all_thresholds(connection: Connection, viewer: Viewer = EVERYTHING) -> tuple[Threshold, ...]:
    """Those that they see, or change."""
    known = alert_rows.every(connection)
    return tuple(
        one for one in known if reach.changes_rule(viewer, one) or reach.sees_rule(viewer, one)
    )


def threshold(connection: Connection, threshold_id: int) -> Threshold | None:
    return alert_rows.one(connection, threshold_id)


def set_by(connection: Connection, threshold_id: int) -> int | None:
    """The user who made it, or chose last who is told; None: the product itself."""
    query = select(thresholds.c.created_by).where(thresholds.c.id == threshold_id)
    return connection.scalar(query)


def resting(connection: Connection, rules: Iterable[Threshold]) -> frozenset[int]:
    """Thresholds of which no mail and no webhook goes out, by their ids: whoever chose that has
    lost the right to it."""
    return alert_rows.resting(connection, (one for one in rules if one.mails or one.webhook))


def zones(connection: Connection) -> Mapping[int, str]:
    """On whose clock each threshold's day is, by its id."""
    return {row.id: row.zone for row in connection.execute(_ZONES)}


def have_thresholds(connection: Connection, viewer: Viewer = EVERYTHING) -> bool:
    """Any whose alerts they would see."""
    known = alert_rows.every(connection)
    return any(reach.sees_any_of(viewer, one) for one in known)


def all_goals(connection: Connection, viewer: Viewer = EVERYTHING) -> tuple[Goal, ...]:
    """Those that they see, or change."""
    known = alert_rows.all_goals(connection)
    return tuple(
        one for one in known if reach.changes_goal(viewer, one) or reach.sees_goal(viewer, one)
    )


def goals_now(connection: Connection, at: datetime, viewer: Viewer = EVERYTHING) -> list[GoalNow]:
    """Each goal with today's figure, by the same definitions as the reports."""
    return _with_figures(connection, all_goals(connection, viewer), at)


def goals_on_desks(connection: Connection) -> bool:
    return alert_rows.goals_on_desks(connection)


def goals_of(connection: Connection, user_id: int, at: datetime) -> list[GoalNow]:
    """What this person's desk shows: goals of the whole centre, then of their queues, a few at
    most; nothing where desks show none."""
    found = all_goals(connection)
    if not found or not goals_on_desks(connection):
        return []
    if any(one.queue for one in found):
        mine = {"", *team_rows.teams(connection).queues_of(user_id)}
        found = tuple(one for one in found if one.queue in mine)
    return _with_figures(connection, found[:MOST_ON_A_DESK], at)


def _with_figures(connection: Connection, found: Sequence[Goal], at: datetime) -> list[GoalNow]:
    figures: Mapping[str, Mapping[str, Any]] = {
        zone: today(connection, at, zone) for zone in {one.zone for one in found}
    }
    return [GoalNow(one, _value(one, figures[one.zone].get(one.queue))) for one in found]


def _value(goal: Goal, figures: Any) -> float | None:
    value: float | None = getattr(figures, goal.metric, None)
    if value is None:
        return None
    return value * 100 if GOAL_KINDS[goal.metric][0] == "percent" else float(value)


def mail_problems(connection: Connection, viewer: Viewer = EVERYTHING) -> list[MailProblem]:
    """Mails that a server refused, those to be tried again and those given up; the newest first."""
    row = alert_mails.c
    names = ("id", "alert_id", "recipients", "subject", "error", "attempts", "next_at")
    query = (
        select(*(row[name] for name in names))
        .join_from(alert_mails, alerts, alerts.c.id == row.alert_id)
        .where(row.error != "", row.state != literal_column("'sent'"), _seen_by(viewer))
        .order_by(row.id.desc())
        .limit(_MAILS)
    )
    return [
        MailProblem(**{**found._mapping, "recipients": tuple(found.recipients)})
        for found in connection.execute(query)
    ]


def mail_is_due(connection: Connection, now: datetime) -> bool:
    row = alert_mails.c
    due = (row.state == literal_column("'queued'"), row.next_at <= now)
    return connection.scalar(select(row.id).where(*due).limit(1)) is not None


def states(connection: Connection) -> Mapping[Key, State]:
    """Of every subject of a threshold with which not all is well."""
    return alert_rows.states(connection)


def evaluator(connection: Connection) -> Evaluator:
    """Which worker evaluates, and when it did so last."""
    row = alert_evaluator.c
    found = connection.execute(
        select(row.holder, row.leased_until, row.evaluated_at).where(row.id == 1)
    ).one_or_none()
    return Evaluator(*found) if found is not None else Evaluator()
