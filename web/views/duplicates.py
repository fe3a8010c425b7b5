"""Cards that may be one person's: the list, two of them side by side, joining and parting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.duplicates.joining import CHOICES, LISTS, TEXTS
from callcenter.duplicates.pair import PairState
from callcenter.errors import ProductError
from callcenter.queries import duplicates as queries
from callcenter.services import duplicates as services
from callcenter.services import merging
from web.access import allow
from web.context import me, reading, runtime, today
from web.customer_forms import customer_values
from web.errors import status_of
from web.history_words import REASONS, Words
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

duplicates = Blueprint("duplicates", __name__)
ROWS = 40


@duplicates.get("/duplicates")
@allow()
def page() -> str:
    state: PairState = "distinct" if request.args.get("state") == "distinct" else "open"
    cursor = request.args.get("cursor")
    with reading() as connection:
        found = queries.page(
            connection, the_viewer(), state, cursor=cursor, limit=ROWS, today=today()
        )
        search = queries.search(connection)
    more = request.headers.get("HX-Target") == "more"
    return render_template(
        "duplicates/rows.html" if more else "duplicates/page.html",
        pairs=found.items,
        next_cursor=found.next_cursor,
        state=state,
        search=search,
        REASONS=REASONS,
    )


@duplicates.post("/duplicates/search")
@allow("supervisor", "admin")
def search() -> ResponseReturnValue:
    """The search itself is the worker's; it is told of by the bus."""
    try:
        services.begin_search(user_id=me().id, **_store())
    except ProductError as error:
        flash(words_of(error), "refused")
    else:
        flash(_("The search has begun. What it finds will stand here; reload now and then."))
    return redirect(url_for("duplicates.page"))


@duplicates.post("/duplicates/decide")
@allow()
def decide() -> ResponseReturnValue:
    state: PairState = "open" if request.form.get("state") == "open" else "distinct"
    try:
        services.decide(_id("a"), _id("b"), state, user_id=me().id, **_store())
    except ProductError as error:
        return _problem(error)
    if state == "distinct":
        flash(_("Noted: two people. Nobody will be asked again."))
    return redirect(url_for("duplicates.page"))


@duplicates.post("/duplicates/likely")
@allow()
def likely() -> str:
    """While a new card is typed in: who is there already that may be meant."""
    values = customer_values(request.form)
    typed = services.Typed(
        name=values["display_name"] or f"{values['given_name']} {values['family_name']}",
        city=values["city"],
        organization=values["organization"],
        phones=tuple(row["number"] for row in values["phones"] if row.get("number")),
        emails=tuple(
            row["value"] for row in values.get("contacts", ()) if row.get("kind") == "email"
        )
        or tuple(filter(None, [values.get("email", "")])),
    )
    found = services.likely_typed(
        typed,
        user_id=me().id,
        unit_of_work=runtime().unit_of_work,
        plan=runtime().settings.number_plan,
    )
    return render_template("duplicates/likely.html", found=found, REASONS=REASONS)


@duplicates.get("/duplicates/compare")
@allow()
def compare() -> str:
    return _compare(_id("a"), _id("b"))


def _compare(a_id: int, b_id: int, problem: str = "", typed: Any = None) -> str:
    """`a` is the card that stays."""
    with reading() as connection:
        found = queries.comparison(connection, the_viewer(), a_id, b_id, today())
        if found is None:
            abort(404)
        words = Words(connection, found.names)
    return render_template(
        "duplicates/compare.html",
        found=found,
        words=words,
        problem=problem,
        typed=typed or {},
        LISTS=LISTS,
        TEXTS=TEXTS,
    )


@duplicates.post("/duplicates/merge")
@allow()
def merge() -> ResponseReturnValue:
    a_id, b_id = _id("a"), _id("b")
    choices = {
        name.removeprefix("field."): value
        for name, value in request.form.items()
        if name.startswith("field.") and value in CHOICES
    }
    try:
        merging.merge(a_id, b_id, choices, user_id=me().id, **_telling())
    except ProductError as error:
        return _compare(a_id, b_id, words_of(error), choices), status_of(error)
    flash(_("One card now. All contacts of both stand on it; it can be taken back below."))
    return redirect(url_for("customers.card", customer_id=a_id))


@duplicates.post("/merges/<int:merge_id>/undo")
@allow()
def unmerge(merge_id: int) -> ResponseReturnValue:
    try:
        found = merging.unmerge(merge_id, user_id=me().id, **_telling())
    except ProductError as error:
        return _problem(error)
    if found.stayed:
        flash(_("Two cards again. What was changed or came since then stayed on this one."))
    else:
        flash(_("Two cards again, each as it was. What came since then stayed on this one."))
    return redirect(url_for("customers.card", customer_id=found.survivor_id))


@duplicates.get("/customers/<int:customer_id>/duplicates")
@allow()
def banner(customer_id: int) -> str:
    """For the card: who else this may be, and what was joined into it."""
    with reading() as connection:
        found = queries.of_customer(connection, the_viewer(), customer_id, today())
        joined = queries.merges_of(connection, customer_id)
    return render_template(
        "duplicates/banner.html",
        customer_id=customer_id,
        pairs=found,
        merges=joined,
        REASONS=REASONS,
    )


def _problem(error: ProductError) -> ResponseReturnValue:
    return render_template("history/refused.html", problem=words_of(error)), status_of(error)


def _id(name: str) -> int:
    found = request.values.get(name, type=whole_number)
    if found is None:
        abort(400)
    return found


def _store() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}


def _telling() -> dict[str, Any]:
    return {**_store(), "publisher": runtime().bus}
