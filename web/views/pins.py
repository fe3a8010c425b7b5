"""The PIN by which a customer proves on the phone who they are: set, shown once, taken away."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.services import identification as services
from web.access import allow
from web.context import me, runtime
from web.errors import status_of
from web.service_words import words_of

pins = Blueprint("pins", __name__, url_prefix="/customers/<int:customer_id>/pin")


@pins.get("")
@allow()
def of_customer(customer_id: int) -> str:
    return _panel(customer_id)


@pins.post("")
@allow()
def save(customer_id: int) -> ResponseReturnValue:
    """A given PIN, or one that is made here and shown this once."""
    given = request.form.get("pin", "").strip()[:32]
    try:
        made = services.set_pin(customer_id, given or None, **_who())
    except ProductError as error:
        return _panel(customer_id, problem=words_of(error)), status_of(error)
    return _panel(customer_id, made="" if given else made, saved=True)


@pins.post("/unlock")
@allow()
def unlock(customer_id: int) -> ResponseReturnValue:
    services.unlock_pin(customer_id, **_who())
    return _panel(customer_id)


@pins.post("/remove")
@allow()
def remove(customer_id: int) -> ResponseReturnValue:
    services.remove_pin(customer_id, **_who())
    return _panel(customer_id)


def _panel(customer_id: int, *, problem: str = "", made: str = "", saved: bool = False) -> str:
    with runtime().unit_of_work() as uow:
        pin, number = uow.pins.of(customer_id), uow.pins.number_of(customer_id)
    now = runtime().clock.now()
    locked = pin is not None and pin.locked_until is not None and pin.locked_until > now
    return render_template(
        "customers/pin.html",
        customer_id=customer_id,
        pin=pin,
        number=number,
        locked=locked,
        problem=problem,
        made=made,
        saved=saved,
        shortest=services.SHORTEST,
        longest=services.LONGEST,
    )


def _who() -> services.Who:
    return {
        "user_id": me().id,
        "unit_of_work": runtime().unit_of_work,
        "clock": runtime().clock,
    }
