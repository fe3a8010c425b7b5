"""What every GET can do besides: send only some fields (`?fields=`), or nothing that the caller
already has (`If-None-Match`).
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, g, request
from pydantic import BaseModel
from werkzeug.datastructures import ImmutableMultiDict

from web.api.problems import invalid

PARAMETER = "fields"
_LONGEST = 1_000


def is_asked() -> bool:
    return PARAMETER in g


def selected(model: type[BaseModel], body: dict[str, Any]) -> dict[str, Any]:
    """`body` with only the fields that were asked for; of a page, its items with only those."""
    names = _names(g.fields)
    items = body.get("items")
    if not isinstance(items, list):
        _check(names, set(model.model_fields))
        return {name: value for name, value in body.items() if name in names}
    _check(names, _fields_of_items(model))
    cut = [{name: value for name, value in item.items() if name in names} for item in items]
    return body | {"items": cut}


def take() -> None:
    """Out of the query, before an operation reads it: no operation knows of it."""
    given = request.args.getlist(PARAMETER)
    if given:
        g.fields = ",".join(given)
        rest = [(name, value) for name, value in request.args.items(True) if name != PARAMETER]
        request.args = ImmutableMultiDict(rest)


def _names(asked: str) -> set[str]:
    names = {name.strip() for name in asked[:_LONGEST].split(",")} - {""}
    if not names:
        raise invalid([(PARAMETER, "name at least one field, such as fields=id,display_name")])
    return names


def _check(names: set[str], known: set[str]) -> None:
    unknown = sorted(names - known)
    if unknown:
        what = f"{unknown[0]} is not a field here; known: {', '.join(sorted(known))}"
        raise invalid([(PARAMETER, what)])


def _fields_of_items(model: type[BaseModel]) -> set[str]:
    """Of `items: list[X]`, the fields of X."""
    (item,) = getattr(model.model_fields["items"].annotation, "__args__", (None,))
    return (
        set(item.model_fields) if isinstance(item, type) and issubclass(item, BaseModel) else set()
    )


def unless_known(response: Response) -> Response:
    """304 for who has this very answer already. What has no ETag of its own (its version) gets a
    weak one, of its bytes."""
    if response.status_code != 200 or request.method != "GET":
        return response
    if "ETag" not in response.headers:
        digest = hashlib.sha256(response.get_data()).hexdigest()[:32]
        response.set_etag(digest, weak=True)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    known = request.if_none_match
    tag, _weak = response.get_etag()
    if tag is not None and known and known.contains_weak(tag):
        response.set_data(b"")
        response.status_code = 304
        response.headers.pop("Content-Type", None)
    return response
