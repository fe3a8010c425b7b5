"""Reads who works in which queue: by skill, and everybody where nobody has it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from callcenter.store import staffing_rows
from callcenter.store.tables import users

LEADERS = ("supervisor", "admin")


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    role: str
    time_zone: str

    @property
    def leads(self) -> bool:
        return self.role in LEADERS


@dataclass(frozen=True, slots=True)
class Teams:
    """`skills`: those that a queue of that name needs; one that is not here needs its own name."""

    people: dict[int, Person]
    skills: dict[str, str]
    holders: dict[str, frozenset[int]]

    def of_queue(self, queue: str) -> frozenset[int]:
        """No queue is everybody's."""
        everybody = frozenset(self.people)
        if not queue:
            return everybody
        able = self.holders.get(self.skills.get(queue) or queue, frozenset()) & everybody
        return able or everybody

    def queues_of(self, user_id: int) -> frozenset[str]:
        known = {*self.skills, *self.holders} - {""}
        return frozenset(queue for queue in known if user_id in self.of_queue(queue))

    @property
    def leaders(self) -> frozenset[int]:
        return frozenset(one.id for one in self.people.values() if one.leads)


def teams(connection: Connection) -> Teams:
    """Of everybody who may log in."""
    rows = connection.execute(
        select(users.c.id, users.c.role, users.c.time_zone).where(users.c.active)
    )
    people = {row.id: Person(*row) for row in rows}
    needed = {name: one.needs for name, one in staffing_rows.queues(connection).items()}
    holders: dict[str, set[int]] = {}
    for user_id, levels in staffing_rows.skills(connection).items():
        for skill in levels:
            holders.setdefault(skill, set()).add(user_id)
    return Teams(people, needed, {skill: frozenset(ids) for skill, ids in holders.items()})
