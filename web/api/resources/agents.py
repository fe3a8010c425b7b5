"""/agents: who works, and what they do now."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.accounts.user import AgentStatus, User
from callcenter.queries import users as queries
from web.api.answers import answer
from web.api.context import the_runtime
from web.api.lists import page_of
from web.api.operation import area, operation
from web.api.shapes import people as shapes

api = area("agents", "/agents", "Operators and their states.")


@operation(api, "get", "", shapes.AgentPage)
def list_agents(query: shapes.AgentQuery) -> Response:
    """Everybody with a phone, and their state"""
    with the_runtime().reader() as connection:
        rows = [_agent(user, status) for user, status in queries.agents(connection)]
    wanted = [row for row in rows if query.state in (None, row["state"])]
    return answer(shapes.AgentPage, page_of(wanted, lambda row: int(row["user"].id), query))


def _agent(user: User, status: AgentStatus | None) -> dict[str, Any]:
    return {
        "user": user,
        "extension": user.extension,
        "state": status.state if status else "offline",
        "reason": status.reason if status else "",
        "since": status.since if status else None,
    }
