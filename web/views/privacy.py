"""Data protection: what may be done with one person's data, how long things are kept, and what was
erased when.
"""

from __future__ import annotations

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

from callcenter.errors import Invalid, ProductError
from callcenter.privacy.retention import KINDS
from callcenter.queries import personal_data as queries
from callcenter.services import erasure, personal_data, retention
from web.access import allow
from web.context import me, reading, runtime
from web.errors import status_of
from web.outcome_forms import number_in
from web.service_words import words_of
from web.viewer import the_viewer

privacy = Blueprint("privacy", __name__)
PAGE = 50


@privacy.get("/customers/<int:customer_id>/data")
@allow()
def of_customer(customer_id: int) -> str:
    return _piece(customer_id)


@privacy.post("/customers/<int:customer_id>/data/export")
@allow()
def export(customer_id: int) -> ResponseReturnValue:
    try:
        personal_data.ask_export(
            customer_id,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _piece(customer_id, error), status_of(error)
    return _piece(customer_id)


@privacy.post("/personal-data/<int:job_id>")
@allow()
def take(job_id: int) -> ResponseReturnValue:
    """Once: a POST, since nobody may take it away by following a link."""
    try:
        path = personal_data.take_export(
            job_id,
            user_id=me().id,
            files=runtime().files,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        abort(status_of(error), words_of(error))
    name = f"personal-data-{job_id}.zip"
    response = send_file(
        path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@privacy.post("/customers/<int:customer_id>/data/hold")
@allow()
def hold(customer_id: int) -> ResponseReturnValue:
    try:
        personal_data.set_hold(
            customer_id,
            request.form.get("why", ""),
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _piece(customer_id, error), status_of(error)
    return _piece(customer_id)


@privacy.post("/customers/<int:customer_id>/data/erase")
@allow()
def erase(customer_id: int) -> ResponseReturnValue:
    with reading() as connection:
        found = queries.person_of(connection, customer_id)
    if found is None:
        abort(404)
    typed = " ".join(request.form.get("name", "").split())
    try:
        if typed.casefold() != found.word.casefold():
            raise Invalid("name", "is not the word to type")
        erasure.erase_customer(
            customer_id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
            plan_for=runtime().settings.number_plan_for,
            user_id=me().id,
        )
    except ProductError as error:
        return _piece(customer_id, error, asking="erase"), status_of(error)
    flash(_("Erased. What the law makes us keep stays without the person."))
    return "", 204, {"HX-Redirect": url_for("customers.page")}


@privacy.get("/settings/retention")
@allow("admin")
def page() -> str:
    return _page()


@privacy.post("/settings/retention")
@allow("admin")
def save() -> ResponseReturnValue:
    try:
        for kind in KINDS:
            if kind in request.form:
                retention.set_rule(
                    kind,
                    number_in(request.form, kind),
                    user_id=me().id,
                    unit_of_work=runtime().unit_of_work,
                    clock=runtime().clock,
                )
    except ProductError as error:
        return _page(error), status_of(error)
    flash(_("Saved. It is kept to from tonight on."))
    return redirect(url_for("privacy.page"))


def _piece(customer_id: int, error: ProductError | None = None, asking: str = "") -> str:
    viewer = the_viewer()
    with reading() as connection:
        found = queries.person_of(connection, customer_id)
        jobs = queries.jobs_of(connection, customer_id)
    if found is None:
        abort(404)
    return render_template(
        "privacy/piece.html",
        customer_id=customer_id,
        person=found,
        jobs=jobs,
        me_id=me().id,
        may=viewer.may,
        asking=asking or request.args.get("ask", ""),
        typed=request.form if error else {},
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _page(error: ProductError | None = None) -> str:
    with reading() as connection:
        kept = queries.retention(connection)
        erased = queries.erasures(connection, request.args.get("cursor"), PAGE)
    return render_template(
        "privacy/page.html",
        kinds=KINDS,
        kept=request.form if error else kept,
        erased=erased.items,
        next_cursor=erased.next_cursor,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )
