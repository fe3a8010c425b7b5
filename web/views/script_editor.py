"""The pages on which supervisors write call scripts."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.queries import outcomes as outcome_queries
from callcenter.queries import scripts as script_queries
from callcenter.scripts.placeholders import NAMES, answer_values, fill
from callcenter.scripts.script import Script
from callcenter.scripts.stored import StoredScript
from callcenter.scripts.validation import Problem, unreached
from callcenter.services.scripts import Unsound
from web import actions, script_forms
from web.access import allow
from web.context import me, reading
from web.errors import status_of
from web.outcome_forms import number_in
from web.outcome_words import gap_words
from web.service_words import words_of
from web.views.scripts import scripts

editor: Blueprint = scripts


@editor.get("")
@allow("supervisor", "admin")
def page() -> str:
    with reading() as connection:
        found = script_queries.all(connection)
        queues = dict(outcome_queries.queues(connection))
    return render_template("scripts/page.html", scripts=found, queues=queues)


@editor.get("/new")
@allow("supervisor", "admin")
def new() -> str:
    return _form(script_forms.begun(), None)


@editor.post("/new")
@allow("supervisor", "admin")
def create() -> ResponseReturnValue:
    do = request.form.get("do", "save")
    if do == "import":
        try:
            return _form(script_forms.from_file(request.form.get("file", "")), None)
        except ProductError as error:
            return _form(script_forms.begun(), None, error), 422
    script = script_forms.script_in(request.form)
    if do != "save":
        return _form(script_forms.changed(script, do), None)
    try:
        actions.create_script(script, me().id)
    except ProductError as error:
        return _form(script, None, error), status_of(error)
    flash(_("Saved."))
    return redirect(url_for("scripts.page"))


@editor.get("/<int:script_id>/edit")
@allow("supervisor", "admin")
def edit(script_id: int) -> str:
    stored = _existing(script_id)
    return _form(stored.script, stored)


@editor.post("/<int:script_id>/edit")
@allow("supervisor", "admin")
def save(script_id: int) -> ResponseReturnValue:
    stored = _existing(script_id)
    script, do = script_forms.script_in(request.form), request.form.get("do", "save")
    if do != "save":
        return _form(script_forms.changed(script, do), stored)
    try:
        version = number_in(request.form, "version") or stored.version
        active = request.form.get("active") == "yes"
        actions.update_script(script_id, script, active=active, version=version, by=me().id)
    except ProductError as error:
        return _form(script, stored, error), status_of(error)
    flash(_("Saved."))
    return redirect(url_for("scripts.page"))


@editor.get("/<int:script_id>/export")
@allow("supervisor", "admin")
def export(script_id: int) -> Response:
    stored = _existing(script_id)
    answer = Response(script_forms.to_file(stored.script), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="script-{script_id}.json"'
    return answer


def _existing(script_id: int) -> StoredScript:
    with reading() as connection:
        stored = script_queries.get(connection, script_id)
    if stored is None:
        abort(404)
    return stored


def _form(script: Script, stored: StoredScript | None, error: ProductError | None = None) -> str:
    with reading() as connection:
        queues = outcome_queries.queues(connection)
    problems: tuple[Problem, ...] = error.problems if isinstance(error, Unsound) else ()
    if error is not None and not problems:
        problems = (Problem("", error.field, error.message),)
    typed = request.form
    active = typed.get("active") == "yes" if typed else stored is None or stored.active
    return render_template(
        "scripts/form.html",
        script=script,
        stored=stored,
        version=typed.get("version") or (stored.version if stored else 0),
        active=active,
        queues=queues,
        problems=_told(problems),
        unreached=unreached(script),
        previews={step.id: fill(step.text, _sample(script)) for step in script.steps},
        names=NAMES,
    )


def _told(problems: tuple[Problem, ...]) -> dict[str, dict[str, str]]:
    """Step → field → words; of several in one field the first."""
    told: dict[str, dict[str, str]] = {}
    for one in problems:
        field = "options" if one.field.startswith("options") else one.field
        words = words_of(Unsound([one]))
        told.setdefault(one.step, {}).setdefault(field, words)
    return told


def _sample(script: Script) -> dict[str, str]:
    """What stands in the preview where a card, a call and answers will."""
    answers = {step.id: f"[{step.title or step.id}]" for step in script.steps}
    return {name: f"[{gap_words(name)}]" for name in NAMES} | answer_values(answers)
