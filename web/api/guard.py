"""Stands before every operation: who calls, may they, how often, and is the request readable.

Bearer tokens only. No cookie opens the API, so no foreign page can write through a browser that
happens to be signed in.
"""

from __future__ import annotations

from flask import current_app, request
from flask_openapi3.blueprint import APIBlueprint

from web import doors, joined_cards
from web.api import limits, selection
from web.api.authentication import authenticate
from web.api.context import Caller, set_caller, the_caller, the_runtime, the_viewer
from web.api.operation import Rule
from web.api.problems import ProblemError, not_found
from web.api.reading import check_body, check_query

_OPEN = "api_v1.openapi_json"


def check() -> None:
    if request.endpoint == _OPEN or request.method == "OPTIONS":
        return
    set_caller(authenticate(request.headers.get("Authorization", "")))
    limits.count_call()
    rule = _rule()
    if rule is None:
        return  # no operation: the 404 or 405 that follows needs no role
    _check_rights(the_caller(), rule)
    _follow_joined()
    _check_record(request.endpoint or "")
    if request.method == "GET":
        selection.take()
    check_query(rule)
    check_body(rule)


def _rule() -> Rule | None:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "api_rule", None)


def _check_rights(caller: Caller, rule: Rule) -> None:
    if caller.role not in rule.roles:
        needed = " or ".join(rule.roles)
        raise ProblemError(
            403, "forbidden", f"This needs the role {needed}; this token's user is {caller.role}."
        )
    if not {rule.scope, f"{rule.area}:{rule.scope}"} & caller.scopes:
        raise ProblemError(
            403,
            "forbidden",
            f"This token lacks the scope {rule.scope} (or {rule.area}:{rule.scope}).",
        )


def _follow_joined() -> None:
    """The id of a card that was joined with another stands for the one that stayed."""
    named = request.view_args
    if named and "customer_id" in named:
        with the_runtime().reader() as connection:
            joined_cards.follow_in(connection, named)


def _check_record(endpoint: str) -> None:
    named = request.view_args or {}
    answer = doors.answer_to(the_runtime().reader, the_viewer(), endpoint, named)
    if answer == "missing":
        raise not_found(" ".join(f"{key.removesuffix('_id')} {id_}" for key, id_ in named.items()))
    if answer == "forbidden":
        raise ProblemError(403, "forbidden", "The role of this token's user does not allow this.")


def init(api: APIBlueprint) -> None:
    api.before_request(check)
