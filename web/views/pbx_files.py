"""A plan as files: what they would be, how the PBX's folder differs, applying them, the way out.

Whatever is shown here has no password in it; the one that may be taken away has all of them.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.pbx import drift
from callcenter.pbx.folder import ConfigFolder, FolderError
from callcenter.pbx.parsed import faults
from callcenter.pbx.render import render
from callcenter.pbx.values import PlanError
from callcenter.ports import PbxCommand
from callcenter.queries import pbx_plan as queries
from callcenter.services import pbx_apply
from callcenter.services import pbx_plan as services
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.pbx_words import FILE_STATES, RESULTS, STEPS, problem_of
from web.views.pbx_plan import door, frame, pbx_plan, plan_of

__all__ = ["pbx_plan"]


@pbx_plan.get("/<pbx>/files")
@allow("admin")
def files(pbx: str) -> str:
    return _files(pbx)


def _files(pbx: str, problem: str = "") -> str:
    _shown, version = plan_of(pbx)
    settings = runtime().settings
    folder = settings.config_folder(pbx)
    states, rendered, wrong, unread = _compared(pbx)
    return render_template(
        "pbx_plan/files.html",
        **frame(pbx, version),
        states=states,
        sizes={name: len(text.splitlines()) for name, text in rendered.items()},
        wrong=wrong,
        unread=unread,
        folder=folder,
        may_apply=folder is not None and settings.config_address(pbx) is not None,
        file_states=FILE_STATES,
        problem=problem,
    )


def _compared(pbx: str) -> tuple[list[drift.FileState], dict[str, str], list[str], str]:
    """(states, files, faults, why the folder cannot be read). Without a folder: against what was
    applied last, as far as hashes tell."""
    plan, _version = services.read(door(), pbx)
    try:
        rendered = render(plan)
    except PlanError as error:
        return [], {}, [str(error)], ""
    folder = runtime().settings.config_folder(pbx)
    with reading() as connection:
        last = queries.last_applied(connection, pbx)
    here: dict[str, str] = {}
    unread = ""
    try:
        here = ConfigFolder(folder).texts(rendered) if folder else {}
    except FolderError as error:
        unread = str(error)
    states = drift.compare(rendered, here, last.files if last else {})
    return states, rendered, faults(rendered, plan), unread


@pbx_plan.get("/<pbx>/files/<name>")
@allow("admin")
def file(pbx: str, name: str) -> str:
    _shown, version = plan_of(pbx)
    states, rendered, _wrong, _unread = _compared(pbx)
    if name not in rendered:
        abort(404)
    return render_template(
        "pbx_plan/file.html",
        **frame(pbx, version),
        name=name,
        text=drift.masked(name, rendered[name]),
        state=next(one for one in states if one.name == name),
        file_states=FILE_STATES,
    )


@pbx_plan.post("/<pbx>/apply")
@allow("admin")
def apply(pbx: str) -> ResponseReturnValue:
    """Asked of whoever holds the PBX's folder; the page that follows shows how it goes."""
    told = request.form.get("version", type=int) or 0
    accepted = dict(one.split(" ", 1) for one in request.form.getlist("accept") if " " in one)
    try:
        applied_id = pbx_apply.ask(door(), pbx, told, user_id=me().id)
    except ProductError as error:
        return _files(pbx, problem_of(error)), status_of(error)
    runtime().bus.command(
        PbxCommand(
            action="apply_plan",
            pbx=pbx,
            arguments={"applied": str(applied_id), **accepted},
            user_id=me().id,
        )
    )
    return redirect(url_for("pbx_plan.applied", pbx=pbx, applied_id=applied_id))


@pbx_plan.get("/<pbx>/applied/<int:applied_id>")
@allow("admin")
def applied(pbx: str, applied_id: int) -> str:
    return render_template("pbx_plan/applied.html", **_applied(pbx, applied_id))


@pbx_plan.get("/<pbx>/applied/<int:applied_id>/progress")
@allow("admin")
def progress(pbx: str, applied_id: int) -> str:
    return render_template("pbx_plan/progress.html", **_applied(pbx, applied_id))


def _applied(pbx: str, applied_id: int) -> dict[str, Any]:
    _shown, version = plan_of(pbx)
    now = runtime().clock.now()
    with reading() as connection:
        found = queries.one_applied(connection, applied_id)
    if found is None or found.pbx != pbx:
        abort(404)
    shown = pbx_apply.as_shown(found, now)
    nobody = shown.result == "running" and not shown.steps and (now - found.at).total_seconds() > 5
    return {
        **frame(pbx, version),
        "applied": shown,
        "nobody": nobody,
        "results": RESULTS,
        "step_words": STEPS,
    }


@pbx_plan.post("/<pbx>/export")
@allow("admin")
def export(pbx: str) -> ResponseReturnValue:
    """For a PBX that others run. It holds every password: who took it is written down."""
    try:
        rendered = services.export(door(), pbx, user_id=me().id)
    except ProductError as error:
        flash(problem_of(error), "refused")
        return redirect(url_for("pbx_plan.files", pbx=pbx))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in rendered.items():
            archive.writestr(name, text)
    packed.seek(0)
    response = send_file(
        packed,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"asterisk-{pbx}.zip",
        max_age=0,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
