"""Words and looks of records, figures and classes, and what their services say when they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from callcenter.trade.classes import Classes
from web.presentation import Look

KINDS: Mapping[str, Look] = {
    "invoice": Look("calm", "receipt", _l("Invoices")),
    "order": Look("calm", "package", _l("Orders")),
    "payment": Look("calm", "credit-card", _l("Payments")),
    "visit": Look("calm", "map-pin", _l("Visits")),
}
ADD: Mapping[str, Any] = {
    "invoice": _l("Add invoice"),
    "order": _l("Add order"),
    "payment": _l("Add payment"),
    "visit": _l("Add visit"),
}
EMPTY: Mapping[str, Any] = {
    "invoice": _l("No invoices."),
    "order": _l("No orders."),
    "payment": _l("No payments."),
    "visit": _l("No visits."),
}
ORDER_STATES: Mapping[str, Look] = {
    "open": Look("talking", "circle-dot", _lp("state", "Open")),
    "shipped": Look("wrap", "package", _l("Shipped")),
    "closed": Look("ok", "circle-check", _lp("state", "Closed")),
    "cancelled": Look("offline", "circle-x", _l("Cancelled")),
}
ABC: Mapping[str, Any] = {
    "A": _l("Among those who make 80 % of our turnover"),
    "B": _l("Among those who make the next 15 % of our turnover"),
    "C": _l("Among those who make the last 5 % of our turnover"),
}
KNOWN: tuple[tuple[str, Any], ...] = (
    (r"must not be empty", _l("This must not be empty.")),
    (r"must be more than 0", _l("More than 0, please.")),
    (
        r"must lie between the years (?P<first>\d+) and (?P<last>\d+)",
        _l("A year from %(first)s to %(last)s, please."),
    ),
    (
        r"another customer has a record with this number",
        _l("Another customer has a record with this number."),
    ),
    (r"the invoice is in (?P<currency>\w+)", _l("The invoice is in %(currency)s.")),
    (r"(this invoice|this record) was cancelled", _l("It was cancelled meanwhile.")),
    (r"there is no invoice with the number (?P<number>.+)", _l("There is no invoice %(number)s.")),
    (
        r"several invoices have the number (?P<number>.+)",
        _l("Several invoices have the number %(number)s."),
    ),
    (r"there is no (invoice|order|payment|visit) \d+", _l("It is not there any more.")),
    (
        r"payments and their invoice must be in one currency",
        _l("Payments and their invoice must be in one currency."),
    ),
)


def rfm_words(classes: Classes) -> str:
    """A customer in a phrase, from recency and the better of frequency and money. The usual names
    of such tables; the scores stand beside them."""
    if not classes.rfm_r:
        return ""
    worth = max(classes.rfm_f, classes.rfm_m)
    if classes.rfm_r >= 4:
        told = _("Buys often or much, and lately") if worth >= 4 else _("Bought lately, little yet")
    elif classes.rfm_r == 3:
        told = _("Dear, and not here for a while") if worth >= 4 else _("Neither lately nor much")
    else:
        told = _("Was dear, and is getting lost") if worth >= 4 else _("Has not bought for long")
    return str(told)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        RECORD_KINDS=KINDS,
        RECORD_ADD=ADD,
        RECORD_EMPTY=EMPTY,
        ORDER_STATES=ORDER_STATES,
        ABC_WORDS=ABC,
        rfm_words=rfm_words,
    )
