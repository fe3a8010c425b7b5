"""/customers/…: what changed on a card; two cards joined into one, and parted."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.errors import Conflict
from callcenter.queries import duplicates as duplicate_queries
from callcenter.queries import history as queries
from callcenter.services import merging
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.shapes import history as shapes

api = area("history", "/customers", "What changed on a card; cards joined into one and parted.")


@operation(api, "get", "/<customer_id>/history", shapes.ChangePage)
def get_customer_history(path: shapes.CustomerPath, query: shapes.ChangeQuery) -> Response:
    """What changed on a card, the latest first"""
    filters = queries.HistoryFilters(field=query.field or "", user_id=query.user_id)
    with the_runtime().reader() as connection:
        found = queries.of_record(
            connection,
            the_viewer(),
            "customer",
            str(path.customer_id),
            filters=filters,
            cursor=query.cursor,
            limit=query.limit,
        )
    return answer(shapes.ChangePage, found.entries)


@operation(api, "post", "/<customer_id>/merge", shapes.Merged, status=201)
@idempotent
def merge_customer(path: shapes.CustomerPath, body: shapes.MergeNew) -> Response:
    """Join another card into this one

    All that belongs to the other one belongs to this one then. The other one's id leads here.
    """
    merge_id = merging.merge(path.customer_id, body.loser_id, body.fields, **_telling())
    made = {"merge_id": merge_id, "survivor_id": path.customer_id, "loser_id": body.loser_id}
    return answer(shapes.Merged, made, status=201)


@operation(api, "post", "/<customer_id>/unmerge", shapes.Unmerged)
@idempotent
def unmerge_customer(path: shapes.CustomerPath, body: shapes.UnmergeNew) -> Response:
    """Take a card out of this one again

    Both are what they were; what was changed or came since the merge stays with this one.
    """
    with the_runtime().reader() as connection:
        found = duplicate_queries.latest_merge(connection, path.customer_id, body.loser_id)
    if found is None:
        raise Conflict("loser_id", "this customer was not joined into that one")
    return answer(shapes.Unmerged, merging.unmerge(found.id, **_telling()))


def _telling() -> dict[str, Any]:
    runtime = the_runtime()
    return {
        "user_id": the_caller().user_id,
        "unit_of_work": runtime.unit_of_work,
        "publisher": runtime.bus,
        "clock": runtime.clock,
    }
