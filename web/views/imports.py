"""Files taken in: sent, looked at and corrected, tried out, begun, watched, mended, taken back."""

from __future__ import annotations

from typing import Any

import phonenumbers
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import Invalid, ProductError
from callcenter.exports.writing import csv_chunks
from callcenter.file_jobs import desk_of
from callcenter.imports.headers import WRONG
from callcenter.imports.job import Import
from callcenter.imports.kinds import KINDS, Target
from callcenter.imports.plan import Plan
from callcenter.queries import imports as queries
from callcenter.services import imports as services
from web import import_words as words
from web.access import allow
from web.context import me, reading, runtime
from web.import_desk import allow_upload, pieces, plan_values
from web.viewer import the_viewer

imports = Blueprint("imports", __name__, url_prefix="/imports")
_PAGE = 25
_ERRORS_SHOWN = 50


@imports.url_value_preprocessor
def _let_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the forgery check reads the form."""
    if endpoint == "imports.upload":
        allow_upload(request, runtime())


@imports.app_template_global()
def import_problem(said: str) -> str:
    return words.import_words(said)


@imports.app_template_global()
def column_words(target: Target) -> str:
    return words.column_words(target)


@imports.get("")
@allow()
def page() -> str:
    return _page()


@imports.post("")
@allow()
def upload() -> ResponseReturnValue:
    file = request.files.get("file")
    kind = request.form.get("kind", "customers")
    if file is None or not file.filename:
        return _page(_("Choose a file first."), kind), 422
    try:
        import_id = services.take_in(
            kind, file.filename, pieces(file.stream), user_id=me().id, desk=_desk()
        )
    except Invalid as error:
        return _page(words.import_words(error.message), kind), 422
    return redirect(url_for("imports.one", import_id=import_id))


@imports.get("/<int:import_id>")
@allow()
def one(import_id: int) -> str:
    return _one(_theirs(import_id))


@imports.get("/<int:import_id>/progress")
@allow()
def progress(import_id: int) -> str:
    """Asked for each second while a job runs; then the whole piece is told anew."""
    return render_template("imports/progress.html", **_about(_theirs(import_id)))


@imports.post("/<int:import_id>/plan")
@allow()
def plan(import_id: int) -> ResponseReturnValue:
    job = _theirs(import_id)
    width = len(Plan.from_json(job.plan).header)
    values = plan_values(request.form, request.form.getlist("match_by"), width)
    try:
        services.change_plan(import_id, values, user_id=me().id, desk=_desk())
    except ProductError as error:
        return _one(_theirs(import_id), words.import_words(error.message)), 422
    if request.headers.get("HX-Request"):
        return _one(_theirs(import_id))
    return redirect(url_for("imports.one", import_id=import_id))


@imports.post("/<int:import_id>/start")
@allow()
def start(import_id: int) -> ResponseReturnValue:
    dry_run = request.form.get("dry_run") == "yes"
    return _step(
        import_id, lambda: services.start(import_id, dry_run=dry_run, user_id=me().id, desk=_desk())
    )


@imports.post("/<int:import_id>/<any(pause, resume, undo):what>")
@allow()
def step(import_id: int, what: str) -> ResponseReturnValue:
    use_case = {"pause": services.pause, "resume": services.resume, "undo": services.undo}[what]
    return _step(import_id, lambda: use_case(import_id, user_id=me().id, desk=_desk()))


@imports.post("/<int:import_id>/remove")
@allow()
def remove(import_id: int) -> ResponseReturnValue:
    services.remove(import_id, user_id=me().id, desk=_desk())
    flash(_("The file was removed."))
    return redirect(url_for("imports.page"))


@imports.get("/<int:import_id>/errors.csv")
@allow()
def errors(import_id: int) -> Response:
    """The rows that were not taken, as they were, and why: to be mended and sent again."""
    job = _theirs(import_id)
    read = Plan.from_json(job.plan)

    def rows() -> Any:
        yield (*read.header, WRONG)
        with reading() as connection:
            for wrong in queries.all_errors(connection, import_id):
                cells = (*wrong.cells, *[""] * (len(read.header) - len(wrong.cells)))
                yield (*cells[: len(read.header)], words.all_words(wrong.problems))

    delimiter = read.delimiter if read.form == "csv" else ","
    body = stream_with_context(csv_chunks(rows(), delimiter))
    return Response(
        body,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="import-{import_id}-errors.csv"'},
    )


def _step(import_id: int, do: Any) -> ResponseReturnValue:
    _theirs(import_id)
    try:
        do()
    except ProductError as error:
        return _one(_theirs(import_id), words.import_words(error.message)), 422
    return redirect(url_for("imports.one", import_id=import_id))


def _desk() -> services.Desk:
    return desk_of(runtime())


def _theirs(import_id: int) -> Import:
    with reading() as connection:
        job = queries.get(connection, the_viewer(), import_id)
    if job is None:
        abort(404)
    return job


def _page(problem: str = "", kind: str = "customers") -> str:
    viewer = the_viewer()
    if not viewer.may("import", "read"):
        abort(403)
    with reading() as connection:
        listed = queries.page(connection, viewer, request.args.get("cursor"), _PAGE)
    return render_template(
        "imports/page.html",
        items=listed.items,
        next_cursor=listed.next_cursor,
        problem=problem,
        kind=kind,
        may_create=viewer.may("import", "create"),
        limit_mb=runtime().settings.import_max_mb,
        **_words(),
    )


def _one(job: Import, problem: str = "") -> str:
    return render_template("imports/one.html", problem=problem, **_about(job))


def _about(job: Import) -> dict[str, Any]:
    read = Plan.from_json(job.plan)
    about: dict[str, Any] = {"job": job, "plan": read, **_words()}
    if job.state == "draft":
        about |= _draft(job)
    else:
        with reading() as connection:
            about["errors"] = queries.errors(connection, job.id, limit=_ERRORS_SHOWN)
    return about


def _draft(job: Import) -> dict[str, Any]:
    try:
        shown = services.preview(job.id, user_id=me().id, desk=_desk())
        broken = ""
    except ProductError as error:
        shown, broken = [], words.import_words(error.message)
    with runtime().unit_of_work() as uow:
        kind = services.kind_of(uow, job.kind)
    return {
        "kind": kind,
        "shown": shown,
        "broken": broken,
        "forms": {one.name: one.form for one in kind.targets},
        "regions": sorted(phonenumbers.SUPPORTED_REGIONS),
    }


def _words() -> dict[str, Any]:
    return {
        "KINDS": words.KINDS,
        "IMPORT_STATES": words.STATES,
        "OUTCOMES": words.OUTCOMES,
        "MATCHES": words.MATCHES,
        "RULES": words.RULES,
        "DATE_STYLES": words.DATE_STYLES,
        "MARKS": words.MARKS,
        "DELIMITERS": words.DELIMITERS,
        "ENCODINGS": words.ENCODINGS,
        "all_kinds": KINDS,
    }
