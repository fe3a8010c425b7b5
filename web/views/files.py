"""Files of a customer: what there is, one more, one to take, one to put away.

A file goes out as an attachment and nothing else: what somebody sent us never runs in our pages.
"""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from callcenter.errors import Invalid, ProductError
from callcenter.queries import files as queries
from callcenter.services.files import LARGEST
from web import people_actions
from web.access import allow
from web.bodies import takes_files
from web.context import me, reading
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

files = Blueprint("files", __name__)
PAGE = 20


@files.get("/customers/<int:customer_id>/files")
@allow()
def of_customer(customer_id: int) -> str:
    return _panel(customer_id)


@files.post("/customers/<int:customer_id>/files")
@allow()
@takes_files(LARGEST)
def upload(customer_id: int) -> ResponseReturnValue:
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid("file", "the file is empty, or none was chosen")
        with closing(sent):
            people_actions.add_file(customer_id, sent.filename, sent.stream, me().id)
    except ProductError as error:
        return _panel(customer_id, words_of(error)), status_of(error)
    return _panel(customer_id)


@files.get("/files/<int:file_id>")
@allow()
def download(file_id: int) -> Response:
    found, path = people_actions.open_file(file_id, me().id)
    answer = send_file(
        path.resolve(),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.name,
        max_age=0,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@files.post("/customers/<int:customer_id>/files/<int:file_id>/delete")
@allow()
def delete(customer_id: int, file_id: int) -> ResponseReturnValue:
    try:
        people_actions.delete_file(file_id, me().id)
    except ProductError as error:
        return _panel(customer_id, words_of(error)), status_of(error)
    return _panel(customer_id, gone=file_id)


@files.post("/customers/<int:customer_id>/files/<int:file_id>/restore")
@allow()
def restore(customer_id: int, file_id: int) -> ResponseReturnValue:
    try:
        people_actions.restore_file(file_id, me().id)
    except ProductError as error:
        return _panel(customer_id, words_of(error)), status_of(error)
    return _panel(customer_id)


def _panel(customer_id: int, problem: str = "", gone: int | None = None) -> str:
    viewer = the_viewer()
    if not viewer.may("file", "read"):
        return ""
    cursor = request.args.get("cursor")
    with reading() as connection:
        page = queries.of_customer(connection, customer_id, cursor, PAGE)
    return render_template(
        "files/of_customer.html",
        customer_id=customer_id,
        page=page,
        problem=problem,
        gone=gone,
        may_add=viewer.may("file", "create"),
        viewer=viewer,
    )
