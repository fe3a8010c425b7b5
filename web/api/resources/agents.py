"""/agents: who works, what they do now, and what they chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response

from callcenter.accounts.user import User
from callcenter.agents.status import AgentStatus
from callcenter.queries import queues as queue_queries
from callcenter.queries import users as queries
from callcenter.services import operator_state
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.lists import page_of
from web.api.operation import area, operation
from web.api.problems import ProblemError, not_found
from web.api.shapes import people as shapes

api = area("agents", "/agents", "Operators and their states.")


@operation(api, "get", "", shapes.AgentPage)
def list_agents(query: shapes.AgentQuery) -> Response:
    """Everybody with a phone, and their state"""
    rows = [row for row in _agents() if query.state in (None, row["state"])]
    return answer(shapes.AgentPage, page_of(rows, lambda row: int(row["user"].id), query))


@operation(api, "patch", "/<user_id>", shapes.Agent)
def change_agent(path: shapes.AgentPath, body: shapes.AgentChange) -> Response:
    """Choose somebody's state

    Operators choose their own, supervisors and administrators anybody's; what others choose ends a
    wrap-up too, and is kept in the audit.
    """
    caller, runtime = the_caller(), the_runtime()
    if path.user_id != caller.user_id and not caller.leads:
        raise ProblemError(403, "forbidden", "Operators may change their own state only.")
    _find(path.user_id)
    operator_state.set_state(
        path.user_id,
        body.state,
        body.reason,
        by=caller.user_id,
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
    )
    return answer(shapes.Agent, _find(path.user_id))


def _find(user_id: int) -> dict[str, Any]:
    row = next((row for row in _agents() if row["user"].id == user_id), None)
    if row is None:
        raise not_found(f"agent {user_id}")
    return row


def _agents() -> Sequence[dict[str, Any]]:
    runtime = the_runtime()
    now = runtime.clock.now()
    with runtime.reader() as connection:
        people = queries.agents(connection, now)
        views = queue_queries.now(connection, now)
    return [_agent(user, status, views) for user, status in people]


def _agent(
    user: User, status: AgentStatus | None, views: Sequence[queue_queries.QueueView]
) -> dict[str, Any]:
    return {
        "user": user,
        "extension": user.extension,
        "state": status.state if status else "offline",
        "reason": status.reason if status else "",
        "since": status.since if status else None,
        "chosen": status.chosen if status else "offline",
        "device": status.device if status else "desk",
        "queues": [v.settings.name for v in views if v.people is not None and v.is_of(user.id)],
    }
