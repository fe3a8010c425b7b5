"""Keeps views of reports, schedules, and which report went to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, insert, literal_column, select, update

from callcenter.ports.report_views import DueMail
from callcenter.reporting.schedule import Schedule
from callcenter.store.repositories import bulk
from callcenter.store.tables import report_mails, report_schedules, report_views
from callcenter.store.text import clip, clipped, text_limits

_LIMITS: Final = text_limits(report_schedules)
_ACTIVE: Final[ColumnElement[bool]] = literal_column("report_schedules.active")
_OPEN: Final = literal_column("report_mails.state").in_(
    [literal_column("'waiting'"), literal_column("'sending'")]
)
_AT_ONCE: Final = 20


class ReportViewRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_view(self, values: dict[str, Any], at: datetime) -> int:
        row = {**values, "created_at": at, "updated_at": at}
        return self._made(insert(report_views).values(row).returning(report_views.c.id))

    def view_of(self, view_id: int) -> tuple[int, str] | None:
        table = report_views.c
        row = self._connection.execute(
            select(table.owner_id, table.title).where(table.id == view_id)
        ).first()
        return (row.owner_id, row.title) if row is not None else None

    def drop_view(self, view_id: int) -> None:
        self._connection.execute(delete(report_views).where(report_views.c.id == view_id))

    def schedule(self, schedule_id: int) -> Schedule | None:
        query = select(report_schedules).where(report_schedules.c.id == schedule_id)
        row = self._connection.execute(query).first()
        return Schedule.of(dict(row._mapping)) if row is not None else None

    def add_schedule(self, schedule: Schedule, at: datetime) -> int:
        row = clipped(asdict(schedule), _LIMITS) | {"recipients": list(schedule.recipients)}
        row |= {"created_at": at, "updated_at": at}
        row.pop("id")
        return self._made(insert(report_schedules).values(row).returning(report_schedules.c.id))

    def set_schedule(self, schedule_id: int, values: dict[str, Any], at: datetime) -> None:
        told = clipped(values | {"updated_at": at}, _LIMITS)
        if "recipients" in told:
            told["recipients"] = list(told["recipients"])
        table = report_schedules
        self._connection.execute(update(table).where(table.c.id == schedule_id).values(told))

    def drop_schedule(self, schedule_id: int) -> None:
        for table, column in (
            (report_mails, report_mails.c.schedule_id),
            (report_schedules, report_schedules.c.id),
        ):
            self._connection.execute(delete(table).where(column == schedule_id))

    def next_due(self, now: datetime) -> Schedule | None:
        query = (
            select(report_schedules)
            .where(_ACTIVE, report_schedules.c.next_at <= now)
            .order_by(report_schedules.c.next_at, report_schedules.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._connection.execute(query).one_or_none()
        return Schedule.of(dict(row._mapping)) if row is not None else None

    def add_mails(
        self, schedule: Schedule, days: tuple[date, date], recipients: Sequence[str], at: datetime
    ) -> int:
        table = report_mails.c
        first, last = days
        known = set(
            self._connection.scalars(
                select(table.recipient).where(
                    table.schedule_id == schedule.id, table.period_from == first
                )
            )
        )
        rows = [
            {
                "schedule_id": schedule.id,
                "period_from": first,
                "period_to": last,
                "recipient": one,
                "state": "waiting",
                "next_try_at": at,
                "created_at": at,
            }
            for one in dict.fromkeys(recipients)
            if one not in known
        ]
        bulk.insert_missing(self._connection, report_mails, rows)
        return len(rows)

    def take_mail(self, now: datetime, until: datetime) -> DueMail | None:
        table = report_mails.c
        query = (
            select(report_mails)
            .where(_OPEN, table.state == "waiting", table.next_try_at <= now)
            .order_by(table.next_try_at, table.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._connection.execute(query).first()
        if row is None:
            return None
        self.end_mail(row.id, {"attempts": row.attempts + 1, "next_try_at": until})
        return _mail(row._mapping, row.attempts + 1)

    def hand_over(self, mail: DueMail, until: datetime) -> bool:
        table = report_mails.c
        ours = (table.id == mail.id) & (table.attempts == mail.attempts)
        marked = update(report_mails).where(ours, table.state == "waiting")
        told = {"state": "sending", "next_try_at": until}
        return self._connection.execute(marked.values(told)).rowcount > 0

    def end_mail(self, mail_id: int, values: dict[str, Any], *, attempt: int | None = None) -> bool:
        told = {**values, "problem": clip(values.get("problem", ""), 500)}
        change = update(report_mails).where(report_mails.c.id == mail_id).values(told)
        if attempt is not None:
            change = change.where(report_mails.c.attempts == attempt)
        return self._connection.execute(change).rowcount > 0

    def give_up_unsure(self, now: datetime) -> Sequence[DueMail]:
        table = report_mails.c
        query = (
            select(report_mails)
            .where(_OPEN, table.state == "sending", table.next_try_at <= now)
            .order_by(table.next_try_at, table.id)
            .limit(_AT_ONCE)
        )
        found = [_mail(row._mapping, row.attempts) for row in self._connection.execute(query)]
        for one in found:
            self.end_mail(one.id, {"state": "unsure", "next_try_at": None})
        return found

    def again(self, schedule_id: int, at: datetime) -> int:
        table = report_mails.c
        changed = self._connection.execute(
            update(report_mails)
            .where(table.schedule_id == schedule_id, table.state.in_(["failed", "unsure"]))
            .values(state="waiting", attempts=0, next_try_at=at, problem="")
        )
        return changed.rowcount

    def _made(self, statement: Any) -> int:
        made = self._connection.scalar(statement)
        assert made is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(made)


def _mail(row: Any, attempts: int) -> DueMail:
    names = ("id", "schedule_id", "period_from", "period_to", "recipient")
    return DueMail(**{name: row[name] for name in names}, attempts=attempts)
