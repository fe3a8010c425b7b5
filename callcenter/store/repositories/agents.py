"""Keeps operators' states and their history: one row for each state, at most one of them open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select, update

from callcenter.agents.status import CONVERSING, ON_A_CALL, WORKING, AgentStatus, Device, LiveLeg
from callcenter.store import agent_rows, report_marks
from callcenter.store.repositories import bulk
from callcenter.store.sets import among
from callcenter.store.tables import agent_history, agents, pause_reasons

_CHANGES: Final = (
    "state",
    "reason",
    "since",
    "chosen",
    "chosen_reason",
    "wrap_up_of",
    "wrap_up_until",
    "device",
)


class AgentRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: int, now: datetime) -> AgentStatus | None:
        return agent_rows.one(self._connection, user_id, now)

    def lock(self, user_ids: Collection[int]) -> dict[int, AgentStatus]:
        mine = among(self._connection, agents.c.user_id, sorted(user_ids))
        if self._connection.dialect.name != "sqlite":  # where a writer is alone anyway
            rows = select(agents.c.user_id).where(mine).order_by(agents.c.user_id)
            self._connection.execute(rows.with_for_update()).all()
        found = self._connection.execute(agent_rows.AGENT.where(mine))
        return {row.user_id: agent_rows.as_stored(row) for row in found}

    def begin(self, user_id: int, at: datetime) -> None:
        first = {"user_id": user_id, "state": "offline", "since": at, "chosen": "offline"}
        bulk.insert_missing(self._connection, agents, [first])

    def save(self, steps: Sequence[AgentStatus]) -> None:
        last = {step.user_id: step for step in steps}
        rows = [_row(last[user_id]) for user_id in sorted(last)]
        bulk.upsert(self._connection, agents, rows, keys=["user_id"], changes=_CHANGES)
        self._write_history(steps, last.keys())

    def _write_history(self, steps: Sequence[AgentStatus], users: Iterable[int]) -> None:
        known, since = self._open_rows(users)
        were = dict(known)
        productive = self._productive_pauses(steps)
        closed: dict[int, datetime] = {}
        added: list[dict[str, Any]] = []
        newest: dict[int, dict[str, Any]] = {}
        for step in steps:
            if known.get(step.user_id) == _key(step):
                continue
            if step.user_id in newest:
                newest[step.user_id]["ended_at"] = step.since
            elif step.user_id in known:
                closed[step.user_id] = step.since
            known[step.user_id] = _key(step)
            newest[step.user_id] = _history_row(step, productive)
            added.append(newest[step.user_id])
        self._mark(closed, since, [user for user in closed if were[user][0] == "wrap_up"], added)
        self._close(closed)
        if added:
            self._connection.execute(agent_history.insert(), added)

    def _mark(
        self,
        closed: Mapping[int, datetime],
        since: Mapping[int, datetime],
        wrapped_up: Sequence[int],
        added: Iterable[Mapping[str, Any]],
    ) -> None:
        """Reports count states by half hours, and a wrap-up with its call."""
        spans = [(since[user], at) for user, at in closed.items()]
        spans += [(row["began_at"], row["ended_at"] or row["began_at"]) for row in added]
        report_marks.mark_spans(self._connection, spans)
        if wrapped_up:
            report_marks.mark_wrapped_up(self._connection, wrapped_up)

    def _open_rows(
        self, users: Iterable[int]
    ) -> tuple[dict[int, tuple[str, str, str]], dict[int, datetime]]:
        """What each of them is by their history, and since when."""
        table = agent_history.c
        query = select(
            table.user_id, table.state, table.reason, table.call_id, table.began_at
        ).where(table.ended_at.is_(None), among(self._connection, table.user_id, sorted(users)))
        rows = self._connection.execute(query).all()
        known = {row.user_id: (row.state, row.reason, row.call_id or "") for row in rows}
        return known, {row.user_id: row.began_at for row in rows}

    def _productive_pauses(self, steps: Iterable[AgentStatus]) -> frozenset[str]:
        if not any(step.state == "paused" for step in steps):
            return frozenset()
        query = select(pause_reasons.c.code).where(pause_reasons.c.productive)
        return frozenset(self._connection.scalars(query))

    def _close(self, ends: Mapping[int, datetime]) -> None:
        if ends:
            self._connection.execute(
                update(agent_history)
                .where(
                    agent_history.c.user_id == bindparam("of"), agent_history.c.ended_at.is_(None)
                )
                .values(ended_at=bindparam("at")),
                [{"of": user_id, "at": ends[user_id]} for user_id in sorted(ends)],
            )

    def set_device(self, user_id: int, device: Device) -> None:
        self._connection.execute(
            update(agents).where(agents.c.user_id == user_id).values(device=device)
        )

    def live_legs(self, user_ids: Collection[int]) -> dict[int, tuple[LiveLeg, ...]]:
        return agent_rows.live_legs(self._connection, user_ids)

    def on_calls(self, call_ids: Collection[str]) -> frozenset[int]:
        table = agent_history.c
        query = select(table.user_id).where(
            table.ended_at.is_(None), among(self._connection, table.call_id, sorted(call_ids))
        )
        return frozenset(self._connection.scalars(query))

    def conversations_since(
        self, user_ids: Collection[int], since: datetime
    ) -> frozenset[tuple[int, str]]:
        table = agent_history.c
        query = select(table.user_id, table.call_id).where(
            among(self._connection, table.user_id, sorted(user_ids)),
            table.began_at >= since,
            table.state.in_(CONVERSING),
        )
        return frozenset((row.user_id, row.call_id) for row in self._connection.execute(query))

    def rename_call(self, gone: str, into: str) -> None:
        run, now = self._connection.execute, agent_history.c
        run(update(agents).where(agents.c.wrap_up_of == gone).values(wrap_up_of=into))
        present = (now.ended_at.is_(None)) & (now.call_id == gone)
        run(update(agent_history).where(present).values(call_id=into))

    def doubtful(self, now: datetime, *, on_calls: bool) -> list[int]:
        over = agents.c.wrap_up_until <= now
        busy = agents.c.state.in_(ON_A_CALL)
        query = select(agents.c.user_id).where(or_(over, busy) if on_calls else over)
        return list(self._connection.scalars(query.order_by(agents.c.user_id)))


def _row(status: AgentStatus) -> dict[str, Any]:
    wrap_up = status.wrap_up
    return {
        "user_id": status.user_id,
        "state": status.state,
        "reason": status.reason,
        "since": status.since,
        "chosen": status.chosen,
        "chosen_reason": status.chosen_reason,
        "wrap_up_of": wrap_up.call_id if wrap_up else None,
        "wrap_up_until": wrap_up.until if wrap_up else None,
        "device": status.device,
    }


def _key(status: AgentStatus) -> tuple[str, str, str]:
    return status.state, status.reason, status.call_id


def _history_row(status: AgentStatus, productive_pauses: frozenset[str]) -> dict[str, Any]:
    return {
        "user_id": status.user_id,
        "state": status.state,
        "reason": status.reason,
        "productive": status.state in WORKING or status.reason in productive_pauses,
        "call_id": status.call_id or None,
        "began_at": status.since,
        "ended_at": None,
    }
