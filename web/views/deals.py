"""Deals on a customer's card: add one, its next step and stage, won or lost."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.queries import customers as customer_queries
from callcenter.queries import deals as deal_queries
from callcenter.queries.deals import DealFilters
from callcenter.sales.deal import DealDraft
from web import actions
from web.access import allow
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.outcome_forms import currency_of, day_in, minor_in, number_in
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

deals = Blueprint("deals", __name__, url_prefix="/deals")
MOST = 50


@deals.get("/of/<int:customer_id>")
@allow()
def of_customer(customer_id: int) -> str:
    return _list(customer_id)


@deals.post("/of/<int:customer_id>")
@allow()
def add(customer_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        draft = DealDraft(
            customer_id=customer_id,
            title=form.get("title", ""),
            amount_minor=minor_in(form, "amount"),
            currency=currency_of(runtime().settings.default_region),
            next_step=form.get("next_step", ""),
            next_step_on=day_in(form, "next_step_on"),
            owner_id=me().id,
        )
        actions.create_deal(draft, me().id)
    except ProductError as error:
        return _list(customer_id, error), status_of(error)
    return _list(customer_id)


@deals.post("/<int:deal_id>")
@allow()
def change(deal_id: int) -> ResponseReturnValue:
    with reading() as connection:
        found = deal_queries.get(connection, deal_id, today())
    if found is None or found.customer is None:
        abort(404)
    try:
        version = number_in(request.form, "version") or found.version
        actions.update_deal(deal_id, _changes(), version, me().id)
    except ProductError as error:
        return _list(found.customer.id, error, deal_id), status_of(error)
    return _list(found.customer.id)


def _changes() -> dict[str, Any]:
    form = request.form
    changes: dict[str, Any] = {
        name: form[name]
        for name in ("title", "stage", "state", "next_step", "loss_reason")
        if name in form
    }
    if "next_step_on" in form:
        changes["next_step_on"] = day_in(form, "next_step_on")
    if "amount" in form:
        changes["amount_minor"] = minor_in(form, "amount")
    return changes


def _list(customer_id: int, error: ProductError | None = None, deal_id: int = 0) -> str:
    with reading() as connection:
        if customer_queries.card(connection, customer_id, today()) is None:
            abort(404)
        filters = DealFilters(customer_id=customer_id)
        found = deal_queries.page(
            connection, filters, None, MOST, today(), viewer=the_viewer()
        ).items
    return render_template(
        "deals/list.html",
        customer_id=customer_id,
        deals=sorted(found, key=lambda deal: deal.state != "open"),
        editing=deal_id or request.args.get("edit", type=whole_number),
        adding=bool(request.args.get("add")) or (error is not None and not deal_id),
        typed=request.form if error else {},
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )
