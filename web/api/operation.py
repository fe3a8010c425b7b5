"""Declares an operation once: who may call it, what it answers, what can go wrong.

The guard, the OpenAPI document and the generated test of role x endpoint all read this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_type_hints

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from web.api.problems import PROBLEM_JSON

Role = Literal["operator", "supervisor", "admin"]
Scope = Literal["read", "write", "ledger"]
Method = Literal["get", "post", "put", "patch", "delete"]
F = TypeVar("F", bound=Callable[..., Any])

EVERYONE: tuple[Role, ...] = ("operator", "supervisor", "admin")
LEADERS: tuple[Role, ...] = ("supervisor", "admin")
ADMINS: tuple[Role, ...] = ("admin",)

# What any operation may answer, and what only those may that take an id or a body.
_ALWAYS = (401, 403, 404, 422, 429, 500, 503)
_WRITES = (400, 409, 413, 415)
_BODILESS: tuple[Method, ...] = ("get", "delete")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the guard needs to know of an operation before it runs."""

    roles: tuple[Role, ...]
    scope: Scope
    query_names: frozenset[str]
    has_body: bool
    raw_limit: int = 0
    """The body is bytes, at most so many, and no JSON; below 0 it is streamed."""
    json_limit: int = 0
    """How many bytes of JSON it takes; 0: as many as most operations do."""
    area: str = ""
    """The resource it belongs to: a token may be for some of them only."""


def area(name: str, prefix: str, description: str) -> APIBlueprint:
    """One resource: a folder of operations under /api/v1."""
    tag = Tag(name=name, description=description)
    return APIBlueprint(name, __name__, url_prefix=prefix, abp_tags=[tag])


def operation(
    api: APIBlueprint,
    method: Method,
    path: str,
    returns: type[BaseModel] | dict[str, Any],
    *,
    roles: tuple[Role, ...] = EVERYONE,
    status: int = 200,
    also: tuple[int, ...] = (),
    problems: tuple[int, ...] = (),
    scope: Scope | None = None,
    raw_limit: int = 0,
    json_limit: int = 0,
) -> Callable[[F], F]:
    needed: Scope = scope or ("read" if method == "get" else "write")
    documented = {*_ALWAYS, *problems, *(() if method == "get" else _WRITES)}

    def declare(function: F) -> F:
        function.api_rule = Rule(  # type: ignore[attr-defined]
            roles=roles,
            scope=needed,
            query_names=_query_names(function),
            has_body=method not in _BODILESS,
            raw_limit=raw_limit,
            json_limit=json_limit,
            area=api.name,
        )
        responses: dict[Any, Any] = dict.fromkeys((status, *also), returns)
        responses.update({code: problem_response() for code in sorted(documented)})
        register = getattr(api, method)(
            path,
            operation_id=function.__name__,
            responses=responses,
            security=[{"bearer": [needed]}],
            openapi_extensions={"x-roles": list(roles)},
        )
        register(function)
        return function

    return declare


def file_response(mimetype: str) -> dict[str, Any]:
    return {"description": "OK", "content": {mimetype: {"schema": {"type": "string"}}}}


def problem_response() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"content": {PROBLEM_JSON: {"schema": schema}}}


def _query_names(function: Callable[..., Any]) -> frozenset[str]:
    model = get_type_hints(function).get("query")
    if model is None:
        return frozenset()
    return frozenset(field.alias or name for name, field in model.model_fields.items())
