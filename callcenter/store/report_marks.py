"""Marks half hours whose sums are out of date. Written in the transaction that changes a fact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, Select, insert, literal, select

from callcenter.reports.periods import HALF, half_of
from callcenter.store.tables import agent_history, queue_visits, report_dirty

Kind = Literal["contacts", "states"]
_LONGEST: Final = timedelta(days=7)


def mark(connection: Connection, kind: Kind, moments: Iterable[datetime]) -> None:
    """The half hours of these moments."""
    halves = sorted({half_of(at) for at in moments})
    if halves:
        rows = [{"half": half, "kind": kind} for half in halves]
        connection.execute(insert(report_dirty), rows)


def mark_spans(connection: Connection, spans: Iterable[tuple[datetime, datetime]]) -> None:
    """Every half hour in which a state lasted; of one that lasted for weeks the last seven days."""
    halves: set[datetime] = set()
    for start, end in spans:
        at = max(half_of(start), half_of(end) - _LONGEST)
        halves.update(at + HALF * n for n in range(max(0, (end - at) // HALF) + 1))
    mark(connection, "states", halves)


def mark_calls(connection: Connection, condition: Any) -> None:
    """The half hours of these visits."""
    _copy(connection, select(queue_visits.c.half, literal("contacts")).where(condition).distinct())


def mark_wrapped_up(connection: Connection, users: Iterable[int]) -> None:
    """Their wrap-up is over now: the visits of its call took longer."""
    query = (
        select(queue_visits.c.half, literal("contacts"))
        .join(agent_history, agent_history.c.call_id == queue_visits.c.call_id)
        .where(
            agent_history.c.state == "wrap_up",
            agent_history.c.ended_at.is_(None),
            agent_history.c.user_id.in_(sorted(users)),
        )
    )
    _copy(connection, query)


def _copy(connection: Connection, query: Select[Any]) -> None:
    connection.execute(insert(report_dirty).from_select(["half", "kind"], query))
