"""A customer's orders, invoices, payments and visits on the card, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.queries import showing
from callcenter.queries import trade as queries
from callcenter.services import trade as services
from callcenter.trade.figures import overdue_days
from callcenter.trade.records import KINDS, Kind
from web.access import allow
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.outcome_forms import currency_of, day_in, minor_in, moment_in, number_in
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

trade = Blueprint("trade", __name__)
_CHART_WIDTH, _CHART_HEIGHT, _GAP = 100, 48, 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """A month's turnover; lengths in per cent across and pixels down."""

    month: date
    amount_minor: int
    x: float
    width: float
    height: float


@trade.get("/customers/<int:customer_id>/figures")
@allow()
def figures(customer_id: int) -> str:
    day = today()
    with reading() as connection:
        found = queries.figures_of(connection, customer_id, day)
        currency = found.figures.currency
        months = queries.turnover_by_month(connection, customer_id, currency, day)
        seen = showing.shown(connection, the_viewer(), found)
    open_to = the_viewer().sees("account", "amounts")
    return render_template(
        "trade/figures.html",
        customer_id=customer_id,
        view=seen,
        debt_days=overdue_days(seen.figures.overdue_since, day),
        bars=_bars(months, day) if open_to else (),
        sees_amounts=open_to,
    )


@trade.get("/customers/<int:customer_id>/accounts")
@allow()
def of_customer(customer_id: int) -> str:
    return _list(customer_id, _kind(request.args.get("kind", "invoice")))


@trade.post("/customers/<int:customer_id>/accounts/<kind>")
@allow()
def add(customer_id: int, kind: str) -> ResponseReturnValue:
    which = _kind(kind)
    try:
        services.save_record(
            which,
            customer_id,
            _values(which),
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _list(customer_id, which, error), status_of(error)
    shown: Kind = "invoice" if which == "payment" and request.form.get("invoice_id") else which
    return _list(customer_id, shown), 200, {"HX-Trigger": "records-changed"}


@trade.post("/accounts/<kind>/<int:record_id>/cancel")
@allow()
def cancel(kind: str, record_id: int) -> ResponseReturnValue:
    which = _kind(kind)
    with reading() as connection:
        found = queries.get(connection, which, record_id, today(), the_viewer())
    if found is None:
        abort(404)
    try:
        services.cancel_record(
            which,
            record_id,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _list(found.customer_id, which, error), status_of(error)
    return _list(found.customer_id, which), 200, {"HX-Trigger": "records-changed"}


def _kind(text: str) -> Kind:
    if text not in KINDS:
        abort(404)
    return text


def _values(kind: Kind) -> dict[str, Any]:
    """What was typed; empty fields of a choice stay out."""
    form = request.form
    values: dict[str, Any] = {"number": form.get("number", "")}
    if kind == "visit":
        at = moment_in(form, "at", me().zone)
        return values | {"at": at, "place": form.get("place", ""), "note": form.get("note", "")}
    values |= {
        "amount_minor": minor_in(form, "amount_minor"),
        "currency": form.get("currency") or currency_of(runtime().settings.default_region),
    }
    if kind == "order":
        return values | {"title": form.get("title", ""), "placed_on": day_in(form, "placed_on")}
    if kind == "invoice":
        return values | {"issued_on": day_in(form, "issued_on"), "due_on": day_in(form, "due_on")}
    return values | _payment(form)


def _payment(form: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "paid_on": day_in(form, "paid_on"),
        "method": form.get("method", ""),
        "invoice_number": form.get("invoice_number", ""),
    }
    invoice_id = number_in(form, "invoice_id")
    return values | ({"invoice_id": invoice_id} if invoice_id is not None else {})


def _list(customer_id: int, kind: Kind, error: ProductError | None = None) -> str:
    with reading() as connection:
        if not queries.is_there(connection, customer_id, the_viewer()):
            abort(404)
        found = queries.of_customer(connection, kind, customer_id, today())
        records = showing.shown(connection, the_viewer(), found)
    return render_template(
        "trade/list.html",
        customer_id=customer_id,
        kind=kind,
        records=records,
        adding=bool(request.args.get("add")) or error is not None,
        paying=request.args.get("pay", type=whole_number),
        sure=request.args.get("sure", type=whole_number),
        typed=request.form if error else {},
        currency=currency_of(runtime().settings.default_region),
        today=today(),
        may=the_viewer().may,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _bars(months: tuple[tuple[int, int, int], ...], day: date) -> tuple[Bar, ...]:
    """The last twelve months, those without a purchase left empty."""
    made = {(year, month): total for year, month, total in months}
    last = day.year * 12 + day.month - 1
    wanted = [divmod(index, 12) for index in range(last - 11, last + 1)]
    amounts = [(year, month + 1, made.get((year, month + 1), 0)) for year, month in wanted]
    most = max((total for *_, total in amounts), default=0)
    width = _CHART_WIDTH / len(amounts)
    return tuple(
        Bar(
            month=date(year, month, 1),
            amount_minor=total,
            x=round(place * width, 2),
            width=round(width * (1 - _GAP), 2),
            height=round(_CHART_HEIGHT * total / most, 1),
        )
        for place, (year, month, total) in enumerate(amounts)
        if most
    )
