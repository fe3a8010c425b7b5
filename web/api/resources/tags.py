"""/tags: short words that people put on customers."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.queries import fields as queries
from callcenter.services import tags as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.lists import page_of
from web.api.operation import ADMINS, area, operation
from web.api.problems import not_found
from web.api.shapes import about as shapes
from web.api.shapes.customers import Deleted

api = area("tags", "/tags", "Words put on customers.")


@operation(api, "get", "", shapes.TagPage)
def list_tags(query: PageQuery) -> Response:
    """All tags, and how many customers have each"""
    with the_runtime().reader() as connection:
        found = queries.tag_counts(connection)
    return answer(shapes.TagPage, page_of(found, lambda one: one.id, query))


@operation(api, "post", "", shapes.TagCount, status=201)
@idempotent
def create_tag(body: shapes.TagIn) -> Response:
    """A new tag, or the one of that name"""
    tag_id = services.add_tag(body.name, body.tone, **_room())
    return _tag(tag_id, status=201)


@operation(api, "patch", "/<tag_id>", shapes.TagCount, roles=ADMINS)
def change_tag(path: shapes.TagPath, body: shapes.TagIn) -> Response:
    """Call a tag otherwise, give it a colour"""
    services.change_tag(path.tag_id, body.name, body.tone, **_room())
    return _tag(path.tag_id)


@operation(api, "delete", "/<tag_id>", Deleted, roles=ADMINS)
def delete_tag(path: shapes.TagPath) -> Response:
    """Take a tag from everybody"""
    services.remove_tag(path.tag_id, **_room())
    return answer(Deleted, {"id": path.tag_id, "deleted": True})


def _tag(tag_id: int, status: int = 200) -> Response:
    with the_runtime().reader() as connection:
        found = next((one for one in queries.tag_counts(connection) if one.id == tag_id), None)
    if found is None:
        raise not_found(f"tag {tag_id}")
    return answer(shapes.TagCount, found, status=status)


def _room() -> dict[str, Any]:
    runtime = the_runtime()
    return {
        "unit_of_work": runtime.unit_of_work,
        "clock": runtime.clock,
        "user_id": the_caller().user_id,
    }
