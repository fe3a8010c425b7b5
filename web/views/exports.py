"""Files given out: what, which columns, which form; small ones at once, large ones later."""

from __future__ import annotations

import json
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter import file_jobs
from callcenter.errors import Conflict, Invalid, ProductError
from callcenter.exports.cells import exported
from callcenter.imports.job import Export
from callcenter.imports.kinds import KINDS
from callcenter.queries import export_rows
from callcenter.queries import imports as queries
from callcenter.queries import segments as segment_queries
from callcenter.services import exports as services
from web import import_words as words
from web import report_words
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

exports = Blueprint("exports", __name__, url_prefix="/exports")
_PAGE = 25
_AT_ONCE = 2_000
_LONGEST_FILTER = 20_000


@exports.get("")
@allow()
def page() -> str:
    return _page()


@exports.post("")
@allow()
def ask() -> ResponseReturnValue:
    kind = request.form.get("kind", "customers")
    if kind not in KINDS:
        abort(400)
    try:
        export_id = services.ask(
            kind,
            request.form.get("format", "csv"),
            _plan(),
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except Invalid as error:
        return _page(words.import_words(error.message)), 422
    job = _theirs(export_id)
    wanted = file_jobs.wanted_of(runtime(), job, the_viewer())
    with reading() as connection:
        few = export_rows.at_most(connection, wanted, _AT_ONCE)
    if few and file_jobs.make_export(runtime(), export_id) and _theirs(export_id).state == "done":
        return redirect(url_for("exports.file", export_id=export_id))
    return redirect(url_for("exports.page"))


@exports.get("/list")
@allow()
def rows() -> str:
    return render_template("exports/rows.html", **_listed())


@exports.get("/<int:export_id>/file")
@allow()
def file(export_id: int) -> ResponseReturnValue:
    job = _theirs(export_id)
    if not services.may_fetch(job, the_viewer()):
        abort(403)
    path = runtime().settings.data_dir.absolute() / "exports" / job.stored_as
    if job.state != "done" or not job.stored_as or not path.is_file():
        abort(404)
    day = job.created_at.date().isoformat()
    return send_file(
        path,
        as_attachment=True,
        download_name=f"{job.kind}-{day}-{job.id}.{job.format}",
        mimetype={"csv": "text/csv", "vcf": "text/vcard"}.get(job.format),
    )


@exports.post("/<int:export_id>/cancel")
@allow()
def cancel(export_id: int) -> ResponseReturnValue:
    """One that waits or runs. Back to the list it was pressed in."""
    job = _theirs(export_id)
    try:
        services.cancel(
            job.id, user_id=me().id, unit_of_work=runtime().unit_of_work, clock=runtime().clock
        )
    except Conflict as error:
        flash(words.import_words(error.message), "refused")
    except ProductError as error:
        abort(status_of(error))
    return redirect(url_for("reports.files" if job.kind == "report" else "exports.page"))


@exports.app_template_global()
def may_fetch(job: Export) -> bool:
    """Nobody is offered a file that they would not be given."""
    return services.may_fetch(job, the_viewer())


def _plan() -> dict[str, Any]:
    plan: dict[str, Any] = {"columns": request.form.getlist("columns")}
    segment_id = request.form.get("segment", type=whole_number)
    if segment_id:
        plan["segment_id"] = segment_id
    told = request.form.get("filter", "")[:_LONGEST_FILTER]
    if told:
        try:
            plan["filter"] = json.loads(told)
        except (ValueError, RecursionError) as error:
            raise Invalid("filter", _("This filter cannot be read.")) from error
        with reading() as connection:
            segment_queries.read_filter(connection, the_viewer(), plan["filter"])
    if ids := request.form.getlist("id", type=whole_number):
        plan["ids"] = ids
    return plan


def _theirs(export_id: int) -> Export:
    with reading() as connection:
        job = queries.get_export(connection, the_viewer(), export_id)
    if job is None:
        abort(404)
    return job


def _listed() -> dict[str, Any]:
    viewer = the_viewer()
    if not viewer.may("export", "read"):
        abort(403)
    with reading() as connection:
        listed = queries.exports_page(connection, viewer, request.args.get("cursor"), _PAGE)
    return {
        "items": listed.items,
        "next_cursor": listed.next_cursor,
        "runs": any(one.job.state in ("queued", "running") for one in listed.items),
        "KINDS": words.KINDS,
        "REPORTS": report_words.TITLES,
        "IMPORT_STATES": words.STATES,
    }


def _page(problem: str = "") -> str:
    kind_code = request.values.get("kind", "customers")
    if kind_code not in KINDS:
        abort(404)
    listed, viewer = _listed(), the_viewer()
    with reading() as connection:
        kind = export_rows.kind_of(connection, kind_code)
        try:
            segments = segment_queries.all_for(connection, viewer)
        except ProductError:
            segments = ()
    return render_template(
        "exports/page.html",
        problem=problem,
        kind=kind,
        columns=exported(kind),
        segments=segments,
        segment=request.values.get("segment", type=whole_number),
        filter=request.values.get("filter", ""),
        ids=request.values.getlist("id"),
        may_create=viewer.may("export", "create"),
        FORMATS=words.FORMATS,
        **listed,
    )
