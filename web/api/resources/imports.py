"""/imports: files taken in, from sending them to taking back what they did."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from callcenter.errors import Forbidden
from callcenter.file_jobs import desk_of
from callcenter.imports.job import Import
from callcenter.imports.plan import Plan
from callcenter.queries import imports as queries
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.services import imports as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer
from web.api.fields import PageQuery
from web.api.operation import area, operation
from web.api.problems import invalid, not_found
from web.api.shapes import imports as shapes
from web.import_desk import allow_upload, pieces

api = area("imports", "/imports", "Files of other systems: CSV, XLSX, vCard.")
_STREAMED = -1


@operation(api, "get", "", shapes.ImportPage)
def list_imports(query: PageQuery) -> Response:
    """Files taken in, the latest first"""
    viewer = the_viewer()
    if not viewer.may("import", "read"):
        raise Forbidden("import", "your role does not allow this: import, read")
    with the_runtime().reader() as connection:
        found = queries.page(connection, viewer, query.cursor, query.limit)
    items = tuple(_told(one.job) for one in found.items)
    return answer(shapes.ImportPage, Page(items, found.next_cursor))


@operation(api, "post", "", shapes.Import, status=201, raw_limit=_STREAMED)
def send_import(query: shapes.ImportQuery, raw: shapes.FileBytes) -> Response:  # noqa: ARG001
    """Send a file

    The body is the file itself. What it is written in and what its columns mean is found out.
    """
    desk = desk_of(the_runtime())
    allow_upload(request, the_runtime())
    user_id = the_caller().user_id
    import_id = services.take_in(
        query.kind, query.name, pieces(request.stream), user_id=user_id, desk=desk
    )
    if query.begin:
        services.start(import_id, dry_run=query.begin == "try", user_id=user_id, desk=desk)
    return _answer(import_id, status=201)


@operation(api, "get", "/<import_id>", shapes.Import)
def get_import(path: shapes.ImportPath) -> Response:
    """How far a file has come"""
    return _answer(path.import_id)


@operation(api, "patch", "/<import_id>", shapes.Import)
def change_import(path: shapes.ImportPath, body: shapes.ImportChange) -> Response:
    """Correct what was found: columns, encoding, what a row does to a known record"""
    job = _read(path.import_id)
    values: dict[str, Any] = body.model_dump(exclude_none=True)
    header = Plan.from_json(job.plan).header
    if body.columns is not None:
        unknown = [name for name in body.columns if name not in header]
        if unknown:
            raise invalid([("columns", f"there is no column {unknown[0]}")])
        values["columns"] = {header.index(name): what for name, what in body.columns.items()}
    services.change_plan(
        path.import_id, values, user_id=the_caller().user_id, desk=desk_of(the_runtime())
    )
    return _answer(path.import_id)


@operation(api, "post", "/<import_id>/start", shapes.Import)
def start_import(path: shapes.ImportPath, body: shapes.ImportStart) -> Response:
    """Begin: try every row out, or take them"""
    _read(path.import_id)
    services.start(
        path.import_id,
        dry_run=body.dry_run,
        user_id=the_caller().user_id,
        desk=desk_of(the_runtime()),
    )
    return _answer(path.import_id)


@operation(api, "post", "/<import_id>/pause", shapes.Import)
def pause_import(path: shapes.ImportPath, body: shapes.NoBody) -> Response:  # noqa: ARG001
    """Stop behind the rows in hand"""
    return _step(path.import_id, services.pause)


@operation(api, "post", "/<import_id>/resume", shapes.Import)
def resume_import(path: shapes.ImportPath, body: shapes.NoBody) -> Response:  # noqa: ARG001
    """Go on where it stopped"""
    return _step(path.import_id, services.resume)


@operation(api, "post", "/<import_id>/undo", shapes.Import)
def undo_import(path: shapes.ImportPath, body: shapes.NoBody) -> Response:  # noqa: ARG001
    """Take back what it did and nobody has changed since"""
    return _step(path.import_id, services.undo)


@operation(api, "get", "/<import_id>/errors", shapes.ImportErrorPage)
def list_import_errors(path: shapes.ImportPath, query: PageQuery) -> Response:
    """Rows that were not taken, and why"""
    _read(path.import_id)
    after = decode_cursor(query.cursor, int)[0] if query.cursor else 0
    size = bounded(query.limit)
    with the_runtime().reader() as connection:
        found = queries.errors(connection, path.import_id, after, size + 1)
    items = [
        {
            "record": one.record,
            "line": one.line,
            "cells": list(one.cells),
            "problems": [{"column": column, "message": said} for column, said in one.problems],
        }
        for one in found[:size]
    ]
    cursor = encode_cursor(found[size - 1].record) if len(found) > size else None
    return answer(shapes.ImportErrorPage, {"items": items, "next_cursor": cursor})


def _step(import_id: int, use_case: Any) -> Response:
    _read(import_id)
    use_case(import_id, user_id=the_caller().user_id, desk=desk_of(the_runtime()))
    return _answer(import_id)


def _read(import_id: int) -> Import:
    with the_runtime().reader() as connection:
        job = queries.get(connection, the_viewer(), import_id)
    if job is None:
        raise not_found(f"import {import_id}")
    return job


def _answer(import_id: int, status: int = 200) -> Response:
    return answer(shapes.Import, _told(_read(import_id)), status=status)


def _told(job: Import) -> dict[str, Any]:
    plan = Plan.from_json(job.plan)
    names = (name for name in shapes.Import.model_fields if hasattr(job, name))
    return {
        **{name: getattr(job, name) for name in names},
        "encoding": plan.encoding.removesuffix("-sig"),
        "delimiter": plan.delimiter,
        "header": list(plan.header),
        "columns": {plan.header[place]: name for place, name in plan.columns.items()},
        "match_by": list(plan.match_by),
        "on_match": plan.on_match,
        "create": plan.create,
    }
