"""/batches: what was done to many records at once, and taking it back."""

from __future__ import annotations

from flask import Response

from callcenter.queries import history as queries
from callcenter.services import batches as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer
from web.api.operation import area, operation
from web.api.shapes import history as shapes

api = area("batches", "/batches", "What was done to many records at once.")


@operation(api, "get", "", shapes.BatchPage)
def list_batches(query: shapes.BatchQuery) -> Response:
    """Batches, the latest first: one's own, or everybody's for whoever may undo them"""
    user_id = None if the_viewer().may("history", "change") else the_caller().user_id
    with the_runtime().reader() as connection:
        page = queries.batch_page(connection, user_id, query.cursor, query.limit)
    return answer(shapes.BatchPage, page)


@operation(api, "post", "/<batch_id>/undo", shapes.Undone)
def undo_batch(path: shapes.BatchPath) -> Response:
    """Take a batch back

    Only what still is as the batch left it is taken back; the rest is listed, and stays.
    """
    runtime = the_runtime()
    kept = services.undo(
        path.batch_id,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
    )
    return answer(shapes.Undone, {"batch_id": path.batch_id, "kept": kept})
