"""/routing: the rules that are live, a draft of others, and publishing it."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import Connection

from callcenter.queries import routing_choices
from callcenter.queries import routing_versions as queries
from callcenter.queries.paging import Page, decode_cursor, encode_cursor
from callcenter.routing.checks import MOST_RULES, check_rules
from callcenter.routing.rules import Rule, UnreadableError, rules_from_json, rules_to_json
from callcenter.routing.versions import RulesVersion
from callcenter.services.routing_rules import RulesDesk, Unfit
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.idempotency import idempotent
from web.api.operation import LEADERS, area, operation
from web.api.problems import invalid, not_found
from web.api.shapes import routing as shapes

_LARGEST = MOST_RULES * 1024
"""Bytes of a draft: as many rules as there may be, of a usual length."""

api = area("routing", "/routing", "Rules that say where each call goes.")


@operation(api, "get", "", shapes.RoutingRules, roles=LEADERS)
def get_routing() -> Response:
    """The rules that are live"""
    with the_runtime().reader() as connection:
        rules, number = queries.live_rules(connection)
        return answer(
            shapes.RoutingRules, _told(connection, queries.live(connection), rules, number)
        )


@operation(api, "get", "/draft", shapes.RoutingRules, roles=LEADERS)
def get_routing_draft() -> Response:
    """The draft"""
    return answer(shapes.RoutingRules, _draft())


@operation(api, "put", "/draft", shapes.RoutingRules, roles=LEADERS, json_limit=_LARGEST)
def put_routing_draft(body: shapes.RoutingDraftBody) -> Response:
    """Write the draft

    Callers meet it once it is published. Its errors are in the answer.
    """
    _desk().put_draft(_rules(body), body.stamp)
    return answer(shapes.RoutingRules, _draft())


@operation(api, "delete", "/draft", shapes.RoutingRules, roles=LEADERS)
def discard_routing_draft() -> Response:
    """Discard the draft

    The answer is what it was.
    """
    was = _draft()
    _desk().discard()
    return answer(shapes.RoutingRules, was)


@operation(api, "post", "/draft/publish", shapes.RoutingRules, roles=LEADERS)
@idempotent
def publish_routing_draft(body: shapes.RoutingPublish) -> Response:
    """Make the draft live

    At one stroke; refused while it has errors, or when others were published since it was begun.
    """
    with the_runtime().reader() as connection:
        known = routing_choices.known(routing_choices.choices(connection, "en"))
    try:
        number = _desk().publish(known, body.note, body.stamp)
    except Unfit as error:
        told = [(f"{one.rule}.{one.field}", one.code) for one in error.problems]
        raise invalid(told) from error
    return answer(shapes.RoutingRules, _version(number))


@operation(api, "get", "/versions", shapes.RoutingVersionPage, roles=LEADERS)
def list_routing_versions(query: shapes.RoutingVersionQuery) -> Response:
    """Versions, newest first"""
    before = decode_cursor(query.cursor, int)[0] if query.cursor else None
    with the_runtime().reader() as connection:
        found = queries.published(connection, before, query.limit + 1)
    items = tuple(found[: query.limit])
    more = encode_cursor(items[-1].number) if len(found) > len(items) else None
    return answer(shapes.RoutingVersionPage, Page(items, more))


@operation(api, "get", "/versions/<number>", shapes.RoutingRules, roles=LEADERS)
def get_routing_version(path: shapes.RoutingVersionPath) -> Response:
    """One version"""
    return answer(shapes.RoutingRules, _version(path.number))


def _desk() -> RulesDesk:
    runtime = the_runtime()
    return RulesDesk(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        publisher=runtime.bus,
        user_id=the_caller().user_id,
    )


def _rules(body: shapes.RoutingDraftBody) -> tuple[Rule, ...]:
    read: list[Rule] = []
    for number, one in enumerate(body.rules):
        try:
            read += rules_from_json([one.model_dump()])
        except UnreadableError as error:
            raise invalid([(f"rules.{number}", str(error))]) from error
    return tuple(read)


def _draft() -> dict[str, Any]:
    with the_runtime().reader() as connection:
        found = queries.draft(connection)
        if found is None:
            raise not_found("a draft of the routing")
        return _told(connection, found, found.rules, 0)


def _version(number: int) -> dict[str, Any]:
    with the_runtime().reader() as connection:
        found = queries.by_number(connection, number)
        if found is None:
            raise not_found(f"version {number} of the routing")
        return _told(connection, found, found.rules, number)


def _told(
    connection: Connection, version: RulesVersion | None, rules: tuple[Rule, ...], number: int
) -> dict[str, Any]:
    known = routing_choices.known(routing_choices.choices(connection, "en"))
    return {
        "version": number,
        "state": version.state if version else "live",
        "note": version.note if version else "",
        "stamp": version.stamp if version else 1,
        "published_at": version.published_at if version else None,
        "rules": rules_to_json(rules),
        "problems": [
            {
                "rule": one.rule,
                "field": one.field,
                "code": one.code,
                "params": dict(one.params),
                "severity": one.severity,
            }
            for one in check_rules(rules, known)
        ],
    }
