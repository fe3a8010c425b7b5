"""Calibration rounds: begun from a contact, taken part in blind, closed and compared."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.queries import calibrations as queries
from callcenter.services.calibrations import CalibrationDesk
from web import assessment_forms as forms
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer

calibrations = Blueprint("calibrations", __name__, url_prefix="/quality/calibrations")
_PAGE = 30


@calibrations.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _list()


@calibrations.post("")
@allow("supervisor", "admin")
def begin() -> ResponseReturnValue:
    form = request.form
    people = [found for one in form.getlist("assessors") if (found := forms.record_id(one))]
    try:
        made = _desk().begin(
            forms.record_id(form.get("interaction_id", "")) or 0,
            forms.record_id(form.get("card_id", "")) or 0,
            form.get("title", ""),
            people,
        )
    except ProductError as error:
        return _list(words_of(error)), status_of(error)
    flash(_("The round is open. Each answers alone; the answers are shown when it is closed."))
    return redirect(url_for("calibrations.one", round_id=made))


@calibrations.get("/<int:round_id>")
@allow("supervisor", "admin")
def one(round_id: int) -> str:
    return _one(round_id)


@calibrations.post("/<int:round_id>/take")
@allow("supervisor", "admin")
def take_part(round_id: int) -> ResponseReturnValue:
    try:
        made = _desk().take_part(round_id)
    except ProductError as error:
        return _one(round_id, words_of(error)), status_of(error)
    return redirect(url_for("assessments.one", assessment_id=made))


@calibrations.post("/<int:round_id>/close")
@allow("supervisor", "admin")
def close(round_id: int) -> ResponseReturnValue:
    try:
        _desk().close(round_id)
    except ProductError as error:
        return _one(round_id, words_of(error)), status_of(error)
    return redirect(url_for("calibrations.one", round_id=round_id))


def _desk() -> CalibrationDesk:
    return CalibrationDesk(
        unit_of_work=runtime().unit_of_work,
        clock=runtime().clock,
        publisher=runtime().bus,
        user_id=me().id,
    )


def _one(round_id: int, refused: str = "") -> str:
    with reading() as connection:
        found = queries.one(connection, round_id, the_viewer())
    if found is None:
        abort(404)
    return render_template(
        "assessments/calibration.html",
        view=found,
        refused=refused,
        takes_part=me().id in found.round.assessor_ids,
        leads=the_viewer().may("quality", "change"),
    )


def _list(refused: str = "") -> str:
    with reading() as connection:
        found = queries.page(connection, the_viewer(), request.args.get("cursor"), _PAGE)
    return render_template("assessments/calibrations.html", found=found, refused=refused)
