"""Cards that began by themselves with a call: confirm them, or say that it is somebody we know."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.errors import ProductError
from callcenter.queries import first_contacts as queries
from web import people_actions
from web.access import allow
from web.context import me, reading, today
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

first_contacts = Blueprint("first_contacts", __name__, url_prefix="/customers/unconfirmed")
PAGE = 30


@first_contacts.get("")
@allow()
def page() -> str:
    return _list()


@first_contacts.post("/<int:customer_id>/confirm")
@allow()
def confirm(customer_id: int) -> ResponseReturnValue:
    try:
        people_actions.confirm_customer(customer_id, me().id)
    except ProductError as error:
        return _list(words_of(error)), status_of(error)
    if request.form.get("back") == "card":
        return redirect(url_for("customers.card", customer_id=customer_id))
    flash(_("The card is confirmed."))
    return redirect(url_for("first_contacts.page"))


@first_contacts.post("/<int:customer_id>/link")
@allow()
def link(customer_id: int) -> ResponseReturnValue:
    known_id = request.form.get("known_id", type=whole_number)
    if known_id is None:
        abort(400)
    try:
        people_actions.link_first_contact(customer_id, known_id, me().id)
    except ProductError as error:
        return _list(words_of(error)), status_of(error)
    flash(_("Number and contacts belong to the card you chose now."))
    return redirect(url_for("customers.card", customer_id=known_id))


@first_contacts.get("/<int:customer_id>/known")
@allow()
def known(customer_id: int) -> str:
    """Whom the new card may be: found as one types."""
    text = request.args.get("q", "").strip()[:80]
    with reading() as connection:
        found = queries.may_be(connection, text, customer_id, today(), the_viewer())
    return render_template("customers/known.html", found=found, customer_id=customer_id, text=text)


def _list(problem: str = "") -> str:
    with reading() as connection:
        listed = queries.page(connection, request.args.get("cursor"), PAGE, today(), the_viewer())
    more = request.headers.get("HX-Target") == "more"
    return render_template(
        "customers/unconfirmed_rows.html" if more else "customers/unconfirmed.html",
        items=listed.items,
        next_cursor=listed.next_cursor,
        problem=problem,
    )
