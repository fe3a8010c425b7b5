"""Old links and ids of a card that was joined with another lead to the one that stayed."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from callcenter.queries.duplicates import leads_to
from web.access import is_self_guarded
from web.context import reading

_KEY = "customer_id"


def follow() -> ResponseReturnValue | None:
    """A page of the card that went is the same page of the card that stayed."""
    named = dict(request.view_args or {})
    if _KEY not in named or request.method != "GET" or is_self_guarded(request.path):
        return None
    with reading() as connection:
        found = follow_in(connection, named)
    if not found or request.endpoint is None:
        return None
    further: dict[str, Any] = {**request.args.to_dict(), **named}
    return redirect(url_for(request.endpoint, **further))


def follow_in(connection: Connection, named: dict[str, Any]) -> bool:
    """Puts the id of the card that stayed into the arguments of a path; False: nothing to do."""
    text = str(named.get(_KEY, ""))
    if not text.isdecimal() or len(text) > 18:
        return False
    found = leads_to(connection, int(text))
    if found == int(text):
        return False
    named[_KEY] = type(named[_KEY])(found)
    return True


def init_app(app: Flask) -> None:
    app.before_request(follow)
