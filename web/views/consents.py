"""What a customer allowed or forbade us, on their card: how it stands, and every word of it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.customers.consents import ConsentChannel, ConsentDraft, current
from callcenter.errors import ProductError
from callcenter.queries import consents as queries
from web import people_actions
from web.access import allow
from web.context import me, reading
from web.errors import status_of
from web.outcome_forms import day_in
from web.service_words import words_of

consents = Blueprint("consents", __name__, url_prefix="/customers/<int:customer_id>/consents")


@consents.get("")
@allow()
def of_customer(customer_id: int) -> str:
    return _panel(customer_id)


@consents.post("")
@allow()
def add(customer_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        day = day_in(form, "day")
        draft = ConsentDraft(
            channel=cast("ConsentChannel", form.get("channel", "")),
            given=form.get("given") == "yes",
            source=form.get("source", ""),
            note=form.get("note", ""),
            at=datetime.combine(day, time(), me().zone).astimezone(UTC) if day else None,
        )
        people_actions.add_consent(customer_id, draft, me().id)
    except ProductError as error:
        return _panel(customer_id, words_of(error)), status_of(error)
    return _panel(customer_id)


def _panel(customer_id: int, problem: str = "") -> str:
    with reading() as connection:
        told = queries.of_customer(connection, customer_id)
    return render_template(
        "customers/consents.html",
        customer_id=customer_id,
        current=current(told),
        told=told,
        problem=problem,
        typed=request.form if problem else {},
    )
