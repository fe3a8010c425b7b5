"""Call scripts: the script's piece of the desk, gone through answer by answer."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.queries import scripts as script_queries
from callcenter.scripts.placeholders import fill
from web import actions
from web.access import allow
from web.context import me, reading, today
from web.errors import status_of
from web.presentation import money, phone
from web.service_words import words_of

scripts = Blueprint("scripts", __name__, url_prefix="/scripts")


@scripts.get("/desk/<int:interaction_id>")
@allow()
def desk(interaction_id: int) -> str:
    return _desk(interaction_id)


@scripts.post("/desk/<int:interaction_id>/answer")
@allow()
def answer(interaction_id: int) -> ResponseReturnValue:
    step, given = request.form.get("step", "")[:80], request.form.get("answer", "")
    try:
        actions.answer_step(interaction_id, step, given, me().id)
    except ProductError as error:
        return _desk(interaction_id, words_of(error), given), status_of(error)
    return _desk(interaction_id)


@scripts.post("/desk/<int:interaction_id>/back")
@allow()
def back(interaction_id: int) -> ResponseReturnValue:
    try:
        actions.step_back(interaction_id, me().id)
    except ProductError as error:
        return _desk(interaction_id, words_of(error)), status_of(error)
    return _desk(interaction_id)


def _desk(interaction_id: int, problem: str = "", typed: str = "") -> str:
    with reading() as connection:
        found = script_queries.desk(connection, interaction_id, me().id, today())
    if found is None:
        if problem:
            abort(404)
        return ""
    values = {**found.values, "operator.name": me().display_name}
    values["call.number"] = phone(values["call.number"])
    amount, currency = found.owes
    if amount:
        values["customer.owes"] = money(amount, currency)
    step = found.position.step
    return render_template(
        "scripts/desk.html",
        interaction_id=interaction_id,
        script=found.stored.script,
        position=found.position,
        step=step,
        parts=fill(step.text, values) if step is not None else (),
        answers=found.run.answers if found.run else {},
        typed=typed,
        problem=problem,
    )
