"""How a view reaches the built product: the runtime of this application, a read connection.

Owns nothing; every other module of the door asks here instead of keeping globals.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_login import current_user
from sqlalchemy import Connection

from callcenter.runtime import Runtime
from web.session import SessionUser

EXTENSION = "callcenter"


def attach(app: Flask, runtime: Runtime) -> None:
    app.extensions[EXTENSION] = runtime


def runtime() -> Runtime:
    """The runtime this request's application was made with."""
    return cast("Runtime", current_app.extensions[EXTENSION])


@contextmanager
def reading() -> Iterator[Connection]:
    with runtime().reader() as connection:
        yield connection


def me() -> SessionUser:
    """The signed-in user; only inside views that `web.access.allow` guards."""
    return cast("SessionUser", current_user)


def today() -> date:
    """The user's day: an invoice is overdue by the calendar on their wall, not by UTC's."""
    zone = current_user.zone if current_user.is_authenticated else ZoneInfo("UTC")
    return runtime().clock.now().astimezone(zone).date()
