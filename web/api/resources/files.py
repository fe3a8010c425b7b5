"""/files: what hangs on customers, and its bytes."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, send_file
from flask_openapi3.models import RawModel

from callcenter.queries import files as queries
from callcenter.services import files as services
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.fields import PageQuery
from web.api.operation import area, file_response, operation
from web.api.shapes import about as shapes
from web.api.shapes.customers import Deleted

api = area("files", "", "Files of customers.")
_BYTES = "application/octet-stream"


class FileBytes(RawModel):
    """The file as it is."""

    mimetypes = [_BYTES]  # noqa: RUF012 (so the base class has it)


@operation(api, "get", "/customers/<customer_id>/files", shapes.FilePage)
def list_customer_files(path: shapes.CustomerPath, query: PageQuery) -> Response:
    """Files of a customer, the newest first"""
    with the_runtime().reader() as connection:
        page = queries.of_customer(connection, path.customer_id, query.cursor, query.limit)
    return answer(shapes.FilePage, page)


@operation(
    api,
    "post",
    "/customers/<customer_id>/files",
    shapes.File,
    status=201,
    raw_limit=services.LARGEST,
)
def add_customer_file(
    path: shapes.CustomerPath, query: shapes.FileQuery, raw: FileBytes
) -> Response:
    """Add a file to a customer

    The body is the file itself, at most 25 MB.
    """
    runtime = the_runtime()
    file_id = services.add_file(
        path.customer_id,
        query.name,
        io.BytesIO(raw.get_data()),
        files=runtime.files,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        user_id=the_caller().user_id,
    )
    with runtime.unit_of_work() as uow:
        found = services.readable(uow, file_id, the_caller().user_id)
    return answer(shapes.File, found, status=201)


@operation(api, "get", "/files/<file_id>", shapes.File)
def get_file(path: shapes.FilePath) -> Response:
    """What a file is"""
    with the_runtime().unit_of_work() as uow:
        found = services.readable(uow, path.file_id, the_caller().user_id)
    return answer(shapes.File, found)


@operation(api, "get", "/files/<file_id>/content", file_response(_BYTES))
def get_file_content(path: shapes.FilePath) -> Response:
    """A file itself, always as an attachment"""
    runtime = the_runtime()
    found, place = services.open_file(
        path.file_id,
        files=runtime.files,
        unit_of_work=runtime.unit_of_work,
        user_id=the_caller().user_id,
    )
    sent = send_file(
        place.resolve(), mimetype=_BYTES, as_attachment=True, download_name=found.name, max_age=0
    )
    sent.headers["X-Content-Type-Options"] = "nosniff"
    return sent


@operation(api, "delete", "/files/<file_id>", Deleted)
def delete_file(path: shapes.FilePath) -> Response:
    """Put a file away"""
    services.delete_file(path.file_id, **_room())
    return answer(Deleted, {"id": path.file_id, "deleted": True})


def _room() -> dict[str, Any]:
    runtime = the_runtime()
    return {
        "unit_of_work": runtime.unit_of_work,
        "clock": runtime.clock,
        "user_id": the_caller().user_id,
    }
