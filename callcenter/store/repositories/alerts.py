"""Keeps thresholds, how they stand, what came of them, and goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, literal_column, or_, select, update

from callcenter.alerts.machine import CALM, State
from callcenter.alerts.threshold import Alert, Goal, Threshold
from callcenter.alerts.turn import Key
from callcenter.ports.alerts import StaffMail
from callcenter.store import alert_rows
from callcenter.store.repositories import bulk
from callcenter.store.tables import (
    alert_evaluator,
    alert_mails,
    alert_policy,
    alerts,
    goals,
    threshold_states,
    thresholds,
)
from callcenter.store.text import clipped, text_limits

_LIMITS: Final = text_limits(alerts)
_MAIL_LIMITS: Final = text_limits(alert_mails)
_ONLY: Final = 1


class AlertRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- thresholds ---------------------------------------------------------------------------

    def thresholds(self) -> Sequence[Threshold]:
        return alert_rows.every(self._connection)

    def threshold(self, threshold_id: int) -> Threshold | None:
        return alert_rows.one(self._connection, threshold_id)

    def add(self, threshold: Threshold, at: datetime, user_id: int | None) -> int:
        values = alert_rows.columns(threshold) | {"created_at": at, "created_by": user_id}
        made = thresholds.insert().values(values).returning(thresholds.c.id)
        return int(self._connection.execute(made).scalar_one())

    def save(self, threshold: Threshold) -> None:
        self._connection.execute(
            update(thresholds)
            .where(thresholds.c.id == threshold.id)
            .values(alert_rows.columns(threshold))
        )

    def take_over(self, threshold_id: int, user_id: int) -> None:
        mine = update(thresholds).where(thresholds.c.id == threshold_id)
        self._connection.execute(mine.values(created_by=user_id))

    def is_answered(self, threshold: Threshold) -> bool:
        return not alert_rows.resting(self._connection, (threshold,))

    def remove(self, threshold_id: int) -> None:
        states, theirs = threshold_states.c.threshold_id, alerts.c.threshold_id
        self._connection.execute(delete(threshold_states).where(states == threshold_id))
        kept = update(alerts).where(theirs == threshold_id).values(threshold_id=None)
        self._connection.execute(kept)
        self._connection.execute(delete(thresholds).where(thresholds.c.id == threshold_id))

    # --- how they stand -----------------------------------------------------------------------

    def states(self) -> Mapping[Key, State]:
        return alert_rows.states(self._connection)

    def keep_states(self, states: Mapping[Key, State]) -> None:
        if not states:
            return
        row = threshold_states.c
        mine = (row.threshold_id == bindparam("of"), row.subject == bindparam("about"))
        gone = [{"of": threshold_id, "about": subject} for threshold_id, subject in states]
        self._connection.execute(delete(threshold_states).where(*mine), gone)
        kept = [
            {
                "threshold_id": threshold_id,
                "subject": subject,
                "level": state.level,
                "amber_since": state.amber_since,
                "red_since": state.red_since,
            }
            for (threshold_id, subject), state in states.items()
            if state != CALM
        ]
        if kept:
            self._connection.execute(threshold_states.insert(), kept)

    def hold(self, holder: str, now: datetime, until: datetime) -> bool:
        """Who writes the row first has it; a lease whose end lies further ahead than any lease may
        reach is of before the clock was set back, and counts for nothing."""
        row = alert_evaluator.c
        free = or_(
            row.holder == holder,
            row.leased_until.is_(None),
            row.leased_until <= now,
            row.leased_until > until,
        )
        taken = self._connection.execute(
            update(alert_evaluator)
            .where(row.id == _ONLY, free)
            .values(holder=holder, leased_until=until, evaluated_at=now)
        )
        if taken.rowcount:
            return True
        if self._connection.scalar(select(row.id).where(row.id == _ONLY)) is not None:
            return False
        values = {"id": _ONLY, "holder": holder, "leased_until": until, "evaluated_at": now}
        bulk.insert_missing(self._connection, alert_evaluator, [values])
        return self._connection.scalar(select(row.holder).where(row.id == _ONLY)) == holder

    def subject_titles(self, names: Sequence[str], team_ids: Sequence[int]) -> Mapping[str, str]:
        wanted = {*names, *map(str, team_ids)}
        found = alert_rows.subject_titles(self._connection)
        return {name: found.get(name, name) for name in wanted}

    # --- alerts -------------------------------------------------------------------------------

    def open(self) -> Sequence[Alert]:
        return alert_rows.as_alerts(self._connection.execute(alert_rows.open_query()))

    def alert(self, alert_id: int) -> Alert | None:
        query = alert_rows.alerts_query().where(alerts.c.id == alert_id)
        found = alert_rows.as_alerts(self._connection.execute(query))
        return found[0] if found else None

    def begin(self, alert: Alert) -> int:
        told = {name: getattr(alert, name) for name in alert_rows.ALERT if name != "id"}
        made = alerts.insert().values(clipped(told, _LIMITS)).returning(alerts.c.id)
        return int(self._connection.execute(made).scalar_one())

    def change(self, changes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        for alert_id, values in changes:
            mine = update(alerts).where(alerts.c.id == alert_id)
            self._connection.execute(mine.values(clipped(dict(values), _LIMITS)))

    def acknowledge(self, alert_id: int, user_id: int, note: str, at: datetime) -> bool:
        row = alerts.c
        done = self._connection.execute(
            update(alerts)
            .where(row.id == alert_id, row.acknowledged_at.is_(None), row.closed_at.is_(None))
            .values(clipped({"note": note}, _LIMITS))
            .values(acknowledged_by=user_id, acknowledged_at=at)
        )
        return bool(done.rowcount)

    def prune(self, before: datetime, limit: int) -> int:
        row = alerts.c
        old = (
            select(row.id)
            .where(row.opened_at < before, row.closed_at < before)
            .order_by(row.opened_at, row.id)
            .limit(limit)
        )
        ids = self._connection.scalars(old).all()
        for table, column in ((alert_mails, alert_mails.c.alert_id), (alerts, row.id)):
            self._connection.execute(delete(table).where(column.in_(ids)))
        return len(ids)

    # --- mails --------------------------------------------------------------------------------

    def queue_mail(self, alert_id: int, values: Mapping[str, Any]) -> None:
        row = clipped(dict(values), _MAIL_LIMITS) | {"alert_id": alert_id}
        self._connection.execute(alert_mails.insert().values(row))

    def mails_since(self, threshold_id: int, since: datetime) -> int:
        row = alert_mails.c
        query = (
            select(func.count())
            .select_from(alerts.join(alert_mails, row.alert_id == alerts.c.id))
            .where(
                alerts.c.threshold_id == threshold_id,
                alerts.c.opened_at >= since,
                row.created_at >= since,
            )
        )
        return self._connection.execute(query).scalar_one()

    def take_mails(self, now: datetime, until: datetime, limit: int) -> Sequence[StaffMail]:
        row = alert_mails.c
        queued = row.state == literal_column("'queued'")
        due = select(alert_mails).where(queued, row.next_at <= now)
        found = self._connection.execute(due.order_by(row.next_at, row.id).limit(limit)).all()
        taken = []
        for one in found:
            claim = (
                update(alert_mails)
                .where(row.id == one.id, row.attempts == one.attempts, queued)
                .values(attempts=one.attempts + 1, next_at=until)
            )
            if self._connection.execute(claim).rowcount:
                taken.append(
                    StaffMail(
                        id=one.id,
                        message_id=one.message_id,
                        recipients=tuple(one.recipients),
                        subject=one.subject,
                        text=one.text,
                        attempts=one.attempts + 1,
                        created_at=one.created_at,
                    )
                )
        return taken

    def note_mail(self, mail_id: int, values: Mapping[str, Any]) -> None:
        told = clipped(dict(values), _MAIL_LIMITS)
        mine = update(alert_mails).where(alert_mails.c.id == mail_id)
        self._connection.execute(mine.values(told))

    def alert_of_mail(self, mail_id: int) -> Alert | None:
        of = select(alert_mails.c.alert_id).where(alert_mails.c.id == mail_id)
        alert_id = self._connection.scalar(of)
        return self.alert(alert_id) if alert_id is not None else None

    def retry_mail(self, mail_id: int, at: datetime) -> bool:
        again = {"state": "queued", "attempts": 0, "next_at": at, "error": ""}
        mine = (alert_mails.c.id == mail_id, alert_mails.c.state == "failed")
        done = self._connection.execute(update(alert_mails).where(*mine).values(again))
        return bool(done.rowcount)

    # --- goals --------------------------------------------------------------------------------

    def goals(self) -> Sequence[Goal]:
        return alert_rows.all_goals(self._connection)

    def set_goal(self, goal: Goal, at: datetime, user_id: int | None) -> Goal | None:
        before = next(
            (one for one in self.goals() if (one.metric, one.queue) == (goal.metric, goal.queue)),
            None,
        )
        values = {"target": goal.target, "zone": goal.zone}
        if before is not None:
            self._connection.execute(update(goals).where(goals.c.id == before.id).values(values))
            return before
        made = {"metric": goal.metric, "queue": goal.queue, "created_at": at, "created_by": user_id}
        self._connection.execute(goals.insert().values(values | made))
        return None

    def drop_goal(self, goal_id: int) -> Goal | None:
        before = next((one for one in self.goals() if one.id == goal_id), None)
        self._connection.execute(delete(goals).where(goals.c.id == goal_id))
        return before

    def goals_on_desks(self) -> bool:
        return alert_rows.goals_on_desks(self._connection)

    def set_goals_on_desks(self, shown: bool) -> None:
        said = {"goals_on_desks": shown}
        bulk.insert_missing(self._connection, alert_policy, [{"id": _ONLY, **said}])
        self._connection.execute(update(alert_policy).values(said))
