"""What waits for one person, as their screen's snapshot has it: figures, reminders, the line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from callcenter.line.line import help_payload
from callcenter.store import assessment_counts, line_rows, task_rows
from callcenter.store.tables import tasks
from callcenter.store.team_rows import LEADERS, Person, Teams, teams
from callcenter.tasks.task import reminder_payload


@dataclass(frozen=True, slots=True)
class Waiting:
    """`line`: unread heads and calls for help; `reminders`: those that stand on the screen."""

    counts: dict[str, int]
    line: tuple[dict[str, Any], ...]
    reminders: tuple[dict[str, Any], ...]


def of_user(connection: Connection, user_id: int, now: datetime) -> Waiting:
    known = teams(connection)
    person = known.people.get(user_id)
    if person is None:
        return Waiting({}, (), ())
    return Waiting(
        counts={
            **task_rows.counts(connection, [user_id], now)[user_id],
            **assessment_counts.counted(connection, [user_id])[user_id],
        },
        line=_line(connection, person),
        reminders=_reminders(connection, known, person),
    )


def _line(connection: Connection, person: Person) -> tuple[dict[str, Any], ...]:
    heads = line_rows.heads(connection, [person])[person.id]
    asked = [*line_rows.help_of(connection, person.id)]
    if person.role in LEADERS:
        mine = {one.id for one in asked}
        asked += [one for one in line_rows.open_help(connection) if one.id not in mine]
    return (*(head.payload() for head in heads), *map(help_payload, asked))


def _reminders(connection: Connection, known: Teams, person: Person) -> tuple[dict[str, Any], ...]:
    """Of my own tasks, and of those that nobody has: of my queues, or of none where I lead."""
    team = tasks.c.queue.in_(sorted(known.queues_of(person.id)))
    nobodys = or_(team, tasks.c.queue == "") if person.leads else team
    mine = or_(tasks.c.assignee_id == person.id, and_(tasks.c.assignee_id.is_(None), nobodys))
    query = (
        select(*task_rows.COLUMNS)
        .where(task_rows.OPEN, tasks.c.reminded_at.is_not(None), mine)
        .order_by(tasks.c.due_at, tasks.c.id)
    )
    found = [task_rows.as_task(row) for row in connection.execute(query)]
    return tuple(reminder_payload(task) for task in found)
