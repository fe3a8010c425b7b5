"""What an endpoint may reach: the runtime it was registered with, who is calling, the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Flask, current_app, g

from callcenter.queries import rights as rights_queries
from callcenter.rights.viewer import Viewer
from callcenter.runtime import Runtime

_EXTENSION = "callcenter.api"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who the bearer token stands for. Role and phone are the user's own, read at each request."""

    token_id: int
    user_id: int
    role: str
    endpoint: str
    scopes: frozenset[str]
    role_code: str = ""

    @property
    def leads(self) -> bool:
        return self.role in ("supervisor", "admin")


def attach(app: Flask, runtime: Runtime) -> None:
    app.extensions[_EXTENSION] = runtime


def the_runtime() -> Runtime:
    return cast("Runtime", current_app.extensions[_EXTENSION])


def the_caller() -> Caller:
    return cast("Caller", g.api_caller)


def set_caller(caller: Caller) -> None:
    g.api_caller = caller


def the_viewer() -> Viewer:
    """With whose rights this request is answered."""
    kept = cast("Viewer | None", g.get("api_viewer"))
    if kept is None:
        caller = the_caller()
        with the_runtime().reader() as connection:  # a built-in role reads nothing
            kept = rights_queries.viewer(connection, caller.user_id, caller.role, caller.role_code)
        g.api_viewer = kept
    return kept


def today() -> date:
    """A program has no wall calendar: debts are overdue by UTC's day."""
    return the_runtime().clock.now().date()
