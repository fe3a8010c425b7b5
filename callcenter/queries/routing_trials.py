"""How a draft would have routed calls, as it is shown: how far, in which groups, which calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, literal_column, select

from callcenter.routing.rules import Rule
from callcenter.routing.versions import readable
from callcenter.store.tables import (
    call_channels,
    interactions,
    routing_decisions,
    routing_trial_calls,
    routing_trials,
    users,
)

_MOST_GROUPS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    id: int
    state: str
    created_at: datetime
    since: datetime
    version: int | None
    total: int
    looked: int
    moved: int
    unreadable: int
    ended_at: datetime | None
    asked_by: str


@dataclass(frozen=True, slots=True)
class TrialGroup:
    was: str
    would: str
    calls: int


@dataclass(frozen=True, slots=True)
class TrialCall:
    """`interaction_id` None: the call is not kept any more, or never was one."""

    decision_id: int
    rule_was: str
    rule_would: str
    decided_at: datetime | None
    interaction_id: int | None


def has_work(connection: Connection) -> bool:
    waiting = routing_trials.c.state == literal_column("'waiting'")
    return connection.scalar(select(routing_trials.c.id).where(waiting).limit(1)) is not None


def recent(connection: Connection, limit: int = 20) -> list[TrialView]:
    return [_view(row) for row in connection.execute(_trials().limit(limit)).mappings()]


def get(connection: Connection, trial_id: int) -> TrialView | None:
    query = _trials().where(routing_trials.c.id == trial_id)
    row = connection.execute(query).mappings().first()
    return _view(row) if row is not None else None


def rules_of(
    connection: Connection, trial_id: int
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]] | None:
    """(live, draft), as they were when it was asked."""
    row = connection.execute(
        select(routing_trials.c.live, routing_trials.c.draft).where(routing_trials.c.id == trial_id)
    ).first()
    return (readable(row.live)[0], readable(row.draft)[0]) if row is not None else None


def groups(connection: Connection, trial_id: int) -> list[TrialGroup]:
    row = routing_trial_calls.c
    query = (
        select(row.was, row.would, func.count().label("calls"))
        .where(row.trial_id == trial_id)
        .group_by(row.was, row.would)
        .order_by(func.count().desc(), row.was, row.would)
        .limit(_MOST_GROUPS)
    )
    return [TrialGroup(*one) for one in connection.execute(query)]


def calls(
    connection: Connection, trial_id: int, group: tuple[str, str], *, after: int, limit: int
) -> list[TrialCall]:
    """In the order in which they came; those whose decision was pruned have no time."""
    row, made = routing_trial_calls.c, routing_decisions.c
    query = (
        select(row.decision_id, row.rule_was, row.rule_would, made.decided_at, interactions.c.id)
        .select_from(
            routing_trial_calls.outerjoin(routing_decisions, made.id == row.decision_id)
            .outerjoin(
                call_channels,
                (call_channels.c.pbx == made.pbx) & (call_channels.c.uniqueid == made.uniqueid),
            )
            .outerjoin(interactions, interactions.c.call_id == call_channels.c.call_id)
        )
        .where(
            row.trial_id == trial_id,
            row.was == group[0],
            row.would == group[1],
            row.decision_id > after,
        )
        .order_by(row.decision_id)
        .limit(limit)
    )
    return [TrialCall(*one) for one in connection.execute(query)]


def is_of(connection: Connection, trial_id: int, decision_id: int) -> bool:
    row = routing_trial_calls.c
    query = select(row.decision_id).where(row.trial_id == trial_id, row.decision_id == decision_id)
    return connection.scalar(query) is not None


def _trials() -> Any:
    named = [c for c in routing_trials.c if c.name in TrialView.__slots__ and c.name != "asked_by"]
    return (
        select(*named, func.coalesce(users.c.display_name, "").label("asked_by"))
        .select_from(routing_trials.outerjoin(users, users.c.id == routing_trials.c.asked_by))
        .order_by(routing_trials.c.id.desc())
    )


def _view(row: Any) -> TrialView:
    return TrialView(**row)
