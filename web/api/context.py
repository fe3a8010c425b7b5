"""What an endpoint may reach: the runtime it was registered with, who is calling, the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Flask, current_app, g

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


def today() -> date:
    """A program has no wall calendar: debts are overdue by UTC's day."""
    return the_runtime().clock.now().date()
