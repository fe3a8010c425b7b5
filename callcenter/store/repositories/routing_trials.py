"""Keeps questions of how a draft would have routed calls, and the calls that would have moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, literal_column, or_, select, update

from callcenter.ports.routing_trials import Moved, Trial
from callcenter.routing.rules import Rule, rules_to_json
from callcenter.routing.versions import readable
from callcenter.store.tables import routing_decisions, routing_trial_calls, routing_trials

_WAITING = routing_trials.c.state == literal_column("'waiting'")


class RoutingTrialRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        draft: Sequence[Rule],
        live: Sequence[Rule],
        version: int | None,
        *,
        since: datetime,
        asked_by: int | None,
        at: datetime,
    ) -> int:
        row = routing_decisions.c
        first, last, total = self._connection.execute(
            select(func.min(row.id), func.max(row.id), func.count()).where(row.decided_at >= since)
        ).one()
        made = self._connection.execute(
            insert(routing_trials)
            .values(
                state="waiting",
                asked_by=asked_by,
                created_at=at,
                since=since,
                draft=rules_to_json(draft),
                live=rules_to_json(live),
                version=version,
                position=(first or 1) - 1,
                until_id=last or 0,
                total=total,
            )
            .returning(routing_trials.c.id)
        )
        return int(made.scalar_one())

    def take(self, at: datetime, until: datetime) -> Trial | None:
        row = routing_trials.c
        free = or_(row.leased_until.is_(None), row.leased_until <= at)
        found = self._connection.execute(
            select(row.id, row.since, row.draft, row.live, row.position, row.until_id)
            .where(_WAITING, free)
            .order_by(row.id)
            .limit(1)
        ).first()
        if found is None:
            return None
        # Another worker may have been first.
        taken = self._connection.execute(
            update(routing_trials)
            .where(row.id == found.id, free, _WAITING)
            .values(leased_until=until)
        )
        if taken.rowcount != 1:
            return None
        return Trial(
            id=found.id,
            since=found.since,
            draft=readable(found.draft)[0],
            live=readable(found.live)[0],
            position=found.position,
            until_id=found.until_id,
        )

    def decisions(self, after: int, until: int, limit: int) -> list[tuple[int, Mapping[str, Any]]]:
        row = routing_decisions.c
        found = self._connection.execute(
            select(row.id, row.facts)
            .where(row.id > after, row.id <= until)
            .order_by(row.id)
            .limit(limit)
        )
        return [(one.id, one.facts) for one in found]

    def keep(
        self,
        trial_id: int,
        position: int,
        moved: Sequence[Moved],
        *,
        looked: int,
        unreadable: int,
        leased_until: datetime,
    ) -> None:
        if moved:
            rows = [{"trial_id": trial_id} | asdict(one) for one in moved]
            self._connection.execute(insert(routing_trial_calls), rows)
        row = routing_trials.c
        self._connection.execute(
            update(routing_trials)
            .where(row.id == trial_id)
            .values(
                position=position,
                looked=row.looked + looked,
                moved=row.moved + len(moved),
                unreadable=row.unreadable + unreadable,
                leased_until=leased_until,
            )
        )

    def end(self, trial_id: int, state: str, at: datetime) -> None:
        self._connection.execute(
            update(routing_trials)
            .where(routing_trials.c.id == trial_id)
            .values(state=state, ended_at=at, leased_until=None)
        )

    def forget(self, keep: int) -> None:
        newest = select(routing_trials.c.id).order_by(routing_trials.c.id.desc())
        border = self._connection.scalar(newest.offset(keep).limit(1))
        if border is None:
            return
        calls = routing_trial_calls
        self._connection.execute(delete(calls).where(calls.c.trial_id <= border))
        self._connection.execute(delete(routing_trials).where(routing_trials.c.id <= border))
