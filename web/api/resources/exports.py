"""/exports: tables given out, made in the worker, fetched when they are done."""

from __future__ import annotations

from flask import Response, send_file

from callcenter.errors import Conflict, Forbidden
from callcenter.exports.cells import exported
from callcenter.imports.job import Export
from callcenter.queries import export_rows
from callcenter.queries import imports as queries
from callcenter.queries import segments as segment_queries
from callcenter.queries.paging import Page
from callcenter.services import exports as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.operation import area, file_response, operation
from web.api.problems import not_found
from web.api.shapes import imports as shapes

api = area("exports", "/exports", "Tables for other systems: CSV, XLSX, vCard.")
_BYTES = "application/octet-stream"


@operation(api, "get", "", shapes.ExportPage)
def list_exports(query: PageQuery) -> Response:
    """Tables given out, the latest first"""
    viewer = the_viewer()
    if not viewer.may("export", "read"):
        raise Forbidden("export", "your role does not allow this: export, read")
    with the_runtime().reader() as connection:
        found = queries.exports_page(connection, viewer, query.cursor, query.limit)
    return answer(shapes.ExportPage, Page(tuple(one.job for one in found.items), found.next_cursor))


@operation(api, "post", "", shapes.Export, status=201)
@idempotent
def ask_export(body: shapes.ExportNew) -> Response:
    """Ask for a table

    It is made with the rights of this token's user: fields they may not see stay empty or masked.
    """
    runtime = the_runtime()
    with runtime.reader() as connection:
        known = [one.name for one in exported(export_rows.kind_of(connection, body.kind))]
        if body.filter:
            segment_queries.read_filter(connection, the_viewer(), body.filter)
    plan = {
        "columns": [name for name in body.columns if name in known] or known,
        "segment_id": body.segment_id,
        "filter": body.filter,
    }
    export_id = services.ask(
        body.kind,
        body.format,
        plan,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return answer(shapes.Export, _read(export_id), status=201)


@operation(api, "get", "/<export_id>", shapes.Export)
def get_export(path: shapes.ExportPath) -> Response:
    """How far a table has come"""
    return answer(shapes.Export, _read(path.export_id))


@operation(api, "get", "/<export_id>/content", file_response(_BYTES), problems=(409,))
def get_export_content(path: shapes.ExportPath) -> Response:
    """A table itself"""
    job = _read(path.export_id)
    if not services.may_fetch(job, the_viewer()):
        raise Forbidden("export", "your role does not allow what is in this table any more")
    if job.state != "done":
        raise Conflict("", "this table is not ready yet")
    place = the_runtime().settings.data_dir.absolute() / "exports" / job.stored_as
    if not job.stored_as or not place.is_file():
        raise not_found(f"a file of export {path.export_id}")
    sent = send_file(
        place, mimetype=_BYTES, as_attachment=True, download_name=f"{job.kind}.{job.format}"
    )
    sent.headers["X-Content-Type-Options"] = "nosniff"
    return sent


@operation(api, "post", "/<export_id>/cancel", shapes.Export, problems=(409,))
def cancel_export(path: shapes.ExportPath) -> Response:
    """Cancel a table that waits or is being written"""
    _read(path.export_id)
    services.cancel(
        path.export_id,
        user_id=the_caller().user_id,
        unit_of_work=the_runtime().unit_of_work,
        clock=the_runtime().clock,
    )
    return answer(shapes.Export, _read(path.export_id))


def _read(export_id: int) -> Export:
    with the_runtime().reader() as connection:
        job = queries.get_export(connection, the_viewer(), export_id)
    if job is None:
        raise not_found(f"export {export_id}")
    return job
