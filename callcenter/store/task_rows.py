"""Reads tasks, and how much of everything waits for whom; repository and queries share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, exists, func, literal_column, select

from callcenter.store import callback_counts, conversation_counts
from callcenter.store.line_rows import heads
from callcenter.store.sets import among
from callcenter.store.tables import callback_requests, missed_calls, tasks
from callcenter.store.team_rows import Person, Teams, teams
from callcenter.tasks.due import counted, zone_of
from callcenter.tasks.task import Task

COLUMNS: Final = tuple(tasks.c[field.name] for field in fields(Task))
OPEN: Final = tasks.c.state == literal_column("'open'")  # as the partial indexes have it
_PROMISED = exists().where(
    callback_requests.c.closed_at.is_(None), callback_requests.c.number == missed_calls.c.number
)
MISSED: Final = missed_calls.c.closed_at.is_(None) & ~_PROMISED
"""Who is to be called back as they asked waits in that list, and in no other."""
_LONGEST_DAY = timedelta(hours=26)


def as_task(row: Row[Any]) -> Task:
    return Task(**{field.name: getattr(row, field.name) for field in fields(Task)})


def counts(
    connection: Connection, user_ids: Iterable[int] | None, now: datetime
) -> dict[int, dict[str, int]]:
    """For any number of people in the same few reads."""
    known = teams(connection)
    ids = sorted(known.people if user_ids is None else {*user_ids} & known.people.keys())
    due = _due(connection, ids, now)
    missed = missed_by_queue(connection)
    unread = heads(connection, [known.people[one] for one in ids])
    written = conversation_counts.counted(connection, known, ids)
    asked = callback_counts.counted(connection, known, ids)
    return {
        one: {
            **_counted(due.get(one, []), known.people[one], now),
            "missed_open": missed_of(known, missed, known.people[one]),
            "unread": sum(head.unread for head in unread.get(one, ())),
            **written[one],
            **asked[one],
        }
        for one in ids
    }


def missed_by_queue(connection: Connection) -> dict[str, int]:
    query = select(missed_calls.c.queue, func.count()).where(MISSED).group_by(missed_calls.c.queue)
    return {row[0]: row[1] for row in connection.execute(query)}


def missed_of(known: Teams, missed: Mapping[str, int], person: Person) -> int:
    """Supervisors see to all of them, others to those of their queues."""
    return sum(
        count
        for queue, count in missed.items()
        if person.leads or person.id in known.of_queue(queue)
    )


def _due(connection: Connection, ids: list[int], now: datetime) -> dict[int, list[datetime]]:
    query = select(tasks.c.assignee_id, tasks.c.due_at).where(
        OPEN, among(connection, tasks.c.assignee_id, ids), tasks.c.due_at < now + _LONGEST_DAY
    )
    found: dict[int, list[datetime]] = {}
    for user_id, due_at in connection.execute(query):
        found.setdefault(user_id, []).append(due_at)
    return found


def _counted(due: list[datetime], person: Person, now: datetime) -> dict[str, int]:
    figures = counted(due, now, zone_of(person.time_zone))
    return {"tasks_due": figures.today, "tasks_overdue": figures.overdue}
