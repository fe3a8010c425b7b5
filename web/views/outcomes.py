"""Outcomes: the wrap-up's piece of the desk, what is typed into it, giving one; and the page on
which supervisors edit the trees."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.outcomes.given import may_give
from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.outcomes.tree import forest_of, path_to
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import outcomes as outcome_queries
from callcenter.queries import users as user_queries
from callcenter.queries.outcome_views import OutcomeDesk
from callcenter.services.outcomes import DRAFT_FIELDS, Incomplete
from web import actions
from web.access import allow
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.i18n import LOCALES
from web.outcome_forms import choice_of, currency_of, number_in, requirements_in, wall_time
from web.service_words import words_of
from web.views.desk import my_note
from web.whole_numbers import whole_number

outcomes = Blueprint("outcomes", __name__, url_prefix="/outcomes")


@outcomes.get("/desk/<int:interaction_id>")
@allow()
def desk(interaction_id: int) -> str:
    with reading() as connection:
        found = outcome_queries.desk(connection, interaction_id, me().id, today())
        if found is None:
            abort(404)
        everything = outcome_queries.all(connection)
        author = user_queries.by_id(connection, found.given.user_id) if found.given else None
    given = path_to(everything, found.given.outcome_id) if found.given else ()
    return render_template(
        "outcomes/desk.html",
        desk=found,
        values=_values(found),
        given=given[-1] if given else None,
        author=author.display_name if author else "",
        mine=may_give(found.contact, found.given, me().id, leads=me().is_supervisor),
        clean=bool(found.given) and not found.draft,
    )


@outcomes.post("/<int:interaction_id>/draft")
@allow()
def draft(interaction_id: int) -> ResponseReturnValue:
    fields = {name: request.form.get(name, "") for name in DRAFT_FIELDS}
    try:
        actions.save_outcome_draft(interaction_id, fields, me().id)
    except ProductError as error:
        return {"message": words_of(error)}, status_of(error)
    return "", 204


@outcomes.post("/<int:interaction_id>")
@allow()
def give(interaction_id: int) -> ResponseReturnValue:
    try:
        choice = choice_of(request.form, me().zone, _currency(), _note(interaction_id))
        actions.give_outcome(interaction_id, choice, me().id)
    except ProductError as error:
        return _refused(error), status_of(error)
    return "", 204


# --- the trees ------------------------------------------------------------------------------------


@outcomes.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page(request.args.get("queue", "")[:80])


@outcomes.post("/trees")
@allow("supervisor", "admin")
def add() -> ResponseReturnValue:
    queue = request.form.get("queue", "").strip()[:80]
    parent_id = None
    try:
        parent_id = number_in(request.form, "parent_id")
        actions.add_outcome(
            OutcomeDraft(queue=queue, parent_id=parent_id, **_typed()),
            me().id,
        )
    except ProductError as error:
        return _page(queue, error, adding=parent_id or 0), 422
    return redirect(url_for("outcomes.page", queue=queue))


@outcomes.post("/trees/<int:outcome_id>")
@allow("supervisor", "admin")
def change(outcome_id: int) -> ResponseReturnValue:
    queue = request.form.get("queue", "")[:80]
    try:
        actions.change_outcome(outcome_id, _typed(), me().id)
    except ProductError as error:
        return _page(queue, error, editing=outcome_id), status_of(error)
    return redirect(url_for("outcomes.page", queue=queue))


@outcomes.post("/trees/<int:outcome_id>/move")
@allow("supervisor", "admin")
def move(outcome_id: int) -> ResponseReturnValue:
    actions.move_outcome(outcome_id, -1 if request.form.get("way") == "up" else 1, me().id)
    return redirect(url_for("outcomes.page", queue=request.form.get("queue", "")[:80]))


@outcomes.post("/trees/<int:outcome_id>/active")
@allow("supervisor", "admin")
def set_active(outcome_id: int) -> ResponseReturnValue:
    wanted = request.form.get("active") == "yes"
    actions.change_outcome(outcome_id, {"active": wanted}, me().id)
    return redirect(url_for("outcomes.page", queue=request.form.get("queue", "")[:80]))


def _page(
    queue: str, error: ProductError | None = None, editing: int = 0, adding: int | None = None
) -> str:
    with reading() as connection:
        everything = outcome_queries.all(connection)
        queues = outcome_queries.queues(connection)
        uses = outcome_queries.uses(connection)
    return render_template(
        "outcomes/page.html",
        queue=queue,
        queues=queues,
        own={one.queue for one in everything},
        tree=forest_of(everything, queue),
        uses=uses,
        editing=editing or request.args.get("edit", type=whole_number),
        adding=request.args.get("under", type=whole_number) if adding is None else adding,
        typed=_typed() if error else None,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _typed() -> dict[str, Any]:
    form = request.form
    labels = {code: form.get(f"label_{code}", "").strip() for code in LOCALES if code != "en"}
    return {
        "label": form.get("label", ""),
        "labels": {code: words for code, words in labels.items() if words},
        "kind": form.get("kind", "neutral"),
        "requires": requirements_in(form),
    }


def _values(found: OutcomeDesk) -> dict[str, Any]:
    """What stands in the fields: what was typed; else what was given."""
    if found.draft or found.given is None:
        return dict(found.draft)
    zone = me().zone
    return {
        "outcome_id": str(found.given.outcome_id),
        "callback_at": wall_time(found.callback_at, zone),
        "task": found.task,
        "task_due_at": wall_time(found.task_due_at, zone),
        "deal_id": str(found.given.details.get("deal_id") or ""),
        "deal_step": found.given.details.get("deal_step", ""),
    }


def _note(interaction_id: int) -> str:
    with reading() as connection:
        found = interaction_queries.get(connection, interaction_id, today())
    return my_note(found) if found is not None else ""


def _currency() -> str:
    return currency_of(runtime().settings.default_region)


def _refused(error: ProductError) -> dict[str, Any]:
    problems: list[ProductError] = [error]
    if isinstance(error, Incomplete):
        problems = [Incomplete((one,)) for one in error.problems]
    told = [{"field": one.field, "message": words_of(one)} for one in problems]
    return {"message": words_of(error), "problems": told}
